import type { Coverage } from './coverage';
import type { Facility } from './facility';

/** For so long beats do not bring back what the registry removed (CD1). */
const heldMs = 60 * 60_000;
/**
 * For so long the row of a removed facility is kept: a facility that comes back goes on with its numbers, and who has
 * slept meanwhile does not take the new life for the old one.
 */
const remainsKeptMs = 7 * 24 * 60 * 60_000;

/** Whether a row is a facility, and not what is left of one. */
export const exists = ({ removedAtMs }: Facility): boolean => removedAtMs === undefined;

/** As-of until which a removal stands against beats; 0 where nothing was removed. */
export const heldUntilMs = (facility: Facility | undefined): number =>
  facility?.removedAtMs === undefined ? 0 : facility.removedAtMs + heldMs;

/** Whether beats for it are ignored. */
export const isHeld = (facility: Facility, asOfMs: number): boolean => asOfMs < heldUntilMs(facility);

/** The facilities that patterns reach at an as-of: those that are there, and those whose coverage ends by their removal. */
export const reachable = (rows: readonly Facility[], asOfMs: number): readonly string[] =>
  rows.filter((row) => exists(row) || isHeld(row, asOfMs)).map(({ id }) => id);

/** A roll-up in which nobody covers what was removed: whoever is present there left with it. */
export function withoutRemoved(
  roll: ReadonlyMap<string, Coverage>,
  rows: readonly Facility[],
  asOfMs: number,
): ReadonlyMap<string, Coverage> {
  const removed = rows.filter((row) => isHeld(row, asOfMs));
  if (removed.length === 0) return roll;
  const kept = new Map(roll);
  for (const { id, removedAtMs = 0 } of removed) {
    const coverage = roll.get(id);
    if (coverage !== undefined) kept.set(id, endedAt(coverage, removedAtMs));
  }
  return kept;
}

function endedAt({ users, ended }: Coverage, atMs: number): Coverage {
  const end = { atMs, reason: 'leave', despiteGaps: false } as const;
  const all = [...users.keys(), ...ended.keys()].map((user) => [user, end] as const);
  const none = { staying: 0, lingering: 0, firstBeatAtMs: Number.POSITIVE_INFINITY };
  return { ...none, users: new Map(), ended: new Map(all), lastEnd: end };
}

/** Rows that nothing needs any more, by both clocks. */
export const remainsIn = (rows: readonly Facility[], asOfMs: number, nowMs: number): readonly Facility[] =>
  rows.filter(
    ({ removedAtMs }) => removedAtMs !== undefined && removedAtMs + remainsKeptMs < Math.min(asOfMs, nowMs),
  );
