import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');

/**
 * Tells two states of this project's sources apart.
 * @param sources files, and directories whole save what is built in them, seen from the project's directory
 * @param besides whatever else decides what is made of them
 */
export function digestOf(sources: readonly string[], besides = ''): string {
  const hash = createHash('sha256').update(`${process.version} ${besides}`);
  for (const path of sources.flatMap((source) => filesIn(join(root, source)))) {
    hash.update(`\0${path}\0`).update(readFileSync(path));
  }
  return hash.digest('hex').slice(0, 32);
}

function filesIn(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => name !== 'dist')
    .toSorted()
    .flatMap((name) => filesIn(join(path, name)));
}
