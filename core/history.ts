import type { Status, Transition } from './facility';

/** How a facility spent a stretch of time, in milliseconds that add up to its length. */
export interface Availability {
  readonly onlineMs: number;
  readonly offlineMs: number;
  /** Before its first transition, after it was removed, and after as-of. */
  readonly unknownMs: number;
  /** In maintenance, whatever happened then. */
  readonly maintenanceMs: number;
}

/** A window of history; `toMs` is after `fromMs`. */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

type Known = Pick<Transition, 'status' | 'atMs' | 'reason'>;

/**
 * Adds up how long a facility was online and offline in a window.
 * @param before the last transition before the window, which its beginning continues; absent where there is none
 * @param within those in the window, oldest first
 * @param asOfMs the status is known until then
 * @param maintenance what is left out; in order and apart from each other, as {@link maintenanceWithin} makes them
 */
export function availabilityOf(
  { fromMs, toMs }: Window,
  before: Known | undefined,
  within: readonly Known[],
  asOfMs: number,
  maintenance: readonly Window[] = [],
): Availability {
  const spent = { online: 0, offline: 0, unknown: 0 };
  const outside = (stretchFromMs: number, stretchToMs: number): number =>
    stretchToMs - stretchFromMs - overlapMs(maintenance, { fromMs: stretchFromMs, toMs: stretchToMs });
  const knownUntilMs = Math.min(toMs, Math.max(asOfMs, fromMs));
  let state = stateOf(before);
  let sinceMs = fromMs;
  for (const transition of within) {
    const atMs = Math.min(transition.atMs, knownUntilMs);
    spent[state] += outside(sinceMs, atMs);
    state = stateOf(transition);
    sinceMs = atMs;
  }
  spent[state] += outside(sinceMs, knownUntilMs);
  spent.unknown += outside(knownUntilMs, toMs);
  const maintenanceMs = overlapMs(maintenance, { fromMs, toMs });
  return { onlineMs: spent.online, offlineMs: spent.offline, unknownMs: spent.unknown, maintenanceMs };
}

/** How much of a stretch lies in these windows, which are apart from each other. */
const overlapMs = (windows: readonly Window[], { fromMs, toMs }: Window): number =>
  windows.reduce(
    (sum, each) => sum + Math.max(0, Math.min(each.toMs, toMs) - Math.max(each.fromMs, fromMs)),
    0,
  );

/** Share of the known time outside maintenance that was online, `null` where nothing is known. */
export function ratioOf({ onlineMs, offlineMs }: Availability): number | null {
  const knownMs = onlineMs + offlineMs;
  return knownMs === 0 ? null : onlineMs / knownMs;
}

const stateOf = (transition: Known | undefined): Status | 'unknown' =>
  transition === undefined || transition.reason === 'removed' ? 'unknown' : transition.status;
