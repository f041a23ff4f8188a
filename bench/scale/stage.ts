import { MemoryConnectionStore } from '../../adapters/memory/connection-store';
import { MemoryDeadLetters } from '../../adapters/memory/dead-letters';
import { MemoryFence } from '../../adapters/memory/fence';
import { MemoryPresenceLedger } from '../../adapters/memory/presence-ledger';
import { MemoryRegionLedger } from '../../adapters/memory/region-ledger';
import { MemoryWatermarks } from '../../adapters/memory/watermarks';
import type { Shard } from '../../core/as-of';
import type { Canaries, EventBus, FeedGateway, Meter as Figures, Log, PostOutcome } from '../../core/ports';
import type { Timings } from '../../core/timings';
import { seededRandom } from '../../tools/accuracy/random';
import type { Meter } from '../metering/meter';
import { meteredPorts } from '../metering/ports';
import { LongStandingSessions } from './long-standing-sessions';
import { ScaleClock } from './scale-clock';
import { ShardedStream, shardName } from './stream';

/** Sockets that are open; what they are sent is counted, not kept. */
export class OpenSockets implements FeedGateway {
  readonly open = new Set<string>();

  async post(connectionId: string): Promise<PostOutcome> {
    return this.open.has(connectionId) ? 'delivered' : 'gone';
  }

  async disconnect(connectionId: string): Promise<void> {
    this.open.delete(connectionId);
  }
}

const deaf: EventBus = { publish: async () => {} };

/** A line of a log as Lambda writes it, with the fields that every one has. */
const logLineBytes = 250;
/** One with metrics in CloudWatch's embedded format. */
const metricsLineBytes = 500;

/** The stores in memory that every stage works on, each call metered. */
export class ScaleStage {
  readonly clock = new ScaleClock();
  readonly stream: ShardedStream;
  readonly sockets = new OpenSockets();
  readonly connections = new MemoryConnectionStore();
  readonly errors: string[] = [];
  /** Unmetered, for what was there before. */
  readonly rawSessions: LongStandingSessions;
  private readonly ledger = new MemoryRegionLedger();

  constructor(
    readonly meter: Meter,
    private readonly timings: Timings,
    shards: number,
    seed: number,
  ) {
    this.rawSessions = new LongStandingSessions(timings, seededRandom(seed + 1));
    this.stream = new ShardedStream(shards);
  }

  ports() {
    const { ledger, timings, clock } = this;
    const billed = {
      sessions: this.rawSessions,
      ledger,
      presence: new MemoryPresenceLedger(ledger),
      connections: this.connections,
      watermarks: new MemoryWatermarks(timings),
      fence: new MemoryFence(),
      stream: this.stream,
      canaries: this.canaries(),
      feed: this.sockets,
      bus: deaf,
      deadLetters: new MemoryDeadLetters(),
    };
    const figures = this.figures();
    return { ...meteredPorts(billed, this.meter, timings), clock, log: this.log(), meter: figures };
  }

  private canaries(): Canaries {
    const list: readonly Shard[] = Array.from({ length: this.stream.shards }, (_, shard) => ({
      shardId: shardName(shard),
      parents: [],
      open: true,
      firstHashKey: String(shard),
    }));
    const arriving = () => {
      this.stream.arrivalMs = this.clock.now();
    };
    return {
      shards: async () => list,
      putOnShards: async () => {
        arriving();
        for (const shard of list.keys()) this.stream.putOnShard(shard, 'shard');
      },
      postThroughEndpoint: async () => {
        arriving();
        this.meter.count('lambdaRequests', 'heartbeat-endpoint', 1);
        return await this.stream.putCanary();
      },
    };
  }

  /** Metrics are lines of the log. */
  private figures(): Figures<string> {
    let any = false;
    const note = () => {
      any = true;
    };
    const flush = () => {
      if (any) this.meter.count('logBytes', 'Logs', metricsLineBytes);
      any = false;
    };
    return { count: note, measure: note, flush };
  }

  private log(): Log {
    const count = () => this.meter.count('logBytes', 'Logs', logLineBytes);
    return {
      info: count,
      error: (message, error) => {
        count();
        if (this.errors.length < 10) this.errors.push(`${message}: ${error}`);
      },
    };
  }
}
