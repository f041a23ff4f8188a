import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assemblyFor } from '../../local/assemblies';
import { localSettings } from '../../local/local-settings';
import { optionsFrom } from '../../local/options';
import { lastRelease, pack } from './archive';

const root = join(__dirname, '..', '..');

/** Keeps what is checked out now as the last release. @param assembly made before, perhaps of another state of the project */
async function freeze(commit: string, assembly?: string): Promise<void> {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  // With the tick that tests run with.
  const settings = localSettings(optionsFrom(['--tick', '1']));
  const packed = assembly ?? (await assemblyFor(settings, new AbortController().signal));
  pack(packed, { version, commit }, lastRelease);
  console.log(`${version} (${commit}) is the last release`);
}

const [
  commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim(),
  assembly,
] = process.argv.slice(2);

freeze(commit, assembly).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
