import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RollcallError } from '../../core/errors';
import { type PlantedBug, plantedBugs } from './bugs';
import { type Caught, table } from './table';

const root = join(__dirname, '..', '..');
const seeds = 100;
/** The suites nearest to a bug, of those that need neither a running system nor a browser. */
const suitesFor = ({ file }: PlantedBug): string =>
  file.startsWith('adapters/') ? 'test/contract/' : 'test/(core|lambdas|client)/';
const notCopied = new Set(['node_modules', 'cdk.out', '.git']);

/** Plants each bug in a copy of the project, and looks who notices. */
function main(words: readonly string[]): number {
  const wanted = plantedBugs.filter(({ name }) => words.every((word) => name.includes(word)));
  const copy = mkdtempSync(join(tmpdir(), 'rollcall-planted-'));
  try {
    cpSync(root, copy, { recursive: true, filter: (path) => !notCopied.has(path.slice(root.length + 1)) });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    const caught = wanted.map((planted) => judged(planted, copy));
    if (wanted.length === plantedBugs.length) {
      writeFileSync(join(root, 'docs', 'PLANTED-BUGS.md'), table(caught, seeds));
    }
    return caught.every(({ by }) => by !== undefined) ? 0 : 1;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function judged(planted: PlantedBug, copy: string): Caught {
  const path = join(copy, planted.file);
  const sound = readFileSync(path, 'utf8');
  writeFileSync(path, withBug(sound, planted));
  try {
    // The simulator runs on the memory adapters.
    const by = planted.file.startsWith('adapters/aws/')
      ? bySuites(planted, copy)
      : (bySimulator(copy) ?? bySuites(planted, copy));
    console.log(`${planted.name}: ${by ?? 'NOT CAUGHT'}`);
    return { planted, by };
  } finally {
    writeFileSync(path, sound);
  }
}

/** @throws RollcallError when the code has moved on and the bug no longer fits */
function withBug(text: string, { name, find, replace }: PlantedBug): string {
  const found = text.split(find).length - 1;
  if (found !== 1)
    throw new RollcallError(`${name}: what it replaces is there ${found} times`, { expected: 1 });
  return text.replace(find, () => replace);
}

function bySimulator(copy: string): string | undefined {
  const command = ['--import', 'tsx', 'test/simulation/main.ts', '--seeds', String(seeds), '--stop'];
  const { stdout } = spawnSync(process.execPath, command, { cwd: copy, encoding: 'utf8' });
  const [, after, invariant] = /^Failed after (\d+) seeds?: (.+)$/m.exec(stdout) ?? [];
  return after === undefined
    ? undefined
    : `the simulator, ${invariant}, after ${after} seed${after === '1' ? '' : 's'}`;
}

function bySuites(planted: PlantedBug, copy: string): string | undefined {
  const report = join(copy, 'report.json');
  const jest = join('node_modules', 'jest', 'bin', 'jest.js');
  const wanted = ['--selectProjects', 'unit', '--testPathPatterns', suitesFor(planted)];
  // Neither the report of the bug before, nor output that is more than a parent takes, after which jest would be killed.
  rmSync(report, { force: true });
  const command = [jest, ...wanted, '--json', `--outputFile=${report}`];
  spawnSync(process.execPath, command, { cwd: copy, stdio: 'ignore' });
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as { testResults: readonly Result[] };
  const failed = testResults.find(({ status }) => status === 'failed');
  if (failed === undefined) return undefined;
  const assertion = failed.assertionResults.find(({ status }) => status === 'failed');
  return `\`${failed.name.slice(copy.length + 1)}\`, “${assertion?.fullName ?? 'it does not load'}”`;
}

interface Result {
  readonly name: string;
  readonly status: string;
  readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
}

process.exit(main(process.argv.slice(2)));
