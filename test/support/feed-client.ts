import type { MemoryFeedGateway } from '../../adapters/memory/feed-gateway';
import { defaultLimits } from '../../core/limits';
import type { Clock, ConnectionStore, PresenceReader, RegionLedger, Watermarks } from '../../core/ports';
import type { Timings } from '../../core/timings';
import { freshnessReader } from '../../lambdas/freshness';
import { createFeed } from '../../lambdas/live-feed/feed';
import { listRegions } from '../../lambdas/status-api/regions';
import { snapshotOf } from '../../lambdas/status-api/snapshot';
import { emptyFeed, type Feed, type FeedCommand, type FeedInput, reduce } from '../../web/feed';
import { isProved } from '../../web/truth';
import type { FeedMessage, ListedRegion, Snapshot } from '../../web/wire';
import { at, grants, hours, issuer, seconds } from './builders';
import { ListLog } from './http';

/** What a client talks to: the stores behind the live feed and the API. */
export interface FeedWorld {
  readonly ledger: RegionLedger;
  readonly presence: PresenceReader;
  readonly connections: ConnectionStore;
  readonly feed: MemoryFeedGateway;
  readonly watermarks: Watermarks;
  readonly clock: Clock & { advance(ms: number): unknown };
}

/** The page's own state machine on the real live feed and API; the test decides which messages it gets. */
export class FeedClient {
  feed: Feed = emptyFeed;
  snapshots = 0;
  /** Which messages are lost on their way. */
  loses: (message: FeedMessage) => boolean = () => false;
  private inbox: object[] = [];
  private readonly api;
  private readonly handle;

  constructor(
    private readonly id: string,
    private readonly world: FeedWorld,
    timings: Timings,
  ) {
    const { ledger, presence, watermarks, clock } = world;
    this.api = { regions: ledger, clock, freshness: freshnessReader(watermarks, clock, timings) };
    this.handle = createFeed({
      ...this.api,
      presence,
      connections: world.connections,
      feed: world.feed,
      log: new ListLog(),
      limits: defaultLimits,
      pageOrigins: [],
    });
  }

  /** Opens its socket, takes snapshots of all regions and subscribes. */
  async opens(): Promise<void> {
    const holder = { issuer, subject: 'operator', watch, expiresAtMs: at('10:00') + hours(8) };
    const places = { atMost: defaultLimits.connectionsPerSubject, nowMs: this.world.clock.now() };
    await this.world.connections.open({ ...holder, connectionId: this.id, topics: [] }, at('12:00'), places);
    this.inbox = this.world.feed.open(this.id) as object[];
    await this.tell({ type: 'opened' });
    await this.obey({ type: 'fetch-regions' });
    await this.reads();
  }

  /** Takes in what has arrived. */
  async reads(): Promise<void> {
    for (const message of this.inbox.splice(0) as FeedMessage[]) {
      if (!this.loses(message)) await this.tell({ type: 'message', message });
    }
  }

  /** Lets its own time pass, half a second at a time, as its timer does. */
  async waits(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += seconds(0.5)) {
      this.world.clock.advance(seconds(0.5));
      await this.tell({ type: 'time' });
      await this.reads();
    }
  }

  /** What it shows of a region. */
  shows(region: string): readonly string[] {
    const facilities = [...(this.feed.regions.get(region)?.facilities.values() ?? [])];
    return facilities.map(({ id, status, version }) => `${id} ${status} ${version}`).toSorted();
  }

  isProvedRight(region: string): boolean {
    const state = this.feed.regions.get(region);
    return state !== undefined && isProved(state, this.world.clock.now());
  }

  private async tell(input: FeedInput): Promise<void> {
    const { feed, commands } = reduce(this.feed, input, this.world.clock.now());
    this.feed = feed;
    for (const command of commands) await this.obey(command);
  }

  private async obey(command: FeedCommand): Promise<void> {
    switch (command.type) {
      case 'send': {
        const requestContext = { connectionId: this.id, routeKey: command.message.action };
        await this.handle({ requestContext, body: JSON.stringify(command.message) });
        return await this.reads();
      }
      case 'fetch-snapshot': {
        this.snapshots += 1;
        const snapshot = (await snapshotOf(command.region, watch, undefined, this.api)) as Snapshot;
        return await this.tell({ type: 'loaded', snapshot });
      }
      case 'fetch-regions': {
        const { regions } = (await listRegions(watch, this.api)) as { regions: ListedRegion[] };
        return await this.tell({ type: 'listed', regions });
      }
      case 'reconnect':
        throw new Error('the client gave up its socket');
    }
  }
}

const watch = grants({ '*': ['*'] });

/** What the server holds of a region, in the words of {@link FeedClient.shows}. */
export const serverShows = async ({ ledger }: Pick<FeedWorld, 'ledger'>, region: string) =>
  (await ledger.facilities(region)).map(({ id, status, version }) => `${id} ${status} ${version}`).toSorted();
