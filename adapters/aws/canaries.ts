import {
  type KinesisClient,
  type Shard as ListedShard,
  ListShardsCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import type { Shard } from '../../core/as-of';
import { formatCanary } from '../../core/canary';
import { chunksOf } from '../../core/concurrency';
import type { Canaries, Log, PutOutcome } from '../../core/ports';

/** PutRecords takes 500 records at most. */
const recordsPerCall = 500;
/** A front end would not wait longer either. */
const postTimeoutMs = 3_000;

/** What the canaries work with. */
export interface CanaryParts {
  readonly client: KinesisClient;
  /** Name of the stream. */
  readonly stream: string;
  readonly heartbeatUrl: string;
  /** What a canary shows at the endpoint instead of a bearer token. */
  readonly authorization: (nowMs: number) => Promise<string>;
  readonly log: Log;
}

/** Canaries on Kinesis and through the public endpoint. */
export class StreamCanaries implements Canaries {
  private listed: readonly Shard[] | undefined;

  constructor(private readonly parts: CanaryParts) {}

  async shards(): Promise<readonly Shard[]> {
    this.listed ??= await this.list();
    return this.listed;
  }

  async putOnShards(): Promise<void> {
    const open = (await this.shards()).filter((shard) => shard.open);
    for (const chunk of chunksOf(open, recordsPerCall)) await this.putOn(chunk);
  }

  async postThroughEndpoint(nowMs: number): Promise<PutOutcome> {
    const { heartbeatUrl, authorization, log } = this.parts;
    try {
      const response = await fetch(heartbeatUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: await authorization(nowMs) },
        body: '{}',
        signal: AbortSignal.timeout(postTimeoutMs),
      });
      await response.arrayBuffer();
      if (response.status === 202) return 'taken';
      log.info('the endpoint turned a canary away', { status: response.status });
    } catch (error) {
      // Whatever kept the canary from being taken keeps beats from it too: as-of must not pass this instant (TR1).
      log.error('the endpoint took no canary', error);
    }
    return 'busy';
  }

  /** A canary that lands on another shard than the list says finds a reshard: the list is read again. */
  private async putOn(shards: readonly Shard[]): Promise<void> {
    const { client, stream } = this.parts;
    const { Records = [] } = await client.send(
      new PutRecordsCommand({
        StreamName: stream,
        Records: shards.map(({ shardId, firstHashKey }) => ({
          Data: Buffer.from(formatCanary('shard')),
          PartitionKey: shardId,
          ExplicitHashKey: firstHashKey,
        })),
      }),
    );
    const moved = Records.some(
      ({ ShardId }, index) => ShardId !== undefined && ShardId !== shards[index]?.shardId,
    );
    if (moved) this.listed = undefined;
  }

  private async list(): Promise<readonly Shard[]> {
    const { client, stream } = this.parts;
    const shards: Shard[] = [];
    let NextToken: string | undefined;
    do {
      // A page after the first is asked for by its token alone (Kinesis API reference, ListShards).
      const request = NextToken === undefined ? { StreamName: stream } : { NextToken };
      const answer = await client.send(new ListShardsCommand(request));
      shards.push(...(answer.Shards ?? []).map(shardOf));
      NextToken = answer.NextToken;
    } while (NextToken !== undefined);
    return shards;
  }
}

const shardOf = (shard: ListedShard): Shard => ({
  shardId: shard.ShardId ?? '',
  parents: [shard.ParentShardId, shard.AdjacentParentShardId].filter((id) => id !== undefined),
  open: shard.SequenceNumberRange?.EndingSequenceNumber === undefined,
  firstHashKey: shard.HashKeyRange?.StartingHashKey ?? '0',
});
