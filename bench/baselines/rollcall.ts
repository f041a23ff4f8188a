import type { KinesisStreamRecord } from 'aws-lambda';
import { silentMeter } from '../../adapters/memory/meter';
import { type AcceptedBeat, formatRecord } from '../../core/beat';
import { type Canary, formatCanary } from '../../core/canary';
import { defaultLimits } from '../../core/limits';
import type { BeatStream, PutOutcome } from '../../core/ports';
import { defaultTimings } from '../../core/timings';
import { createEndpoint } from '../../lambdas/heartbeat-endpoint/endpoint';
import { createMonitor as createHeartbeatMonitor } from '../../lambdas/heartbeat-monitor/monitor';
import type { HttpEvent } from '../../lambdas/http';
import { createMonitor as createSessionMonitor } from '../../lambdas/session-monitor/monitor';
import { kinesisEvent } from '../../local/kinesis-event';
import { issuer, streamArn } from '../front-ends';
import { memoryPorts } from '../monitor-stand';
import { quietLog } from '../quiet-log';
import type { PlayBeat, PresenceSystem, Told } from './system';
import type { PlayTime } from './time';

const shardId = 'shard-0';
const batchSize = 500;
/** How long a function and the stores take: what is told, is told that much later at least. */
const travelMs = 100;

/** Rollcall itself at its defaults, its real handlers on stores in memory, one shard. */
export class RollcallItself implements PresenceSystem {
  readonly told: Told[] = [];
  private readonly records: KinesisStreamRecord[] = [];
  private readonly endpoint: (event: HttpEvent) => Promise<unknown>;
  private readonly heartbeatMonitor: ReturnType<typeof createHeartbeatMonitor>;
  private readonly sessionMonitor: () => Promise<void>;
  private stalled = false;
  private sequence = 0;

  constructor(private readonly time: PlayTime) {
    const ports = memoryPorts(time);
    const { watermarks, canaries, sessions, ledger, feed } = ports;
    canaries.landed = (where) => this.append(formatCanary(where === 'endpoint' ? 'endpoint' : 'shard'));
    this.endpoint = createEndpoint(
      {
        stream: this.stream(),
        watermarks,
        verifier: { verify: async () => identity },
        canarySecret: { read: async () => 'secret' },
        clock: time,
        log: quietLog,
        limits: defaultLimits,
      },
      defaultTimings,
    );
    this.heartbeatMonitor = createHeartbeatMonitor(
      {
        sessions,
        ledger,
        watermarks,
        deadLetters: ports.deadLetters,
        clock: time,
        log: quietLog,
        meter: silentMeter,
      },
      defaultTimings,
    );
    const told = {
      ...feed,
      post: async (_: string, message: object) => this.hear(message),
      disconnect: async () => {},
    };
    void ports.connections
      .open(operator)
      .then(() => ports.connections.subscribe(operator, { region: 'north' }));
    this.sessionMonitor = createSessionMonitor({ ...ports, feed: told }, defaultTimings);
  }

  beat(beat: PlayBeat): void {
    void this.take(beat);
  }

  /** What the endpoint does with a beat; public, so that what it takes can be measured. */
  async take({ facility, nextSeconds }: PlayBeat): Promise<void> {
    const body = { sessionId: facility, region: 'north', facilities: [facility], next: nextSeconds };
    await this.endpoint({ ...request, body: JSON.stringify(body) });
  }

  /** Hands over what is on the stream. */
  async poll(): Promise<void> {
    for (
      let batch = this.records.splice(0, batchSize);
      batch.length > 0;
      batch = this.records.splice(0, batchSize)
    ) {
      await this.heartbeatMonitor({ Records: batch });
    }
  }

  start(): void {
    void this.keepPolling();
    void this.keepSchedule();
  }

  stall(stalled: boolean): void {
    this.stalled = stalled;
  }

  async close(): Promise<void> {}

  /** Lambda looks at a shard once a second. */
  private async keepPolling(): Promise<void> {
    for (;;) {
      await this.time.sleep(1_000);
      if (!this.stalled) await this.poll();
    }
  }

  private async keepSchedule(): Promise<void> {
    for (;;) {
      void this.sessionMonitor();
      await this.time.sleep(60_000);
    }
  }

  private stream(): BeatStream {
    const taken = (data: string): PutOutcome => {
      this.append(data);
      return 'taken';
    };
    return {
      put: async (beats: readonly AcceptedBeat[]) => beats.map((beat) => taken(formatRecord(beat))),
      putCanary: async () => taken(formatCanary('endpoint' satisfies Canary)),
    };
  }

  private append(data: string): void {
    this.sequence += 1;
    const record = {
      sequenceNumber: String(this.sequence).padStart(24, '0'),
      partitionKey: 'key',
      data: Buffer.from(data).toString('base64'),
      arrivalMs: this.time.now(),
    };
    this.records.push(...kinesisEvent(streamArn, shardId, [record]).Records);
  }

  private async hear(message: object): Promise<'delivered'> {
    if ('changes' in message) {
      for (const { facility, status } of message.changes as readonly Pick<Told, 'facility' | 'status'>[]) {
        const known = this.statuses.get(facility);
        this.statuses.set(facility, status);
        if (known !== status) this.told.push({ facility, status, atMs: this.time.now() + travelMs });
      }
    }
    return 'delivered';
  }

  private readonly statuses = new Map<string, Told['status']>();
}

const everything = new Map([['north', ['*']]]);
const identity = {
  issuer,
  subject: 'front-end',
  rights: { provide: everything, watch: everything, manage: new Map() },
  expiresAtMs: Number.MAX_SAFE_INTEGER,
};
const operator = {
  connectionId: 'operator',
  issuer,
  subject: 'operator',
  watch: everything,
  expiresAtMs: Number.MAX_SAFE_INTEGER,
  topics: [],
};
const request: HttpEvent = {
  headers: { 'content-type': 'application/json', authorization: 'Bearer token' },
  requestContext: { http: { method: 'POST' } } as HttpEvent['requestContext'],
  isBase64Encoded: false,
};
