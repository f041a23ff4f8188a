import { type Api, NotThere, TokenRefused } from './api';
import { backoffMs } from './backoff';
import { emptyFeed, type Feed, type FeedCommand, type FeedInput, reduce } from './feed';
import type { News } from './region-feed';
import { LiveSocket } from './socket';
import type { Tokens } from './tokens';

/** A new region appears within this. A page that is always open asks for about a quarter of a dollar a month. */
const listEveryMs = 15_000;
const timeEveryMs = 500;
/** Browsers open six connections to a host; two are left for the list and the ticket. */
const snapshotsAtOnce = 4;

/** What the connection works with, and whom it tells. */
export interface ConnectionParts {
  readonly api: Api;
  readonly tokens: Tokens;
  readonly liveUrl: string;
  /** The page's monotonic clock. */
  readonly now: () => number;
  readonly show: (feed: Feed, news: readonly News[]) => void;
}

/** Does what the feed's state machine asks for, and tells it what came of that. */
export class Connection {
  private feed: Feed = emptyFeed;
  private socket: LiveSocket | undefined;
  private connecting = false;
  private failures = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private listing = false;
  private listAskedAtMs = Number.NEGATIVE_INFINITY;
  private readonly snapshotsDue: string[] = [];
  private snapshotsUnderWay = 0;

  constructor(private readonly parts: ConnectionParts) {}

  start(): void {
    setInterval(() => this.passTime(), timeEveryMs);
    window.addEventListener('online', () => this.hurry());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.hurry();
    });
    this.passTime();
    void this.connect();
  }

  /** The operator looks at one region, or at all. */
  choose(region: string | undefined): void {
    this.tell({ type: 'chosen', region });
  }

  private tell(input: FeedInput): void {
    const { feed, commands, news } = reduce(this.feed, input, this.parts.now());
    this.feed = feed;
    for (const command of commands) this.obey(command);
    this.parts.show(this.feed, news);
  }

  private obey(command: FeedCommand): void {
    switch (command.type) {
      case 'send':
        this.socket?.send(command.message);
        break;
      case 'fetch-snapshot':
        this.snapshotsDue.push(command.region);
        this.fetchSnapshots();
        break;
      case 'fetch-regions':
        void this.list();
        break;
      case 'reconnect':
        if (command.renewToken) this.parts.tokens.drop();
        this.socket?.end();
        break;
    }
  }

  private passTime(): void {
    const waitMs = this.feed.listedAtMs === undefined ? backoffMs(2, 1) : listEveryMs;
    if (this.parts.now() - this.listAskedAtMs >= waitMs) void this.list();
    this.tell({ type: 'time' });
  }

  /** Somebody is looking, or the network is back: no waiting now. */
  private hurry(): void {
    this.tell({ type: 'looked-at' });
    if (this.socket === undefined) void this.connect();
  }

  private async connect(): Promise<void> {
    if (this.connecting) return;
    this.connecting = true;
    clearTimeout(this.retry);
    try {
      const ticket = await this.parts.api.ticket();
      this.socket = new LiveSocket(this.parts.liveUrl, ticket, {
        opened: () => this.opened(),
        message: (message) => this.tell({ type: 'message', message }),
        closed: () => this.lost(),
      });
    } catch (error) {
      this.noteFailure(error);
      this.lost();
    } finally {
      this.connecting = false;
    }
  }

  private opened(): void {
    this.failures = 0;
    this.tell({ type: 'opened' });
  }

  private lost(): void {
    this.socket = undefined;
    this.tell({ type: 'closed' });
    clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.connect(), backoffMs(this.failures, Math.random()));
    this.failures += 1;
  }

  private async list(): Promise<void> {
    if (this.listing) return;
    this.listing = true;
    this.listAskedAtMs = this.parts.now();
    try {
      this.tell({ type: 'listed', regions: await this.parts.api.regions() });
    } catch (error) {
      this.noteFailure(error);
    } finally {
      this.listing = false;
    }
  }

  private fetchSnapshots(): void {
    while (this.snapshotsUnderWay < snapshotsAtOnce) {
      const region = this.snapshotsDue.shift();
      if (region === undefined) return;
      this.snapshotsUnderWay += 1;
      void this.fetchSnapshot(region).finally(() => {
        this.snapshotsUnderWay -= 1;
        this.fetchSnapshots();
      });
    }
  }

  private async fetchSnapshot(region: string): Promise<void> {
    try {
      this.tell({ type: 'loaded', snapshot: await this.parts.api.snapshot(region) });
    } catch (error) {
      if (error instanceof NotThere) return this.tell({ type: 'absent', region });
      this.noteFailure(error);
      this.tell({ type: 'load-failed', region });
    }
  }

  /** Everything is tried again by its own rhythm, and the banner says what is not proved; only a token is not waited out. */
  private noteFailure(error: unknown): void {
    if (error instanceof TokenRefused) this.parts.tokens.drop();
    console.warn('Rollcall: trying again after', error);
  }
}
