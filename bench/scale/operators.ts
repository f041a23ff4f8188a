import { defaultLimits } from '../../core/limits';
import type { Timings } from '../../core/timings';
import { freshnessReader } from '../../lambdas/freshness';
import { createFeed } from '../../lambdas/live-feed/feed';
import type { FeedPorts } from '../../lambdas/live-feed/ports';
import { snapshotOf } from '../../lambdas/status-api/snapshot';
import { sellTicket } from '../../lambdas/status-api/tickets';
import type { Stage } from '../../lib/stage';
import type { Load } from '../cost/load';
import { assumedMs, billedMs, gbSeconds } from '../metering/lambda-time';
import { Calls } from './calls';
import { issuer, regionName } from './front-ends';
import type { ScaleStage } from './stage';
import type { Stopwatch } from './stopwatch';

/** A page pings this often (docs/CLIENT.md). */
export const pingSeconds = 20;

type Ports = ReturnType<ScaleStage['ports']>;

interface Operator {
  readonly id: string;
  readonly region: string;
  connectionId: string;
}

/** Operators with a page open: each watches a region whole, takes its snapshot, subscribes, and pings. */
export class Operators {
  private readonly all: readonly Operator[];
  private readonly calls = new Calls();
  private readonly ports: FeedPorts & { readonly regions: Ports['ledger'] };
  private readonly feed: ReturnType<typeof createFeed>;
  private connections = 0;

  constructor(
    private readonly stage: ScaleStage,
    ports: Ports,
    private readonly stopwatch: Stopwatch,
    load: Load,
    timings: Timings,
  ) {
    this.all = Array.from({ length: load.operators }, (_, index) => ({
      id: `operator-${index}`,
      region: regionName(index % load.regions),
      connectionId: '',
    }));
    const { ledger: regions, presence, connections, feed, watermarks, clock, log } = ports;
    const counted = this.calls.counting({ regions, presence, connections, feed, watermarks });
    this.ports = {
      ...counted,
      freshness: freshnessReader(counted.watermarks, clock, timings),
      clock,
      log,
      limits: defaultLimits,
      pageOrigins: [],
    };
    this.feed = createFeed(this.ports);
  }

  /** Those whose second it is ping. */
  async pingsOf(second: number): Promise<void> {
    for (const [index, { connectionId }] of this.all.entries()) {
      if (index % pingSeconds === second % pingSeconds) await this.say(connectionId, { action: 'ping' });
    }
    this.stage.meter.count('webSocketMinutes', 'Sockets', this.stage.sockets.open.size / 60);
  }

  /** A share of them opens a new socket, as after a break of the network. */
  async connect(from: number, to: number): Promise<void> {
    const { length } = this.all;
    for (const operator of this.all.slice(Math.floor(from * length), Math.floor(to * length)))
      await this.open(operator);
  }

  /** Every socket breaks. */
  async breakAll(): Promise<void> {
    for (const { connectionId } of this.all) {
      this.stage.sockets.open.delete(connectionId);
      await this.invoke('live-feed', () => this.route('$disconnect', connectionId));
    }
  }

  private async open(operator: Operator): Promise<void> {
    const { clock, sockets, meter } = this.stage;
    this.connections += 1;
    operator.connectionId = `connection-${this.connections}`;
    const watch = new Map([[operator.region, ['*']]]);
    const identity = {
      issuer,
      subject: operator.id,
      rights: { watch, provide: new Map(), manage: new Map() },
      expiresAtMs: clock.now() + 3_600_000,
    };
    const ticket = `ticket-${this.connections}`;
    await this.request(() => sellTicket(identity, { ...this.ports, newSecret: () => ticket }));
    meter.count('webSocketMessages', 'Connecting', 1);
    sockets.open.add(operator.connectionId);
    await this.invoke('live-feed', () => this.route('$connect', operator.connectionId, ticket));
    await this.say(operator.connectionId, { action: 'subscribe', region: operator.region });
    await this.request(() => snapshotOf(operator.region, watch, undefined, this.ports));
  }

  private async say(connectionId: string, message: object): Promise<void> {
    this.stage.meter.count('webSocketMessages', 'From operators', 1);
    await this.invoke('live-feed', () => this.route('message', connectionId, undefined, message));
  }

  private async route(
    routeKey: string,
    connectionId: string,
    ticket?: string,
    message?: object,
  ): Promise<void> {
    await this.feed({
      requestContext: { connectionId, routeKey },
      ...(ticket !== undefined && { headers: { 'sec-websocket-protocol': `rollcall.v1, ticket.${ticket}` } }),
      ...(message !== undefined && { body: JSON.stringify(message) }),
    });
  }

  private async request(work: () => Promise<object>): Promise<void> {
    this.stage.meter.count('httpApiRequests', 'status-api', 1);
    const answer = await this.invoke('status-api', work);
    this.stage.meter.count('egressBytes', 'status-api', JSON.stringify(answer).length);
  }

  private async invoke<T>(stage: Stage, work: () => Promise<T>): Promise<T> {
    this.calls.reset();
    const { result, cpuMs } = await this.stopwatch.time(stage, work);
    const calls = this.calls.ofPorts('regions', 'presence', 'connections', 'watermarks', 'feed');
    const ms = billedMs(stage, { cpuMs, calls, waitMs: calls * assumedMs.dynamo });
    this.stage.meter.count('lambdaRequests', stage, 1);
    this.stage.meter.count('lambdaGbSeconds', stage, gbSeconds(stage, ms));
    return result;
  }
}
