import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf } from './digest';
import { synthesize } from './synth';

const root = join(__dirname, '..');
/** Where tools keep what they can make again, unless ROLLCALL_CACHE names another directory. */
const defaultShelf = (): string =>
  join(process.env.ROLLCALL_CACHE ?? join(root, 'node_modules', '.cache', 'rollcall'), 'assemblies');

/** Everything that a synthesis reads of this project; a test compares it with what the bundler finds. */
export const sources = [
  'adapters',
  'bench',
  'bin',
  'cdk.json',
  'client',
  'core',
  'lambdas',
  'lib',
  'package-lock.json',
  'registry',
  'tsconfig.base.json',
  'tsconfig.json',
  'web',
] as const;

/** One that nobody started with for so long is of an older state of the project. */
const keptMs = 7 * 24 * 60 * 60_000;

/**
 * The stack, synthesized with these settings: as an earlier start has left it, if nothing that it is made of changed since.
 * @returns the directory of the assembly, which is not to be changed
 * @throws SynthFailed
 */
export async function assemblyFor(
  settings: object,
  signal: AbortSignal,
  shelf = defaultShelf(),
): Promise<string> {
  const kept = join(shelf, keyOf(settings));
  if (existsSync(kept)) {
    utimesSync(kept, new Date(), new Date());
    return kept;
  }
  const workshop = join(shelf, `.${randomUUID()}`);
  try {
    await synthesize(workshop, settings, signal);
    keep(join(workshop, 'cdk.out'), kept);
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
  removeOld(shelf, Date.now());
  return kept;
}

/** Whoever made the same one meanwhile was as right. */
function keep(made: string, kept: string): void {
  try {
    renameSync(made, kept);
  } catch (error) {
    if (!existsSync(kept)) throw error;
  }
}

function removeOld(shelf: string, nowMs: number): void {
  for (const name of readdirSync(shelf)) {
    const path = join(shelf, name);
    const age = statSync(path, { throwIfNoEntry: false });
    if (age !== undefined && nowMs - age.mtimeMs > keptMs) rmSync(path, { recursive: true, force: true });
  }
}

/** Tells two assemblies apart that may differ. */
const keyOf = (settings: object): string => digestOf(sources, JSON.stringify(settings));
