import type { KinesisStreamEvent } from 'aws-lambda';
import { type Checkpoints, MemoryCheckpoints } from '../../local/event-source-checkpoints';
import { EventSourceMapping, type MappingOptions } from '../../local/event-source-mapping';
import type { Invocation } from '../../local/invoke';
import type { StreamRecord } from '../../local/kinesis-event';
import type { ListedShard, StreamReader } from '../../local/shard-poller';
import { SteppedClock } from '../support/stepped-clock';
import { MemoryLog } from './memory-log';

export const shardOne = 'shardId-000000000000';
export const streamArn = 'arn:aws:kinesis:eu-west-1:000000000000:stream/beats';
export const functionArn = 'arn:aws:lambda:eu-west-1:000000000000:function:monitor';

/** What the function does with a batch, told by what the records say. */
export type Handler = (texts: readonly string[]) => Invocation | Promise<Invocation>;

export interface Discarded {
  readonly key: string;
  readonly document: Record<string, unknown>;
}

/** A stream of texts whose shards a test opens, fills and closes. */
export class TextStream implements StreamReader {
  private readonly listed = new Map<string, ListedShard>();
  private readonly records = new Map<string, StreamRecord[]>();
  private nextNumber = 1;
  /** Makes reading fail while it is set. */
  outage: Error | undefined;

  constructor(private readonly clock: SteppedClock) {
    this.open(shardOne);
  }

  open(shardId: string, parents: readonly string[] = []): void {
    this.listed.set(shardId, { shardId, parents, closed: false });
    this.records.set(shardId, []);
  }

  close(shardId: string): void {
    this.listed.set(shardId, { shardId, parents: [], closed: true });
  }

  forget(shardId: string): void {
    this.listed.delete(shardId);
  }

  /** @returns the sequence numbers. */
  put(texts: readonly string[], shardId = shardOne): readonly string[] {
    const added = texts.map((text) => ({
      sequenceNumber: String(this.nextNumber++).padStart(56, '4'),
      partitionKey: 'p',
      data: Buffer.from(text).toString('base64'),
      arrivalMs: this.clock.now(),
    }));
    this.records.get(shardId)?.push(...added);
    return added.map(({ sequenceNumber }) => sequenceNumber);
  }

  shards(): readonly ListedShard[] {
    return [...this.listed.values()];
  }

  read(_name: string, shardId: string, after: string | undefined, limit: number): readonly StreamRecord[] {
    if (this.outage !== undefined) throw this.outage;
    const records = this.records.get(shardId) ?? [];
    return records
      .filter(({ sequenceNumber }) => after === undefined || sequenceNumber > after)
      .slice(0, limit);
  }
}

/** A stream, a function and the mapping between them, on a virtual clock. */
export class MappingScene {
  readonly clock = new SteppedClock();
  readonly stream = new TextStream(this.clock);
  readonly log = new MemoryLog();
  readonly events: KinesisStreamEvent[] = [];
  readonly discarded: Discarded[] = [];
  readonly checkpoints: Checkpoints;
  readonly mapping: EventSourceMapping;

  constructor(
    private readonly handler: Handler,
    settings: Partial<MappingOptions> = {},
  ) {
    this.checkpoints = settings.checkpoints ?? new MemoryCheckpoints();
    this.mapping = new EventSourceMapping({
      stream: 'beats',
      streamArn,
      functionArn,
      streams: this.stream,
      invoke: (event) => this.invoked(event as KinesisStreamEvent),
      batchSize: 100,
      batchWindowMs: 0,
      bisectOnError: false,
      maxRetries: -1,
      maxRecordAgeMs: -1,
      reportBatchItemFailures: true,
      checkpoints: this.checkpoints,
      onDiscard: async (document, key) => {
        this.discarded.push({ key, document: document as Record<string, unknown> });
      },
      clock: this.clock,
      log: this.log,
      ...settings,
    });
  }

  /** Starts, lets the time pass, and stops. */
  async runFor(ms: number): Promise<void> {
    this.mapping.start();
    await this.clock.advance(ms);
    await this.mapping.stop();
  }

  /** What each invocation got, in order. */
  get batches(): readonly (readonly string[])[] {
    return this.events.map(textsOf);
  }

  private async invoked(event: KinesisStreamEvent): Promise<Invocation> {
    this.events.push(event);
    return this.handler(textsOf(event));
  }
}

const textsOf = (event: KinesisStreamEvent): readonly string[] =>
  event.Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString());

/** The answer of a function that processed everything. */
export const processed: Invocation = { kind: 'returned', value: { batchItemFailures: [] } };

export const crashed: Invocation = { kind: 'failed', errorType: 'Error', errorMessage: 'boom' };

/** The answer of a function that names the records it could not process. */
export const failing = (...sequenceNumbers: readonly string[]): Invocation => ({
  kind: 'returned',
  value: { batchItemFailures: sequenceNumbers.map((itemIdentifier) => ({ itemIdentifier })) },
});
