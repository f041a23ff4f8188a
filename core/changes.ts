import type { Coverage } from './coverage';
import type { Facility } from './facility';
import { changesAfter, isFlapping } from './flapping';
import type { Change } from './region';
import { heldUntilMs } from './removal';

/** What a roll-up is compared with, and the instants that it is made for. */
export interface Comparison {
  /** The previous state: every facility of the region as it was last told, tombstones included. */
  readonly facilities: readonly Facility[];
  readonly asOfMs: number;
  readonly nowMs: number;
}

type Instants = Pick<Comparison, 'asOfMs' | 'nowMs'>;

/**
 * What differs from the previous state: transitions first, in the order in which they became true, so that among thousands
 * nobody waits for the entries of those who came after them; what came at the same instant, by id.
 */
export function changesOf(
  roll: ReadonlyMap<string, Coverage>,
  { facilities, asOfMs, nowMs }: Comparison,
): readonly Change[] {
  const previous = new Map(facilities.map((facility) => [facility.id, facility]));
  const ids = [...new Set([...previous.keys(), ...roll.keys()])].sort();
  const changes = ids.flatMap((id) => {
    const change = changeOf(id, previous.get(id), roll.get(id), { asOfMs, nowMs });
    return change === undefined ? [] : [change];
  });
  // A stable sort: the order of the ids stays where the instants are equal.
  return changes.sort((a, b) => toldAfterMs(a) - toldAfterMs(b));
}

/** What is only touched up waits for everything that happened. */
const toldAfterMs = ({ transition, facility }: Change): number =>
  transition ? facility.sinceMs : Number.MAX_SAFE_INTEGER;

function changeOf(
  id: string,
  previous: Facility | undefined,
  coverage: Coverage | undefined,
  instants: Instants,
): Change | undefined {
  const wasOnline = previous?.status === 'online';
  // A session that only says goodbye, or is waited for, keeps a facility online, but never brings one online (HB4, TR3).
  const covered = coverage !== undefined && (coverage.staying > 0 || (wasOnline && coverage.lingering > 0));
  if (covered) {
    return wasOnline
      ? touchedUp(previous, countsOf(coverage), instants)
      : comesOnline(id, previous, coverage, instants);
  }
  return wasOnline && !endsLater(previous, coverage, instants.asOfMs)
    ? goesOffline(previous, coverage, instants)
    : previous && touchedUp(previous, previous, instants);
}

/**
 * Whether a facility that nobody covers any more was told to be online since an instant that as-of has not reached, as one is that was
 * registered after its session had beaten last. Until then nobody can say that it ended (TR1, TR5).
 */
export const endsLater = (
  { status, sinceMs }: Facility,
  coverage: Coverage | undefined,
  asOfMs: number,
): boolean => status === 'online' && sinceMs > asOfMs && !isCovered(coverage);

const isCovered = (coverage: Coverage | undefined): boolean =>
  coverage !== undefined && coverage.staying + coverage.lingering > 0;

/** The status stays; what is told with it may be another. */
function touchedUp(
  previous: Facility,
  { sessions, users }: Pick<Facility, 'sessions' | 'users'>,
  { asOfMs }: Instants,
): Change | undefined {
  const flapping = previous.flapping && isFlapping(previous.recentChangesMs, asOfMs);
  const same = sessions === previous.sessions && users === previous.users && flapping === previous.flapping;
  return same ? undefined : { facility: { ...previous, sessions, users, flapping }, transition: false };
}

const countsOf = (coverage: Coverage): { sessions: number; users: number } => ({
  sessions: coverage.staying + coverage.lingering,
  users: coverage.users.size,
});

function comesOnline(
  id: string,
  previous: Facility | undefined,
  coverage: Coverage,
  instants: Instants,
): Change {
  const told = { status: 'online', reason: 'heartbeat', ...countsOf(coverage) } as const;
  // What was removed begins anew when its removal no longer stands.
  const atMs = Math.max(coverage.firstBeatAtMs, heldUntilMs(previous));
  return transition(id, previous, { ...told, atMs }, instants);
}

function goesOffline(previous: Facility, coverage: Coverage | undefined, instants: Instants): Change {
  // Rows that TTL took while no monitor ran leave no end behind; what is certain then is that as-of has passed it.
  const end = coverage?.lastEnd ?? { atMs: instants.asOfMs, reason: 'timeout' as const, despiteGaps: false };
  const told = { status: 'offline', reason: end.reason, sessions: 0, users: 0 } as const;
  const change = transition(previous.id, previous, { ...told, atMs: end.atMs }, instants);
  return end.despiteGaps ? { ...change, despiteGaps: true } : change;
}

type Told = Pick<Facility, 'status' | 'reason' | 'sessions' | 'users'> & { readonly atMs: number };

function transition(
  id: string,
  previous: Facility | undefined,
  { atMs, ...told }: Told,
  { asOfMs, nowMs }: Instants,
): Change {
  // Never before the state that it ends: history would otherwise run backwards.
  const sinceMs = Math.max(atMs, previous?.sinceMs ?? 0);
  const { removedAtMs: _, ...before } = previous ?? { id, version: 0 };
  const facility: Facility = {
    ...before,
    ...told,
    sinceMs,
    decidedAtMs: nowMs,
    decidedAsOfMs: asOfMs,
    ...changesAfter(previous?.recentChangesMs ?? [], sinceMs, asOfMs),
  };
  return { facility, transition: true, ...(previous && { lastedMs: sinceMs - previous.sinceMs }) };
}
