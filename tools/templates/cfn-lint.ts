import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { RollcallError } from '../../core/errors';

/** cfn-lint is not there, or cannot run. */
export class NoCfnLint extends RollcallError {}

const config = join(__dirname, '..', '..', '.cfnlintrc.yaml');

/**
 * What cfn-lint finds in templates, one sentence each.
 * @throws NoCfnLint
 */
export function cfnLint(templates: readonly string[]): readonly string[] {
  const program = process.env.CFN_LINT ?? 'cfn-lint';
  const { status, stdout, stderr, error } = spawnSync(
    program,
    ['--config-file', config, '--format', 'parseable', ...templates],
    { encoding: 'utf8', maxBuffer: 64 * 1_024 * 1_024 },
  );
  if (error !== undefined) {
    throw new NoCfnLint('Install cfn-lint (pip install cfn-lint), or name it in CFN_LINT.', {
      actual: error.message,
    });
  }
  const findings = stdout.split('\n').filter((line) => line.trim() !== '');
  // It ends with 2 for errors, 4 for warnings and 8 for remarks, added up, and with 1 where it could not run.
  if (status === 1 || (status !== 0 && findings.length === 0)) {
    throw new NoCfnLint(`cfn-lint ended with ${status}: ${stderr}`);
  }
  return findings;
}
