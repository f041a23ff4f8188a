import type { MemoryFeedGateway } from '../../adapters/memory/feed-gateway';
import {
  emptyFeed,
  type Feed,
  type FeedCommand,
  type FeedInput,
  keyOf,
  reduce,
} from '../../client/live/feed';
import { statusOf } from '../../client/live/state';
import { type AboutRegion, snapshotOfRegion } from '../../client/live/translate';
import type { Watch } from '../../client/live/watch';
import type { FacilityState, FeedMessage, ListedRegion, SnapshotPage } from '../../client/live/wire';
import type { ConnectionStore } from '../../core/connection';
import { defaultLimits } from '../../core/limits';
import type { Clock, PresenceReader, RegionLedger, Watermarks } from '../../core/ports';
import type { Timings } from '../../core/timings';
import { freshnessReader } from '../../lambdas/freshness';
import { createFeed } from '../../lambdas/live-feed/feed';
import { listRegions } from '../../lambdas/status-api/regions';
import { snapshotOf } from '../../lambdas/status-api/snapshot';
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

/** The browser library's state machine on the real live feed and API; the test decides which messages it gets. */
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
    const { regions } = (await listRegions(watch, this.api)) as { regions: ListedRegion[] };
    for (const { region } of regions) await this.tell({ type: 'watch', topic: { region } });
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
    return this.facilitiesOf(region)
      .map(({ id, status, version }) => `${id} ${status} ${version}`)
      .toSorted();
  }

  facilitiesOf(region: string): readonly FacilityState[] {
    return [...(this.watchOf(region)?.rows.values() ?? [])] as FacilityState[];
  }

  nameOf(region: string): string | undefined {
    return (this.watchOf(region)?.about as AboutRegion | undefined)?.name;
  }

  isProvedRight(region: string): boolean {
    const state = this.watchOf(region);
    if (state === undefined) return false;
    return ['live', 'delayed'].includes(statusOf(state, this.feed, this.world.clock.now()));
  }

  /** What it knows of a region, if it watches it. */
  watchOf(region: string): Watch | undefined {
    return this.feed.watches.get(keyOf({ region }));
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
      case 'fetch': {
        this.snapshots += 1;
        const { topic } = command;
        const page = (await snapshotOf(topic.region, watch, undefined, this.api)) as SnapshotPage;
        return await this.tell({ type: 'loaded', topic, snapshot: snapshotOfRegion([page]) });
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
