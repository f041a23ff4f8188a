import { freshnessOf } from './as-of';
import { changesOf, endsLater } from './changes';
import { type Coverage, rollUp } from './coverage';
import { entriesOf, headAfter } from './entries';
import type { Facility } from './facility';
import { calmFromMs } from './flapping';
import { finalUntilMs } from './lease';
import { noPresence, presenceDigest } from './presence';
import type { Change, Commit, Entry, RegionHead } from './region';
import { heldUntilMs, reachable, remainsIn, withoutRemoved } from './removal';
import type { Session } from './session';
import { endOf, type Gap, maxPostponementMs, type SessionEnd } from './silence';
import type { Timings } from './timings';

/** Everything that one settle decides on; nothing else is looked at (TR4). */
export interface SettleInput {
  readonly sessions: readonly Session[];
  /** The previous state: every facility of the region as it was last told, tombstones of removed ones included. */
  readonly facilities: readonly Facility[];
  readonly head: RegionHead;
  /** The value of the mark, read before the sessions (CD5). */
  readonly mark: number;
  /** The instant that the status is true of: every beat that arrived before it is in `sessions`. */
  readonly asOfMs: number;
  /** Where beats may have been lost on the way to that as-of (TR3). */
  readonly gaps: readonly Gap[];
  readonly nowMs: number;
}

export interface Settlement {
  /**
   * To be committed in this order; the last one notes when the region is due again. Where presence is due it holds nothing
   * else and comes after the presence, so that whoever finds it missing after a crash looks again (CD2).
   */
  readonly commits: readonly [Commit, ...Commit[]];
  /** Whether a status changes, which must rest on a strongly consistent read (TR1). */
  readonly changesStatus: boolean;
  /** Facilities whose presence is not what was told. */
  readonly presenceDue: readonly PresenceDue[];
  /** Sessions whose rows nothing needs any more (HB7). */
  readonly garbage: readonly Session[];
  /** Tombstones that nothing needs any more. */
  readonly remains: readonly Facility[];
}

/** A facility whose presence must be compared with what was told, and what the sessions say of it. */
export interface PresenceDue {
  readonly facility: Facility;
  readonly coverage: Coverage | undefined;
}

type EndOf = (session: Session) => SessionEnd;

/**
 * One pass over one region: roll up, compare with the previous state, decide. Pure: the same input always gives the
 * same settlement, so it can be tried again after a lost commit and replayed from a log.
 */
export function settle(input: SettleInput, t: Timings): Settlement {
  const { head, facilities, asOfMs, nowMs } = input;
  const end: EndOf = (session) => endOf(session, input.gaps, t);
  const covered = rollUp(input.sessions, reachable(facilities, asOfMs), asOfMs, end);
  const roll = withoutRemoved(covered, facilities, asOfMs);
  const changes = changesOf(roll, input);
  const presenceDue = presenceDueIn(roll, after(facilities, changes));
  const decided = { ...freshnessOf(asOfMs, nowMs, t), decidedAtMs: nowMs };
  const entries = entriesOf(head, changes, facilities, decided);
  const parts = entries.length + (presenceDue.length > 0 && entries.length > 0 ? 1 : 0);
  const settled = settledHead(input, entries, Math.max(parts, 1), dueAtMs(input, changes, roll, end));
  return {
    commits: commitsOf(head, entries, settled),
    changesStatus: changes.some(({ transition }) => transition),
    presenceDue,
    garbage: input.sessions.filter((session) => isGarbage(session, input, t)),
    remains: remainsIn(after(facilities, changes), asOfMs, nowMs),
  };
}

/** The facilities as they are once the changes are told. */
const after = (facilities: readonly Facility[], changes: readonly Change[]): readonly Facility[] => [
  ...new Map([...facilities, ...changes.map(({ facility }) => facility)].map((f) => [f.id, f])).values(),
];

function presenceDueIn(
  roll: ReadonlyMap<string, Coverage>,
  facilities: readonly Facility[],
): readonly PresenceDue[] {
  return facilities.flatMap((facility) => {
    const coverage = roll.get(facility.id);
    const { digest } = facility.presence ?? noPresence;
    return digest === presenceDigest(coverage) ? [] : [{ facility, coverage }];
  });
}

function settledHead(
  input: SettleInput,
  entries: readonly Entry[],
  commits: number,
  dueMs: number,
): RegionHead {
  const last = entries.at(-1);
  const { dueAtMs: _, ...rest } = last === undefined ? input.head : headAfter(input.head, last);
  return {
    ...rest,
    ...(dueMs !== Number.POSITIVE_INFINITY && { dueAtMs: dueMs }),
    toldState: last === undefined ? input.head.toldState : last.totals.state,
    asOfMs: input.asOfMs,
    revision: input.head.revision + commits,
    coveredMark: input.mark,
    // Never back, whatever the clocks of monitors say: by it is judged which presence was sent (PR4).
    settledAtMs: Math.max(input.nowMs, input.head.settledAtMs + 1),
  };
}

function commitsOf(
  head: RegionHead,
  entries: readonly Entry[],
  settled: RegionHead,
): readonly [Commit, ...Commit[]] {
  const alone = settled.revision - head.revision > entries.length;
  const early = entries.slice(0, alone ? entries.length : -1).map((entry, index) => ({
    // Not yet covered and not yet noted as settled: whoever finds this after a crash settles the rest.
    head: {
      ...headAfter(head, entry),
      asOfMs: entry.asOfMs,
      toldState: entry === entries.at(-1) ? entry.totals.state : head.toldState,
      revision: head.revision + index + 1,
    },
    entry,
    more: true as const,
  }));
  const last = alone ? undefined : entries.at(-1);
  const final: Commit = { head: settled, ...(last && { entry: last }) };
  const [first, ...more] = early;
  return first === undefined ? [final] : [first, ...more, final];
}

/** The first as-of that can change a status, a count or a flag; beyond it, or with another mark, the region is due (CD5). */
function dueAtMs(
  { sessions, facilities, asOfMs }: SettleInput,
  changes: readonly Change[],
  roll: ReadonlyMap<string, Coverage>,
  end: EndOf,
): number {
  let firstMs = Number.POSITIVE_INFINITY;
  // A loop, since a region may hold a hundred thousand of them: lists of their ends would be as long.
  for (const session of sessions) {
    const { tellFromMs } = end(session);
    if (tellFromMs > asOfMs) firstMs = Math.min(firstMs, tellFromMs);
    for (const { atMs } of session.ceased) if (atMs > asOfMs) firstMs = Math.min(firstMs, atMs);
  }
  const calms = after(facilities, changes)
    .filter(({ flapping }) => flapping)
    .map(({ recentChangesMs }) => calmFromMs(recentChangesMs));
  const returns = facilities.map(heldUntilMs).filter((heldUntil) => heldUntil > asOfMs);
  const ends = facilities
    .filter((facility) => endsLater(facility, roll.get(facility.id), asOfMs))
    .map(({ sinceMs }) => sinceMs);
  return [...calms, ...returns, ...ends].reduce((first, ms) => Math.min(first, ms), firstMs);
}

/**
 * Judged by both clocks: as-of says that nothing earlier is still to come, now that the instant itself has passed. A session is needed
 * for as long as any that ended before it may be waited for, itself included: of all that covered a facility, the last says
 * when and how it went offline (TR3, TR5).
 */
const isGarbage = (session: Session, { asOfMs, nowMs }: SettleInput, t: Timings): boolean => {
  const endedAtMs = Math.max(session.leaseUntilMs, session.leftAtMs ?? 0);
  return Math.max(finalUntilMs(endedAtMs, t), endedAtMs + maxPostponementMs) < Math.min(asOfMs, nowMs);
};
