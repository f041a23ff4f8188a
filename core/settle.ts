import { type Coverage, rollUp } from './coverage';
import { type Facility, totals } from './facility';
import { finalUntilMs } from './lease';
import { changeMessageBytes } from './messages';
import type { Change, Commit, Entry, RegionHead } from './region';
import type { Session } from './session';
import type { Timings } from './timings';

/** Everything that one settle decides on; nothing else is looked at (TR4). */
export interface SettleInput {
  readonly sessions: readonly Session[];
  /** The previous state: every facility of the region as it was last told. */
  readonly facilities: readonly Facility[];
  readonly head: RegionHead;
  /** The value of the mark, read before the sessions (CD5). */
  readonly mark: number;
  /** The instant that the status is true of: every beat that arrived before it is in `sessions`. */
  readonly asOfMs: number;
  readonly nowMs: number;
}

export interface Settlement {
  /** To be committed in this order; the last one notes when the region is due again. */
  readonly commits: readonly [Commit, ...Commit[]];
  /** Whether a facility goes offline, which must rest on a strongly consistent read (TR1). */
  readonly takesOffline: boolean;
  /** Sessions whose rows nothing needs any more (HB7). */
  readonly garbage: readonly Session[];
}

/** A transaction holds 100 items: the head, the entry, and two for each change that is a transition (CD1). */
export const maxChangesPerEntry = 49;
/** Keeps an entry's message below the 32 KB frame of API Gateway, its totals and names included (CD1). */
export const maxEntryBytes = 24 * 1_024;

/**
 * One pass over one region: roll up, compare with the previous state, decide. Pure: the same input always gives the
 * same settlement, so it can be tried again after a lost commit and replayed from a log.
 */
export function settle(input: SettleInput, t: Timings): Settlement {
  const changes = changesOf(input);
  const entries = entriesOf(input.head, packed(changes), input);
  const last = entries.at(-1);
  const settled: RegionHead = {
    ...(last === undefined ? input.head : headAfter(input.head, last)),
    revision: input.head.revision + Math.max(entries.length, 1),
    coveredMark: input.mark,
    settledAtMs: input.nowMs,
  };
  return {
    commits: commitsOf(input.head, entries, due(settled, input)),
    takesOffline: changes.some((change) => change.transition && change.facility.status === 'offline'),
    garbage: input.sessions.filter((session) => isGarbage(session, input, t)),
  };
}

/** What differs from the previous state, facilities in the order of their ids. */
function changesOf({ sessions, facilities, asOfMs, nowMs }: SettleInput): readonly Change[] {
  const previous = new Map(facilities.map((facility) => [facility.id, facility]));
  const roll = rollUp(sessions, [...previous.keys()], asOfMs);
  const ids = [...new Set([...previous.keys(), ...roll.keys()])].sort();
  return ids.flatMap((id) => {
    const change = changeOf(id, previous.get(id), roll.get(id), { asOfMs, nowMs });
    return change === undefined ? [] : [change];
  });
}

interface Instants {
  readonly asOfMs: number;
  readonly nowMs: number;
}

function changeOf(
  id: string,
  previous: Facility | undefined,
  coverage: Coverage | undefined,
  instants: Instants,
): Change | undefined {
  const wasOnline = previous?.status === 'online';
  // A session that only says goodbye keeps a facility online for its grace, but never brings one online (HB4).
  const covered = coverage !== undefined && (coverage.staying > 0 || (wasOnline && coverage.leaving > 0));
  if (covered) return wasOnline ? recount(previous, coverage) : comesOnline(id, previous, coverage, instants);
  return wasOnline ? goesOffline(previous, coverage, instants) : undefined;
}

function recount(previous: Facility, coverage: Coverage): Change | undefined {
  const counts = countsOf(coverage);
  if (counts.sessions === previous.sessions && counts.users === previous.users) return undefined;
  return { facility: { ...previous, ...counts }, transition: false };
}

function comesOnline(
  id: string,
  previous: Facility | undefined,
  coverage: Coverage,
  { nowMs }: Instants,
): Change {
  const facility: Facility = {
    ...(previous ?? { id, version: 0 }),
    status: 'online',
    sinceMs: Math.max(coverage.firstBeatAtMs, previous?.sinceMs ?? 0),
    decidedAtMs: nowMs,
    reason: 'heartbeat',
    ...countsOf(coverage),
  };
  return { facility, transition: true };
}

function goesOffline(
  previous: Facility,
  coverage: Coverage | undefined,
  { asOfMs, nowMs }: Instants,
): Change {
  // Rows that TTL took while no monitor ran leave no end behind; what is certain then is that as-of has passed it.
  const end = coverage?.lastEnd ?? { atMs: asOfMs, reason: 'timeout' as const };
  const facility: Facility = {
    ...previous,
    status: 'offline',
    sinceMs: Math.max(end.atMs, previous.sinceMs),
    decidedAtMs: nowMs,
    reason: end.reason,
    sessions: 0,
    users: 0,
  };
  return { facility, transition: true };
}

const countsOf = (coverage: Coverage): { sessions: number; users: number } => ({
  sessions: coverage.staying + coverage.leaving,
  users: coverage.users.size,
});

/** Cuts the changes into entries that fit one transaction and one message. */
function packed(changes: readonly Change[]): readonly (readonly Change[])[] {
  const packs: Change[][] = [];
  let bytes = 0;
  for (const change of changes) {
    const size = changeMessageBytes(change);
    const open = packs.at(-1);
    if (open === undefined || open.length === maxChangesPerEntry || bytes + size > maxEntryBytes) {
      packs.push([change]);
      bytes = size;
    } else {
      open.push(change);
      bytes += size;
    }
  }
  return packs;
}

function entriesOf(
  head: RegionHead,
  packs: readonly (readonly Change[])[],
  { facilities, asOfMs, nowMs }: SettleInput,
): readonly Entry[] {
  const before = new Map(facilities.map((facility) => [facility.id, facility]));
  let standing = head;
  return packs.map((pack) => {
    const seq = standing.seq + 1;
    const changes = pack.map((change) => ({ ...change, facility: { ...change.facility, version: seq } }));
    const entry: Entry = {
      region: head.region,
      epoch: head.epoch,
      seq,
      asOfMs,
      decidedAtMs: nowMs,
      changes,
      ...standingAfter(standing, changes, before),
      previousState: standing.totals.state,
    };
    standing = headAfter(standing, entry);
    return entry;
  });
}

function standingAfter(
  standing: RegionHead,
  changes: readonly Change[],
  before: ReadonlyMap<string, Facility>,
): Pick<Entry, 'totals' | 'digest'> {
  let { facilities, online } = standing.totals;
  let { sum } = standing.digest;
  for (const { facility } of changes) {
    const previous = before.get(facility.id);
    if (previous === undefined) facilities += 1;
    if (previous?.status === 'online') online -= 1;
    if (facility.status === 'online') online += 1;
    sum += facility.version - (previous?.version ?? 0);
  }
  return { totals: totals(facilities, online), digest: { count: facilities, sum } };
}

const headAfter = (head: RegionHead, entry: Entry): RegionHead => ({
  ...head,
  seq: entry.seq,
  totals: entry.totals,
  digest: entry.digest,
});

function commitsOf(
  head: RegionHead,
  entries: readonly Entry[],
  settled: RegionHead,
): readonly [Commit, ...Commit[]] {
  const early = entries.slice(0, -1).map((entry, index) => ({
    // Not yet covered and not yet noted as settled: whoever finds this after a crash settles the rest.
    head: { ...headAfter(head, entry), revision: head.revision + index + 1 },
    entry,
  }));
  const last = entries.at(-1);
  const final: Commit = { head: settled, ...(last && { entry: last }) };
  const [first, ...more] = early;
  return first === undefined ? [final] : [first, ...more, final];
}

/** The first lease end that can change a status or a count; beyond it, or with another mark, the region is due (CD5). */
function due(head: RegionHead, { sessions, asOfMs }: SettleInput): RegionHead {
  let dueAtMs = Number.POSITIVE_INFINITY;
  for (const { leaseUntilMs } of sessions) {
    if (leaseUntilMs > asOfMs && leaseUntilMs < dueAtMs) dueAtMs = leaseUntilMs;
  }
  const { dueAtMs: _, ...rest } = head;
  return dueAtMs === Number.POSITIVE_INFINITY ? rest : { ...rest, dueAtMs };
}

/** Judged by both clocks: as-of says that nothing earlier is still to come, now that the instant itself has passed. */
const isGarbage = (session: Session, { asOfMs, nowMs }: SettleInput, t: Timings): boolean =>
  finalUntilMs(Math.max(session.leaseUntilMs, session.leftAtMs ?? 0), t) < Math.min(asOfMs, nowMs);
