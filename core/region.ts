import type { Digest, Facility, RegionState, Thresholds, Totals, Transition } from './facility';
import { totals } from './facility';
import type { FacilityRegistry, RegionRegistry } from './registry';

/** Where a region's change log stands and when the region must be looked at again; the one item that commits compare. */
export interface RegionHead {
  readonly region: string;
  readonly name?: string;
  readonly thresholds?: Thresholds;
  /** Names the life of the log: another epoch has nothing in common with this one. */
  readonly epoch: string;
  /** Number of the last entry; without gaps within an epoch. 0 before the first. */
  readonly seq: number;
  readonly digest: Digest;
  readonly totals: Totals;
  /** The state that was last told to be the region's, so that a change of it is told once, whatever dies in between. */
  readonly toldState: RegionState;
  /** As-of of the last settle; an earlier one must not judge what a later one has judged. */
  readonly asOfMs: number;
  /** As-of at which the next lease ends that matters; absent when no session lives. */
  readonly dueAtMs?: number;
  /** The value of the mark that the last settle covered (CD5). */
  readonly coveredMark: number;
  readonly settledAtMs: number;
  /** Raised by every write; 0 before the first. */
  readonly revision: number;
}

/** One entry of the change log: what a settle changed, small enough for one transaction and one message (CD1). */
export interface Entry {
  readonly region: string;
  readonly epoch: string;
  readonly seq: number;
  readonly asOfMs: number;
  readonly decidedAtMs: number;
  /** Whether as-of was older than the freshness limit when this was decided. */
  readonly delayed: boolean;
  readonly changes: readonly Change[];
  /** Totals and digest after this entry. */
  readonly totals: Totals;
  readonly digest: Digest;
  readonly thresholds?: Thresholds;
  /** What happened to the region as a whole in the settle that ends with this entry. */
  readonly regionChange?: RegionChange;
  /** What the registry says of the region, where this entry tells it. */
  readonly registry?: RegionRegistry;
}

/** A place in a region's log. */
export type LogPlace = Pick<Entry, 'epoch' | 'seq'>;

/** A region's state changed, or many of its facilities did together. */
export interface RegionChange {
  readonly state: RegionState;
  readonly previousState: RegionState;
  readonly cameOnline: number;
  readonly wentOffline: number;
}

/** A facility's whole state after a change. */
export interface Change {
  readonly facility: Facility;
  /** False where only counts or flags changed. */
  readonly transition: boolean;
  /** How long the state that a transition ends had lasted; absent for the first one. */
  readonly lastedMs?: number;
  /** Present where a timeout was told in spite of gaps, since they had postponed it long enough (TR3). */
  readonly despiteGaps?: true;
  /** What the registry says of the facility, where this change tells it; only then is it written. */
  readonly registry?: FacilityRegistry;
}

/** Whether nothing was ever told of the facility before, so that nothing can be stored of it. */
export const isFirstOfFacility = ({ transition, lastedMs, registry }: Change): boolean =>
  transition && lastedMs === undefined && registry === undefined;

/** What one transaction writes (CD1), on the condition that the head still has the revision it was made from. */
export interface Commit {
  readonly head: RegionHead;
  /** Absent where a settle found nothing to tell and only notes when to look again. */
  readonly entry?: Entry;
  /** Present where it must wait for a settle that has claimed the region beyond this instant. */
  readonly yieldsAtMs?: number;
  /** Whether another one of the same settle follows, so that a claim must stay. */
  readonly more?: true;
}

/** Who takes entries of the change log; each has its own cursor, so that one that fails holds up no other (CD2). */
export const sinks = ['websocket', 'eventbridge'] as const;
export type Sink = (typeof sinks)[number];

/** Everything about a region that a tick looks at before it reads anything else (CD5). */
export interface RegionRecord {
  readonly region: string;
  /** Absent until the first settle. */
  readonly head?: RegionHead;
  /** Raised with every session that joined, left or changed. */
  readonly mark: number;
  /** Last entry of this life of the log that each sink has taken. */
  readonly cursors: Readonly<Record<Sink, number>>;
}

export const newHead = (region: string, epoch: string): RegionHead => ({
  region,
  epoch,
  seq: 0,
  digest: { count: 0, sum: 0 },
  totals: totals(0, 0),
  toldState: 'empty',
  asOfMs: 0,
  coveredMark: 0,
  settledAtMs: 0,
  revision: 0,
});

/**
 * A log's life is named by its beginning, in base 36, so that consumers can tell the later one (CD3): a region begins one
 * only where none is stored.
 */
export const epochAt = (nowMs: number): string => nowMs.toString(36);

/** An epoch as the number that it is, by which lives of a log are in order. */
export const epochNumber = (epoch: string): number => Number.parseInt(epoch, 36);

/** How far a sink is in the log as it lives now: where it was in an earlier life says nothing of this one (CD2). */
export const seqIn = (head: Pick<RegionHead, 'epoch'> | undefined, cursor: LogPlace | undefined): number =>
  cursor !== undefined && cursor.epoch === head?.epoch ? cursor.seq : 0;

/** The history rows of an entry. */
export const transitionsOf = (entry: Entry): readonly Transition[] =>
  entry.changes
    .filter((change) => change.transition)
    .map(({ facility, lastedMs }) => ({
      facility: facility.id,
      status: facility.status,
      atMs: facility.sinceMs,
      decidedAtMs: facility.decidedAtMs,
      decidedAsOfMs: facility.decidedAsOfMs,
      reason: facility.reason,
      version: facility.version,
      ...(lastedMs !== undefined && { lastedMs }),
    }));

/** How long a region may go without a settle even if nothing says that it is due (CD5). */
export const settleAnywayMs = 10 * 60_000;

/** Why a region must be settled, `undefined` when it need not (CD5). */
export function dueReason(
  record: RegionRecord,
  asOfMs: number,
  nowMs: number,
): 'mark' | 'lease' | 'anyway' | undefined {
  const { head, mark } = record;
  if (head === undefined || head.coveredMark !== mark) return 'mark';
  if (head.dueAtMs !== undefined && asOfMs >= head.dueAtMs) return 'lease';
  return nowMs - head.settledAtMs >= settleAnywayMs ? 'anyway' : undefined;
}

/** Sinks that have not yet taken everything that was committed. */
export const behind = (record: RegionRecord): readonly Sink[] =>
  sinks.filter((sink) => record.cursors[sink] < (record.head?.seq ?? 0));
