import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Stage } from './stage';

/**
 * The directory of what a published package carries ready-made: the code of a stage, or the operators' page.
 * @returns `undefined` in the sources, where it is built at synth
 */
export function readyMade(name: Stage | 'page'): string | undefined {
  const directory = join(__dirname, 'ready-made', name);
  return existsSync(directory) ? directory : undefined;
}
