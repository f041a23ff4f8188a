import type { ArrivedBeat } from '../../core/beat';
import type { Facility } from '../../core/facility';
import { dueReason, newHead, type RegionHead } from '../../core/region';
import { mergeBeat, type Session } from '../../core/session';
import { type Settlement, settle } from '../../core/settle';
import type { Timings } from '../../core/timings';
import type { Pipeline, TickStanding } from './pipeline';
import type { Told } from './session-run';

/** A beat and when heartbeat-monitor had written it. */
export interface WrittenBeat {
  readonly beat: ArrivedBeat;
  readonly processedMs: number;
}

/**
 * What a region's ticks tell when each due one settles the region whole, by facility: the long way, which shows that the
 * short one of {@link SessionRun} leaves nothing out.
 */
export function settledWhole(
  beats: readonly WrittenBeat[],
  pipeline: Pipeline,
  t: Timings,
): ReadonlyMap<string, readonly Told[]> {
  const region = new Region(t);
  const told = new Map<string, Told[]>();
  const waiting = beats.toSorted((a, b) => a.processedMs - b.processedMs);
  let next = 0;
  for (const [tick, standing] of pipeline.ticks.entries()) {
    for (; (waiting[next]?.processedMs ?? Number.POSITIVE_INFINITY) <= standing.nowMs; next += 1) {
      const { beat, processedMs } = waiting[next] as WrittenBeat;
      region.take(beat, processedMs);
    }
    for (const { id, status } of region.tick(standing)) {
      const before = told.get(id) ?? [];
      told.set(id, [...before, { status, tick }]);
    }
  }
  return told;
}

/** One region as the tables hold it. */
class Region {
  private readonly known = new Map<string, Session>();
  private readonly stored = new Map<string, Session>();
  private facilities = new Map<string, Facility>();
  private head: RegionHead = newHead('r', 'e');
  private mark = 0;

  constructor(private readonly t: Timings) {}

  take(beat: ArrivedBeat, processedMs: number): void {
    const before = this.known.get(beat.subject);
    const { session: merged, write, marks } = mergeBeat(before, beat, this.t);
    const session = write ? { ...merged, revision: merged.revision + 1 } : merged;
    this.known.set(beat.subject, session);
    if (write) this.stored.set(beat.subject, session);
    // As heartbeat-monitor does: a renewal that was read late finds its facility perhaps offline already.
    const late = write && before !== undefined && before.leaseUntilMs <= processedMs;
    if (marks || late) this.mark += 1;
  }

  /** @returns the facilities whose status it tells */
  tick({ nowMs, asOfMs, gaps }: TickStanding): readonly Facility[] {
    const { head, mark } = this;
    const cursors = { websocket: head.seq, eventbridge: head.seq };
    if (dueReason({ region: head.region, head, mark, cursors }, asOfMs, nowMs) === undefined) return [];
    const facilities = [...this.facilities.values()];
    const sessions = [...this.stored.values()];
    const settlement = settle({ sessions, facilities, head, mark, asOfMs, gaps, nowMs }, this.t);
    return this.commit(settlement);
  }

  private commit({ commits }: Settlement): readonly Facility[] {
    this.head = commits.at(-1)?.head ?? this.head;
    const changes = commits.flatMap(({ entry }) => entry?.changes ?? []);
    for (const { facility } of changes) this.facilities.set(facility.id, facility);
    return changes.filter(({ transition }) => transition).map(({ facility }) => facility);
  }
}
