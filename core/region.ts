import type { Digest, Facility, Totals, Transition } from './facility';
import { totals } from './facility';

/** Where a region's change log stands and when the region must be looked at again; the one item that commits compare. */
export interface RegionHead {
  readonly region: string;
  readonly name?: string;
  /** Names the life of the log: another epoch has nothing in common with this one. */
  readonly epoch: string;
  /** Number of the last entry; without gaps within an epoch. 0 before the first. */
  readonly seq: number;
  readonly digest: Digest;
  readonly totals: Totals;
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
  readonly changes: readonly Change[];
  /** Totals and digest after this entry. */
  readonly totals: Totals;
  readonly digest: Digest;
  /** The region's state before this entry, so that a sink can tell that it changed without reading another. */
  readonly previousState: Totals['state'];
}

/** A facility's whole state after a change. */
export interface Change {
  readonly facility: Facility;
  /** False where only the number of sessions or users changed. */
  readonly transition: boolean;
}

/** What one transaction writes (CD1), on the condition that the head still has the revision it was made from. */
export interface Commit {
  readonly head: RegionHead;
  /** Absent where a settle found nothing to tell and only notes when to look again. */
  readonly entry?: Entry;
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
  /** Last entry that each sink has taken. */
  readonly cursors: Readonly<Record<Sink, number>>;
}

export const newHead = (region: string, epoch: string): RegionHead => ({
  region,
  epoch,
  seq: 0,
  digest: { count: 0, sum: 0 },
  totals: totals(0, 0),
  coveredMark: 0,
  settledAtMs: 0,
  revision: 0,
});

/** The history rows of an entry. */
export const transitionsOf = (entry: Entry): readonly Transition[] =>
  entry.changes
    .filter((change) => change.transition)
    .map(({ facility }) => ({
      facility: facility.id,
      status: facility.status,
      atMs: facility.sinceMs,
      decidedAtMs: facility.decidedAtMs,
      reason: facility.reason,
      version: facility.version,
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
