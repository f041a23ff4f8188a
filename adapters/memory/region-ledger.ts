import { CommitLost } from '../../core/errors';
import type { Facility, Transition } from '../../core/facility';
import type { Window } from '../../core/history';
import type { FacilityHistory, RegionLedger } from '../../core/ports';
import type { PresenceStanding } from '../../core/presence';
import {
  type Change,
  type Commit,
  type Entry,
  epochNumber,
  isFirstOfFacility,
  type LogPlace,
  type RegionHead,
  type RegionRecord,
  type Sink,
  seqIn,
  transitionsOf,
} from '../../core/region';
import { exists } from '../../core/removal';

interface Shelf {
  head?: RegionHead;
  mark: number;
  claimedUntilMs: number;
  readonly cursors: Partial<Record<Sink, LogPlace>>;
  readonly facilities: Map<string, Facility>;
  readonly entries: Entry[];
  readonly transitions: Transition[];
}

/** Regions in a Map. */
export class MemoryRegionLedger implements RegionLedger, FacilityHistory {
  protected readonly shelves = new Map<string, Shelf>();

  async overview(): Promise<readonly RegionRecord[]> {
    return [...this.shelves].map(([region, shelf]) => recordOf(region, shelf));
  }

  async read(region: string): Promise<RegionRecord> {
    return recordOf(region, this.shelves.get(region) ?? emptyShelf());
  }

  async raiseMark(region: string): Promise<void> {
    this.shelf(region).mark += 1;
  }

  async facilities(region: string): Promise<readonly Facility[]> {
    return (await this.rows(region)).filter(exists);
  }

  async facility(region: string, id: string): Promise<Facility | undefined> {
    const row = await this.row(region, id);
    return row && exists(row) ? row : undefined;
  }

  async rows(region: string): Promise<readonly Facility[]> {
    const rows = [...(this.shelves.get(region)?.facilities.values() ?? [])];
    return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async row(region: string, id: string): Promise<Facility | undefined> {
    return this.storedRow(region, id);
  }

  /** A row at once: what a presence commit compares must not change before it writes. */
  storedRow(region: string, id: string): Facility | undefined {
    return this.shelves.get(region)?.facilities.get(id);
  }

  async transitions(
    region: string,
    facility: string,
    { fromMs, toMs }: Window,
    limit: number,
  ): Promise<readonly Transition[]> {
    return this.historyOf(region, facility)
      .filter(({ atMs }) => atMs >= fromMs && atMs < toMs)
      .slice(0, limit);
  }

  async lastBefore(region: string, facility: string, atMs: number): Promise<Transition | undefined> {
    return this.historyOf(region, facility).findLast((transition) => transition.atMs < atMs);
  }

  async commit(commit: Commit): Promise<void> {
    const { head, entry, more, yieldsAtMs = Number.POSITIVE_INFINITY } = commit;
    const shelf = this.shelf(head.region);
    const revision = shelf.head?.revision ?? 0;
    const isOfThisLife = shelf.head === undefined || shelf.head.epoch === head.epoch;
    if (revision !== head.revision - 1 || !isOfThisLife || shelf.claimedUntilMs > yieldsAtMs) {
      throw new CommitLost('somebody else committed first', {
        actual: revision,
        expected: head.revision - 1,
      });
    }
    const known = entry?.changes.find(
      (change) => isFirstOfFacility(change) && shelf.facilities.has(change.facility.id),
    );
    if (known !== undefined)
      throw new CommitLost('a facility is there already', { actual: known.facility.id });
    shelf.head = headAfter(shelf.head, commit);
    if (!more) shelf.claimedUntilMs = 0;
    if (entry === undefined) return;
    shelf.entries.push(entry);
    for (const change of entry.changes) {
      const { id } = change.facility;
      shelf.facilities.set(id, rowAfter(shelf.facilities.get(id), change));
    }
    shelf.transitions.push(...transitionsOf(entry));
  }

  async claim(region: string, untilMs: number): Promise<void> {
    const shelf = this.shelves.get(region);
    if (shelf?.head !== undefined) shelf.claimedUntilMs = untilMs;
  }

  async forget(region: string, remains: readonly Facility[]): Promise<void> {
    const { facilities } = this.shelf(region);
    for (const { id, removedAtMs } of remains) {
      if (facilities.get(id)?.removedAtMs === removedAtMs) facilities.delete(id);
    }
  }

  /** What a presence commit writes into a facility's row. */
  notePresence(region: string, id: string, presence: PresenceStanding): void {
    const { facilities } = this.shelf(region);
    const facility = facilities.get(id);
    if (facility !== undefined) facilities.set(id, { ...facility, presence });
  }

  async entriesAfter(region: string, seq: number, limit: number): Promise<readonly Entry[]> {
    const entries = this.shelves.get(region)?.entries ?? [];
    return entries.filter((entry) => entry.seq > seq).slice(0, limit);
  }

  async advanceCursor(region: string, sink: Sink, to: LogPlace): Promise<void> {
    const { cursors } = this.shelf(region);
    const at = cursors[sink];
    if (at === undefined || isBefore(at, to)) cursors[sink] = to;
  }

  private historyOf(region: string, facility: string): readonly Transition[] {
    return (this.shelves.get(region)?.transitions ?? []).filter((each) => each.facility === facility);
  }

  private shelf(region: string): Shelf {
    const found = this.shelves.get(region);
    if (found !== undefined) return found;
    const fresh = emptyShelf();
    this.shelves.set(region, fresh);
    return fresh;
  }
}

export const emptyShelf = (): Shelf => ({
  mark: 0,
  claimedUntilMs: 0,
  cursors: {},
  facilities: new Map(),
  entries: [],
  transitions: [],
});

const recordOf = (region: string, { head, mark, cursors }: Shelf): RegionRecord => ({
  region,
  mark,
  cursors: { websocket: seqIn(head, cursors.websocket), eventbridge: seqIn(head, cursors.eventbridge) },
  ...(head !== undefined && { head }),
});

/** As in the table: what the registry says is written only where an entry tells it. */
function headAfter(stored: RegionHead | undefined, { head, entry }: Commit): RegionHead {
  const { name: _, thresholds: __, ...decided } = head;
  const { name, thresholds } = entry?.registry ?? stored ?? {};
  return { ...decided, ...(name !== undefined && { name }), ...(thresholds !== undefined && { thresholds }) };
}

/** As in the table: a change leaves alone what presence commits write, and unless it tells it, what the registry says. */
function rowAfter(stored: Facility | undefined, { facility, registry }: Change): Facility {
  const { presence: _, registry: __, ...decided } = facility;
  const said = registry ?? (exists(facility) ? stored?.registry : undefined);
  return {
    ...decided,
    ...(stored?.presence && { presence: stored.presence }),
    ...(said && { registry: said }),
  };
}

const isBefore = (one: LogPlace, other: LogPlace): boolean =>
  one.epoch === other.epoch ? one.seq < other.seq : epochNumber(one.epoch) < epochNumber(other.epoch);
