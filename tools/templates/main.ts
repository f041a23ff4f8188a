import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RollcallError } from '../../core/errors';
import { apps, type CdkApp, synthesize } from './apps';
import { cfnLint } from './cfn-lint';

/**
 * `npm run lint:templates`: synthesizes every app of the repository and has cdk-nag and cfn-lint look at each template. Ends
 * with 1 where either found something that nobody has acknowledged.
 */
async function main(wanted: readonly string[]): Promise<number> {
  const chosen = apps.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-templates-'));
  try {
    let found = wanted.length === 0 ? lintRoles() : 0;
    for (const app of chosen) found += await lint(app, join(directory, app.name));
    return found === 0 ? 0 : 1;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The template that lets GitHub's workflows deploy. */
function lintRoles(): number {
  const linted = cfnLint([join(__dirname, '..', '..', '.github', 'aws-roles.yaml')]);
  console.log(`.github/aws-roles.yaml: cfn-lint ${linted.length}`);
  for (const line of linted) console.log(`  ${line}`);
  return linted.length;
}

/** @returns how much was found. */
async function lint(app: CdkApp, outDir: string): Promise<number> {
  const { templates, findings } = await synthesize(app, outDir);
  const linted = cfnLint(templates);
  const templateCount = `${templates.length} ${templates.length === 1 ? 'template' : 'templates'}`;
  console.log(`${app.name}: ${templateCount}, cdk-nag ${findings.length}, cfn-lint ${linted.length}`);
  for (const { rule, construct } of findings) console.log(`  ${rule} ${construct}`);
  for (const line of linted) console.log(`  ${line}`);
  return findings.length + linted.length;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof RollcallError ? error.message : error);
    process.exit(1);
  },
);
