import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { addChecks } from '../../../bin/checked-app';

const outdir = mkdtempSync(join(tmpdir(), 'rollcall-checked-'));
afterAll(() => rmSync(outdir, { recursive: true }));

/** The rules that find something in a bucket. */
function found(acknowledgedRules: readonly string[] = []): readonly string[] {
  const app = new App({ outdir, context: { '@aws-cdk/core:validateAgainstDefaultRules': false } });
  addChecks(app);
  const bucket = new Bucket(new Stack(app, 'Stack'), 'Bucket', { enforceSSL: true });
  for (const id of acknowledgedRules) Validations.of(bucket).acknowledge({ id, reason: 'a test' });
  const said = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  try {
    app.synth();
  } catch (error) {
    expect(String(error)).toContain('ValidationFailed');
  } finally {
    said.mockRestore();
  }
  const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
  return pluginReports.flatMap(({ violations }: { violations: { ruleName: string }[] }) =>
    violations.map(({ ruleName }) => ruleName),
  );
}

test('given something that cdk-nag objects to, then it is found', () => {
  expect(found()).toEqual(['AwsSolutions-S1']);
});

test('given that it was acknowledged, then it is not', () => {
  expect(found(['AwsSolutions-S1'])).toEqual([]);
});
