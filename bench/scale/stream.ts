import type { KinesisStreamRecord } from 'aws-lambda';
import { type AcceptedBeat, formatRecord } from '../../core/beat';
import { type Canary, formatCanary } from '../../core/canary';
import type { BeatStream, PutOutcome } from '../../core/ports';
import { textHash } from '../../core/text-hash';

interface Waiting {
  readonly arrivalMs: number;
  readonly data: string;
}

/** A stream whose records wait for the next look at their shard. Where a session belongs is up to its key, as with Kinesis. */
export class ShardedStream implements BeatStream {
  private readonly waiting: Waiting[][];
  private sequence = 0;
  /** When what is put now arrives. */
  arrivalMs = 0;

  constructor(readonly shards: number) {
    this.waiting = Array.from({ length: shards }, () => []);
  }

  async put(beats: readonly AcceptedBeat[]): Promise<readonly PutOutcome[]> {
    for (const beat of beats) this.place(this.shardOf(beat), formatRecord(beat));
    return beats.map(() => 'taken');
  }

  async putCanary(): Promise<PutOutcome> {
    this.place(0, formatCanary('endpoint'));
    return 'taken';
  }

  putOnShard(shard: number, canary: Canary): void {
    this.place(shard, formatCanary(canary));
  }

  /** What has arrived on a shard since the last look, oldest first. */
  take(shard: number): readonly KinesisStreamRecord[] {
    const taken = this.waiting[shard] ?? [];
    this.waiting[shard] = [];
    taken.sort((a, b) => a.arrivalMs - b.arrivalMs);
    return taken.map((record) => this.recordOf(shard, record));
  }

  private place(shard: number, data: string): void {
    this.waiting[shard]?.push({ arrivalMs: this.arrivalMs, data });
  }

  private shardOf({ subject, sessionId }: AcceptedBeat): number {
    return textHash(`${subject} ${sessionId}`) % this.shards;
  }

  private recordOf(shard: number, { arrivalMs, data }: Waiting): KinesisStreamRecord {
    this.sequence += 1;
    const sequenceNumber = String(this.sequence);
    return {
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey: '',
        sequenceNumber,
        data: Buffer.from(data).toString('base64'),
        approximateArrivalTimestamp: arrivalMs / 1_000,
      },
      eventSource: 'aws:kinesis',
      eventVersion: '1.0',
      eventID: `${shardName(shard)}:${sequenceNumber}`,
      eventName: 'aws:kinesis:record',
      invokeIdentityArn: '',
      awsRegion: 'us-east-1',
      eventSourceARN: '',
    };
  }
}

export const shardName = (shard: number): string => `shardId-${String(shard).padStart(12, '0')}`;
