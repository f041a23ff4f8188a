import { MemoryPresenceLedger } from '../../adapters/memory/presence-ledger';
import { emptyShelf, MemoryRegionLedger } from '../../adapters/memory/region-ledger';
import { MemorySessionStore } from '../../adapters/memory/session-store';
import type { Attributes } from '../../core/attributes';
import { CommitLost } from '../../core/errors';
import { expiresAtMs } from '../../core/lease';
import type { SaveOutcome } from '../../core/ports';
import type { PresenceCommit } from '../../core/presence';
import type { Commit, RegionRecord } from '../../core/region';
import { type Session, type SessionKey, sessionKeyText } from '../../core/session';
import type { Timings } from '../../core/timings';
import type { Chance } from './chance';
import type { SimulatedTime } from './time';
import type { Weather } from './weather';

/** What was there before a write that an eventually consistent read may not show yet. */
interface Older<T> {
  readonly value: T | undefined;
  readonly untilMs: number;
}

/** What eventually consistent reads of one kind of rows show. */
class StaleReads<T> {
  private readonly older = new Map<string, Older<T>>();

  constructor(
    private readonly time: SimulatedTime,
    private readonly weather: Weather,
    private readonly chance: Chance,
  ) {}

  written(key: string, before: T | undefined): void {
    this.older.set(key, { value: before, untilMs: this.time.now() + this.weather.staleMs });
  }

  shown(key: string, current: T | undefined): T | undefined {
    const older = this.older.get(key);
    if (older === undefined || older.untilMs <= this.time.now()) return current;
    return this.chance.happens(0.5) ? older.value : current;
  }
}

/** Sessions as DynamoDB keeps them: eventually consistent reads lag, and TTL removes rows whenever it likes. */
export class SimulatedSessions extends MemorySessionStore {
  private readonly stale: StaleReads<Session>;
  private readonly keys = new Map<string, SessionKey>();
  /** Told of each session that was stored. */
  onSave: (session: Session) => void = () => {};

  constructor(
    private readonly time: SimulatedTime,
    private readonly weather: Weather,
    private readonly timings: Timings,
    chance: Chance,
  ) {
    super();
    this.stale = new StaleReads(time, weather, chance);
  }

  override async save(session: Session, attributes?: Attributes): Promise<SaveOutcome> {
    const key = sessionKeyText(session);
    const [before] = await super.load([session]);
    const outcome = await super.save(session, attributes);
    if ('saved' in outcome) {
      this.stale.written(key, before);
      this.onSave(session);
    }
    this.keys.set(key, session);
    return outcome;
  }

  override async list(region: string, read = { consistent: true }): Promise<readonly Session[]> {
    const stored = await super.list(region);
    if (read.consistent) return stored;
    const current = new Map(stored.map((session) => [sessionKeyText(session), session]));
    const keys = [...this.keys].filter(([, key]) => key.region === region);
    return keys.flatMap(([text]) => this.stale.shown(text, current.get(text)) ?? []);
  }

  /** What is really stored, for whoever judges. */
  async stored(key: SessionKey): Promise<Session | undefined> {
    return (await super.load([key]))[0];
  }

  /** Removes what TTL may remove now. */
  async sweep(): Promise<void> {
    if (this.weather.ttl === 'late') return;
    const nowMs = this.time.now();
    const rows = await super.load([...this.keys.values()]);
    const expired = rows.filter(
      (row) =>
        row !== undefined &&
        expiresAtMs(Math.max(row.leaseUntilMs, row.leftAtMs ?? 0), this.timings) <= nowMs,
    );
    await super.remove(expired.filter((row) => row !== undefined));
  }
}

/** Regions as DynamoDB keeps them: the overview lags, and transactions get into each other's way. */
export class SimulatedLedger extends MemoryRegionLedger {
  private readonly stale: StaleReads<RegionRecord>;
  /** Told of each commit that was made. */
  onCommit: (commit: Commit) => void = () => {};

  constructor(
    time: SimulatedTime,
    private readonly weather: Weather,
    private readonly chance: Chance,
  ) {
    super();
    this.stale = new StaleReads(time, weather, chance);
  }

  override async overview(read = { consistent: true }): Promise<readonly RegionRecord[]> {
    const current = await super.overview();
    if (read.consistent) return current;
    return current.flatMap((record) => this.stale.shown(record.region, record) ?? []);
  }

  override async commit(commit: Commit): Promise<void> {
    if (this.chance.happens(this.weather.commitsLost)) throw new CommitLost('a transaction was under way');
    const before = await this.read(commit.head.region);
    await super.commit(commit);
    this.stale.written(commit.head.region, before.head === undefined ? undefined : before);
    this.onCommit(commit);
  }

  /** All but the marks of a region is gone, as after a restore from a copy that did not have it. */
  lose(region: string): void {
    const mark = this.shelves.get(region)?.mark ?? 0;
    this.shelves.set(region, { ...emptyShelf(), mark });
  }
}

/** Presence as DynamoDB keeps it. */
export class SimulatedPresence extends MemoryPresenceLedger {
  /** Told of each commit that was made. */
  onCommit: (region: string, commits: readonly PresenceCommit[]) => void = () => {};

  override async commitPresence(region: string, commits: readonly PresenceCommit[]): Promise<void> {
    // One after the other: where one is lost to another monitor, those before it were made all the same.
    for (const commit of commits) {
      await super.commitPresence(region, [commit]);
      this.onCommit(region, [commit]);
    }
  }

  lose(region: string): void {
    for (const place of this.rooms.keys()) if (place.startsWith(`${region}/`)) this.rooms.delete(place);
  }
}
