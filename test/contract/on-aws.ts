import { randomUUID } from 'node:crypto';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';

/** Whether the suites run on AWS itself too, in the account and the region that the environment says. They cost a few cents. */
export const remote = process.env.REMOTE === '1';
/** How long AWS may take to make what a suite needs, and to take it away. */
export const remoteTimeoutMs = 180_000;

const ownName = (): string => `rollcall-contract-${randomUUID().slice(0, 8)}`;

/** A stream of two shards of its own, gone after `close`. */
export async function streamOnAws() {
  const client = new KinesisClient({});
  const StreamName = ownName();
  await client.send(new CreateStreamCommand({ StreamName, ShardCount: 2 }));
  await waitUntilStreamExists({ client, maxWaitTime: remoteTimeoutMs / 1_000 }, { StreamName });
  return {
    client,
    name: StreamName,
    /** The records of each shard, in their order. */
    records: () => recordsOf(client, StreamName),
    close: async () => {
      await client.send(new DeleteStreamCommand({ StreamName }));
      client.destroy();
    },
  };
}

async function recordsOf(client: KinesisClient, StreamName: string): Promise<readonly (readonly Buffer[])[]> {
  const shards: Buffer[][] = [];
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName }));
  for (const { ShardId } of Shards) shards.push(await shardRecords(client, StreamName, ShardId));
  return shards;
}

async function shardRecords(
  client: KinesisClient,
  StreamName: string,
  ShardId: string | undefined,
): Promise<Buffer[]> {
  const place = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
  let { ShardIterator } = await client.send(new GetShardIteratorCommand(place));
  const records: Buffer[] = [];
  while (ShardIterator !== undefined) {
    const answer = await client.send(new GetRecordsCommand({ ShardIterator }));
    records.push(...(answer.Records ?? []).map(({ Data }) => Buffer.from(Data ?? [])));
    ShardIterator = answer.MillisBehindLatest === 0 ? undefined : answer.NextShardIterator;
  }
  return records;
}

/** A bucket of its own, gone with all that is in it after `close`. */
export async function bucketOnAws() {
  const client = new S3Client({});
  const Bucket = ownName();
  await client.send(new CreateBucketCommand({ Bucket }));
  const keys = async (): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket })) {
      found.push(...Contents.map(({ Key = '' }) => Key));
    }
    return found;
  };
  return {
    client,
    name: Bucket,
    keys,
    read: async (Key: string): Promise<object> => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      return JSON.parse((await Body?.transformToString()) ?? '');
    },
    close: async () => {
      for (const Key of await keys()) await client.send(new DeleteObjectCommand({ Bucket, Key }));
      await client.send(new DeleteBucketCommand({ Bucket }));
      client.destroy();
    },
  };
}
