import type { BatchDelivery, DeliveryOptions } from './batch-delivery';
import { fittingIntoEvent, type StreamRecord } from './kinesis-event';
import type { Pauses } from './pauses';

/** A shard as the stream lists it. */
export interface ListedShard {
  readonly shardId: string;
  readonly parents: readonly string[];
  /** A closed shard takes no more records. */
  readonly closed: boolean;
}

/** What an event source mapping needs of a stream. */
export interface StreamReader {
  shards(name: string): readonly ListedShard[];
  /** Records after a sequence number, or from the oldest on, in order. */
  read(name: string, shardId: string, after: string | undefined, limit: number): readonly StreamRecord[];
}

export interface PollingOptions extends DeliveryOptions {
  /** Name of the stream. */
  readonly stream: string;
  readonly streams: StreamReader;
  /** Most records of a batch. */
  readonly batchSize: number;
  /** How long a batch that is not full waits for more; 0: not at all. */
  readonly batchWindowMs: number;
  /** Lambda polls a shard once a second, the default. At least 1. */
  readonly pollMs?: number;
  /** Rejects while the function's role may not read the stream. */
  readonly mayRead?: () => Promise<void>;
}

/** Lambda's base rate for a standard iterator (Lambda guide, "Polling and batching streams"). */
export const defaultPollMs = 1_000;

type Polled = 'caught-up' | 'more' | 'ended';

/** Reads one shard from its checkpoint on, batch after batch, until a closed shard is empty. */
export class ShardPoller {
  private readonly pollMs: number;
  /** When the batch that now waits for its window began to. */
  private waitingSinceMs: number | undefined;

  constructor(
    private readonly shardId: string,
    private readonly options: PollingOptions,
    private readonly delivery: BatchDelivery,
    private readonly pauses: Pauses,
  ) {
    this.pollMs = options.pollMs ?? defaultPollMs;
  }

  /** @returns whether the shard was read to its end, rather than stopped. */
  async run(): Promise<boolean> {
    while (!this.pauses.over) {
      const polledAtMs = this.options.clock.now();
      const polled = await this.pollOrLog();
      if (polled === 'ended') return true;
      if (polled === 'caught-up') {
        await this.pauses.pause(polledAtMs + this.pollMs - this.options.clock.now());
      }
    }
    return false;
  }

  /** A poller outlives what goes wrong around it: the checkpoint says where the next poll begins. */
  private async pollOrLog(): Promise<Polled> {
    try {
      return await this.poll();
    } catch (error) {
      this.options.log.error('A shard could not be polled', error, { shardId: this.shardId });
      await this.pauses.pause(this.pollMs);
      return 'caught-up';
    }
  }

  private async poll(): Promise<Polled> {
    const { stream, streams, streamArn, batchSize, checkpoints, mayRead } = this.options;
    const { shardId } = this;
    if (mayRead !== undefined) await mayRead();
    // Asked before the records: one that is put in between is then found by the next poll.
    const shard = streams.shards(stream).find((listed) => listed.shardId === shardId);
    if (shard === undefined) return 'ended';
    const records = streams.read(stream, shardId, checkpoints.last(shardId), batchSize);
    if (records.length === 0) return shard.closed ? 'ended' : 'caught-up';
    const batch = fittingIntoEvent(streamArn, shardId, records);
    const full = records.length === batchSize || batch.length < records.length;
    if (!full && !this.windowIsOver()) return 'caught-up';
    this.waitingSinceMs = undefined;
    await this.delivery.deliver(shardId, batch);
    return full ? 'more' : 'caught-up';
  }

  private windowIsOver(): boolean {
    const nowMs = this.options.clock.now();
    this.waitingSinceMs ??= nowMs;
    return nowMs - this.waitingSinceMs >= this.options.batchWindowMs;
  }
}
