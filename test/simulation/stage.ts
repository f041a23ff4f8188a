import { MemoryConnectionStore } from '../../adapters/memory/connection-store';
import { MemoryDeadLetters } from '../../adapters/memory/dead-letters';
import { MemoryEventBus } from '../../adapters/memory/event-bus';
import { MemoryFence } from '../../adapters/memory/fence';
import { TryAgainLater } from '../../core/errors';
import type { StatusEvent } from '../../core/events';
import type { Canaries, Log, PutOutcome } from '../../core/ports';
import type { Timings } from '../../core/timings';
import { canaryAuthorization } from '../../lambdas/canary-token';
import type { HttpEvent } from '../../lambdas/http';
import type { MonitorPorts } from '../../lambdas/session-monitor/ports';
import type { Chance } from './chance';
import { CommitOracle } from './commit-oracle';
import type { Heard } from './network';
import { PresenceOracle } from './presence-oracle';
import { SimulatedSockets } from './sockets';
import { SimulatedLedger, SimulatedPresence, SimulatedSessions } from './stores';
import { SimulatedStream } from './stream';
import type { SimulatedTime } from './time';
import type { Trace } from './trace';
import { Truth } from './truth';
import { JudgedWatermarks } from './watermark-oracle';
import type { Weather } from './weather';

export const secret = { read: async () => 'the canaries know it' };

/** EventBridge, which may be down. */
class SimulatedBus extends MemoryEventBus {
  constructor(private readonly weather: Weather) {
    super();
  }

  override async publish(events: readonly StatusEvent[]): Promise<void> {
    if (this.weather.bus === 'down') throw new TryAgainLater('the bus is down');
    await super.publish(events);
  }
}

/** What every part of the system stands on: the stores, the stream, the sockets, and whoever judges what they hold. */
export class Stage {
  readonly truth: Truth;
  readonly stream: SimulatedStream;
  readonly sessions: SimulatedSessions;
  readonly ledger: SimulatedLedger;
  readonly presence: SimulatedPresence;
  readonly connections = new MemoryConnectionStore();
  readonly sockets: SimulatedSockets;
  readonly bus: SimulatedBus;
  readonly fence = new MemoryFence();
  readonly deadLetters = new MemoryDeadLetters();
  readonly watermarks: JudgedWatermarks;
  readonly log: Log;
  readonly told: CommitOracle;
  readonly rooms: PresenceOracle;
  /** How the session monitor's canary reaches the endpoint. */
  postCanary: (event: HttpEvent) => Promise<Heard> = async () => 'nothing';

  constructor(
    readonly time: SimulatedTime,
    readonly weather: Weather,
    readonly chance: Chance,
    readonly trace: Trace,
    timings: Timings,
  ) {
    this.truth = new Truth(timings);
    this.stream = new SimulatedStream(2, time, weather, this.truth, chance.of('stream'));
    this.sessions = new SimulatedSessions(time, weather, timings, chance.of('sessions'));
    this.ledger = new SimulatedLedger(time, weather, chance.of('ledger'));
    this.presence = new SimulatedPresence(this.ledger);
    this.sockets = new SimulatedSockets(time, weather, chance.of('sockets'));
    this.bus = new SimulatedBus(weather);
    this.watermarks = new JudgedWatermarks(timings, this.sessions, this.truth, time, trace);
    this.log = logTo(trace);
    const postponing = (asOfMs: number): boolean => this.watermarks.isPostponing(asOfMs);
    this.told = new CommitOracle(this.truth, timings, time, trace, postponing);
    this.rooms = new PresenceOracle(trace);
    this.sessions.onSave = (session) => this.truth.noteStored(session);
    this.ledger.onCommit = (commit) => this.told.committed(commit);
    this.presence.onCommit = (region, commits) => this.rooms.committed(region, commits);
  }

  monitorPorts(): Omit<MonitorPorts, 'clock' | 'log' | 'meter'> {
    const { sessions, ledger, presence, connections, sockets: feed, bus, fence, watermarks } = this;
    return {
      sessions,
      ledger,
      presence,
      connections,
      feed,
      bus,
      fence,
      watermarks,
      canaries: this.canaries(),
    };
  }

  /** As the adapter does it: the shards are listed once, and again when a canary lands elsewhere. */
  private canaries(): Canaries {
    let listed = this.stream.listed();
    return {
      shards: async () => listed,
      putOnShards: async () => {
        const open = listed.filter((shard) => shard.open);
        for (const shard of open) this.stream.putOnShard(shard);
        listed = this.stream.listed();
      },
      postThroughEndpoint: (nowMs) => this.canaryThroughEndpoint(nowMs),
    };
  }

  private async canaryThroughEndpoint(nowMs: number): Promise<PutOutcome> {
    const heard = await this.postCanary({
      requestContext: { http: { method: 'POST' } } as HttpEvent['requestContext'],
      isBase64Encoded: false,
      headers: {
        'content-type': 'application/json',
        authorization: await canaryAuthorization(secret)(nowMs),
      },
      body: '{}',
    });
    return heard !== 'nothing' && heard.statusCode === 202 ? 'taken' : 'busy';
  }

  /** A region is restored from a copy that did not have it. */
  lose(region: string): void {
    this.ledger.lose(region);
    this.presence.lose(region);
    this.rooms.lost(region);
    this.told.lost(region);
  }
}

/** What handlers log is part of the trace; an error of the language is a bug, whatever else goes wrong. */
const logTo = (trace: Trace): Log => ({
  info: (message, fields) => trace.note('log', message, fields),
  error: (message, error) => {
    trace.note('log', message, { error: String(error) });
    if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) {
      trace.violated('no bug', `${message}: ${error.stack}`);
    }
  },
});
