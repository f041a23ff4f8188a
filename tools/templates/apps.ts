import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RollcallError } from '../../core/errors';

/** An app that CDK cannot synthesize; carries what was said. */
export class AppNotSynthesized extends RollcallError {}

/** A CDK app of this repository that has to be ready for an account at any time. */
export interface CdkApp {
  readonly name: string;
  /** Where its `cdk.json` is, from the root of the repository. */
  readonly directory: string;
  /** Further words for `cdk synth`. */
  readonly words?: readonly string[];
}

/** The three examples, and what `npx cdk deploy` deploys, with and without an environment. */
export const apps: readonly CdkApp[] = [
  { name: 'smallest', directory: 'examples/cdk/smallest' },
  { name: 'own-domain', directory: 'examples/cdk/own-domain' },
  { name: 'environments', directory: 'examples/cdk/environments' },
  { name: 'rollcall', directory: '.' },
  ...['dev', 'stage', 'prod'].map((name) => ({
    name: `rollcall-${name}`,
    directory: '.',
    words: ['-c', `environment=${name}`],
  })),
];

/** A finding of cdk-nag or of CDK itself that nobody has acknowledged. */
export interface Finding {
  readonly rule: string;
  readonly construct: string;
}

export interface Synthesis {
  readonly templates: readonly string[];
  readonly findings: readonly Finding[];
}

const root = join(__dirname, '..', '..');
const run = promisify(execFile);

/**
 * Synthesizes an app as its `cdk.json` says.
 * @param outDir takes the assembly
 * @throws AppNotSynthesized where there is no assembly in the end
 */
export async function synthesize(
  { name, directory, words = [] }: CdkApp,
  outDir: string,
): Promise<Synthesis> {
  const cdk = join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  const args = [cdk, 'synth', '--quiet', '--no-notices', '--output', outDir, ...words];
  const said = await run(process.execPath, args, { cwd: join(root, directory) }).then(
    () => '',
    // A finding that is an error ends the synthesis, and is in the report.
    (error: { stderr?: string }) => String(error.stderr),
  );
  const templates = existsSync(outDir)
    ? filesIn(outDir).filter((path) => path.endsWith('.template.json'))
    : [];
  const findings = reportsIn(outDir).flatMap(findingsOf);
  if (templates.length === 0 || (said !== '' && findings.length === 0)) {
    throw new AppNotSynthesized(`${name} could not be synthesized: ${said}`);
  }
  return { templates, findings };
}

const filesIn = (directory: string): readonly string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((path) => join(directory, path));

const reportsIn = (directory: string): readonly string[] =>
  existsSync(directory) ? filesIn(directory).filter((path) => path.endsWith('validation-report.json')) : [];

interface Report {
  readonly pluginReports: readonly {
    readonly violations: readonly {
      readonly ruleName: string;
      readonly violatingConstructs: readonly { readonly constructPath: string }[];
    }[];
  }[];
}

function findingsOf(path: string): readonly Finding[] {
  const { pluginReports } = JSON.parse(readFileSync(path, 'utf8')) as Report;
  return pluginReports
    .flatMap(({ violations }) => violations)
    .flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => ({ rule: ruleName, construct: constructPath })),
    );
}
