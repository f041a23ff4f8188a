import { Emitter } from '../emitter';
import type { Reason } from '../errors';
import type { FeedNews } from './feed';
import type { LiveState, LiveStatus } from './state';
import type { AboutRegion } from './translate';
import type { Watch } from './watch';
import type { FacilityState, PresenceMessage, Present } from './wire';

/** One item before and after; undefined where there was or is none. */
export interface Change<Item> {
  readonly id: string;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/** What changed at once, in the order in which it did. */
export interface Batch<Item> {
  readonly changes: readonly Change<Item>[];
  /** Whether the whole was read anew, so that there may be more to it than what is told here. */
  readonly isSnapshot: boolean;
}

export interface WatchEvents<Item> {
  readonly state: LiveState;
  /** Applied to an empty map, all batches in their order make the snapshot. Empty where only the region's name changed. */
  readonly change: Batch<Item>;
}

export interface FacilityWatchEvents extends WatchEvents<Present> {
  /** Whatever happened in the facility, one by one. */
  readonly presence: PresenceMessage;
}

/** What a handle is made on. */
export interface WatchSource {
  watch(): Watch;
  status(): LiveStatus;
  now(): number;
  close(): void;
}

/** What one part of the page watches. */
abstract class WatchHandle<Item, E extends WatchEvents<Item>> extends Emitter<E> {
  protected readonly source: WatchSource;
  /** Once the handle is closed. */
  #last: Watch | undefined;
  #state: LiveState;
  #told: LiveState;
  #about: object;

  constructor(source: WatchSource) {
    super();
    this.source = source;
    this.#about = this.watch.about;
    this.#state = { status: 'connecting', sinceMs: source.now(), reason: undefined };
    this.#told = this.state;
  }

  /** The same object until it changes. */
  get state(): LiveState {
    const status = this.#last ? 'closed' : this.source.status();
    if (status !== this.#state.status) {
      this.#state = { status, sinceMs: this.source.now(), reason: this.#reason() };
    }
    return this.#state;
  }

  /** The instant that all of it is true of, in milliseconds since the epoch by the server's clock. */
  get asOfMs(): number | undefined {
    return this.watch.asOfMs;
  }

  /** Whether anything was read yet. */
  get isLoaded(): boolean {
    return this.watch.loadedAtMs !== undefined;
  }

  /** By id; the same map until something in it changes, with the same objects for all that did not. */
  snapshot(): ReadonlyMap<string, Item> {
    return this.watch.rows as ReadonlyMap<string, Item>;
  }

  /** Ends it; what it shows stays as it is. */
  close(): void {
    if (this.#last) return;
    this.#last = this.source.watch();
    this.source.close();
    this.look();
  }

  /** @internal Tells what has changed. */
  look(news?: FeedNews, isSnapshot = false): void {
    const { state } = this;
    const { about } = this.watch;
    if (news && (news.changes.length > 0 || about !== this.#about)) {
      this.#about = about;
      this.tell('change', { changes: news.changes as readonly Change<Item>[], isSnapshot });
    }
    if (state === this.#told) return;
    this.#told = state;
    this.tell('state', state);
  }

  protected get watch(): Watch {
    return this.#last ?? this.source.watch();
  }

  #reason(): Reason | undefined {
    const { sync } = this.watch;
    return sync.phase === 'failed' ? sync.reason : undefined;
  }
}

/** The facilities of a region, live. */
export class RegionWatch extends WatchHandle<FacilityState, WatchEvents<FacilityState>> {
  /** Name and totals; the same object until they change, undefined before the first snapshot. */
  get about(): AboutRegion | undefined {
    return this.isLoaded ? (this.watch.about as AboutRegion) : undefined;
  }
}

/** Who is present in a facility, live; by user. */
export class FacilityWatch extends WatchHandle<Present, FacilityWatchEvents> {
  /** @internal */
  override look(news?: FeedNews, isSnapshot = false): void {
    super.look(news, isSnapshot);
    for (const { message } of news?.applied ?? []) this.tell('presence', message as PresenceMessage);
  }
}
