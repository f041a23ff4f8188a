import {
  CreateStreamCommand,
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  KinesisClient,
  type KinesisClientConfig,
  ListShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  type PutRecordsRequestEntry,
  type Shard,
} from '@aws-sdk/client-kinesis';
import { NodeHttp2Handler, NodeHttpHandler } from '@smithy/node-http-handler';
import { startKinesis } from '../../../local/kinesis/server';
import { Streams, type StreamsOptions } from '../../../local/kinesis/streams';
import type { LocalServer } from '../../../local/loopback';

export const shardOne = 'shardId-000000000000';
export const noonMs = Date.UTC(2026, 6, 1, 12);

export type Protocol = 'HTTP/1.1' | 'HTTP/2 without TLS';

export interface SceneOptions extends Partial<Omit<StreamsOptions, 'now'>> {
  readonly protocol?: Protocol;
  readonly shards?: number;
}

const handlers: Record<Protocol, () => NonNullable<KinesisClientConfig['requestHandler']>> = {
  'HTTP/1.1': () => new NodeHttpHandler(),
  'HTTP/2 without TLS': () => new NodeHttp2Handler(),
};

type IteratorStart = Omit<GetShardIteratorCommandInput, 'StreamName' | 'ShardId'>;

export const fromTheOldest: IteratorStart = { ShardIteratorType: 'TRIM_HORIZON' };

/** The stream `beats` behind the SDK's own client, at a time that only a test moves. */
export class KinesisScene {
  nowMs = noonMs;
  readonly streams: Streams;
  private server: LocalServer | undefined;
  private connected: KinesisClient | undefined;

  private constructor(options: SceneOptions) {
    const { protocol: _protocol, shards: _shards, ...kept } = options;
    this.streams = Streams.open({ now: () => this.nowMs, ...kept });
  }

  static async with(options: SceneOptions = {}): Promise<KinesisScene> {
    const scene = new KinesisScene(options);
    scene.server = await startKinesis(scene.streams, { now: () => scene.nowMs });
    scene.connected = new KinesisClient({
      endpoint: scene.server.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
      requestHandler: handlers[options.protocol ?? 'HTTP/1.1'](),
    });
    await scene.client.send(
      new CreateStreamCommand({ StreamName: 'beats', ShardCount: options.shards ?? 1 }),
    );
    return scene;
  }

  get client(): KinesisClient {
    if (this.connected === undefined) throw new Error('The scene has not begun.');
    return this.connected;
  }

  get endpoint(): string {
    return this.server?.endpoint ?? '';
  }

  /** Ends everything, as Ctrl-C does. */
  async close(): Promise<void> {
    this.connected?.destroy();
    await this.server?.close();
    this.streams.close();
  }

  put(text: string, partitionKey = 'a') {
    return this.client.send(
      new PutRecordCommand({ StreamName: 'beats', PartitionKey: partitionKey, Data: Buffer.from(text) }),
    );
  }

  putInto(text: string, hashKey: string) {
    return this.client.send(
      new PutRecordCommand({
        StreamName: 'beats',
        PartitionKey: 'a',
        ExplicitHashKey: hashKey,
        Data: Buffer.from(text),
      }),
    );
  }

  putAll(records: readonly PutRecordsRequestEntry[]) {
    return this.client.send(new PutRecordsCommand({ StreamName: 'beats', Records: [...records] }));
  }

  async shards(): Promise<readonly Shard[]> {
    const { Shards = [] } = await this.client.send(new ListShardsCommand({ StreamName: 'beats' }));
    return Shards;
  }

  async iterator(start: IteratorStart, shardId = shardOne): Promise<string> {
    const command = new GetShardIteratorCommand({ StreamName: 'beats', ShardId: shardId, ...start });
    return (await this.client.send(command)).ShardIterator ?? '';
  }

  get(iterator: string | undefined, limit?: number): Promise<GetRecordsCommandOutput> {
    return this.client.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: limit }));
  }

  /** What the records of a shard say from a start on. */
  async texts(start: IteratorStart = fromTheOldest, shardId = shardOne): Promise<readonly string[]> {
    return textsOf(await this.get(await this.iterator(start, shardId)));
  }
}

export const textsOf = ({ Records = [] }: GetRecordsCommandOutput): readonly string[] =>
  Records.map(({ Data }) => Buffer.from(Data ?? []).toString());

/** A record of so many bytes, the partition key included. */
export const recordOf = (bytes: number, partitionKey = 'a'): PutRecordsRequestEntry => ({
  PartitionKey: partitionKey,
  Data: Buffer.alloc(bytes - partitionKey.length),
});

/** In bytes. */
export const mebibytes = (count: number): number => count * 1_024 * 1_024;
