import type { Facility } from './facility';

/** So many changes of status within so long make a facility flapping (TR6). */
const flappingChanges = 6;
const flappingWithinMs = 60 * 60_000;

type Flapping = Pick<Facility, 'flapping' | 'recentChangesMs'>;

/** What is remembered after a change of status that became true at `atMs`, judged at `asOfMs`. */
export function changesAfter(before: readonly number[], atMs: number, asOfMs: number): Flapping {
  const recentChangesMs = [...before, atMs].slice(-flappingChanges);
  return { recentChangesMs, flapping: isFlapping(recentChangesMs, asOfMs) };
}

/** Whether the last changes are so close that none of them says much. */
export const isFlapping = (recentChangesMs: readonly number[], asOfMs: number): boolean =>
  recentChangesMs.length >= flappingChanges && asOfMs < calmFromMs(recentChangesMs);

/** As-of from which a flapping facility is calm again if nothing else happens. */
export const calmFromMs = ([oldestMs = 0]: readonly number[]): number => oldestMs + flappingWithinMs;
