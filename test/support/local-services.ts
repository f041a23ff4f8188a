import { DynamoDBClient, ListTablesCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  ListStreamsCommand,
  PutRecordCommand,
} from '@aws-sdk/client-kinesis';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { localAws } from './aws-client';
import type { Rollcall } from './rollcall';

type Item = Readonly<Record<string, unknown>>;

/** Looks into the services that stand for AWS, with the SDK, past all of Rollcall's code. */
export class LocalServices {
  private constructor(
    private readonly dynamo: DynamoDBClient,
    private readonly kinesis: KinesisClient,
  ) {}

  static async of(rollcall: Rollcall): Promise<LocalServices> {
    const { dynamodb, kinesis } = await rollcall.services();
    return new LocalServices(new DynamoDBClient(localAws(dynamodb)), new KinesisClient(localAws(kinesis)));
  }

  /** Everything in the table whose construct has this name. */
  async items(construct: string): Promise<readonly Item[]> {
    const { TableNames = [] } = await this.dynamo.send(new ListTablesCommand({}));
    const TableName = TableNames.find((name) => name.includes(construct));
    const items: Item[] = [];
    for await (const page of paginateScan({ client: this.dynamo }, { TableName })) {
      items.push(...(page.Items ?? []).map((item) => unmarshall(item)));
    }
    return items;
  }

  /** Everything in all tables, by table, each item as text that is the same for the same item. */
  async holdings(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const { TableNames = [] } = await this.dynamo.send(new ListTablesCommand({}));
    const tables = new Map<string, ReadonlySet<string>>();
    for (const name of TableNames) tables.set(name, new Set((await this.items(name)).map(canonicalText)));
    return tables;
  }

  /** Puts a record on the stream of heartbeats. */
  async putRecord(text: string, partitionKey: string): Promise<void> {
    const Data = Buffer.from(text);
    const StreamName = await this.stream();
    await this.kinesis.send(new PutRecordCommand({ StreamName, Data, PartitionKey: partitionKey }));
  }

  /** The text of every record on the stream of heartbeats, or of those that arrived from an instant on. */
  async records(fromMs?: number): Promise<readonly string[]> {
    const StreamName = await this.stream();
    const { Shards = [] } = await this.kinesis.send(new ListShardsCommand({ StreamName }));
    const begin =
      fromMs === undefined
        ? ({ ShardIteratorType: 'TRIM_HORIZON' } as const)
        : ({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(fromMs) } as const);
    const texts: string[] = [];
    for (const { ShardId } of Shards) {
      const place = { StreamName, ShardId, ...begin };
      const { ShardIterator } = await this.kinesis.send(new GetShardIteratorCommand(place));
      const { Records = [] } = await this.kinesis.send(new GetRecordsCommand({ ShardIterator }));
      texts.push(...Records.map(({ Data }) => Buffer.from(Data ?? []).toString('utf8')));
    }
    return texts;
  }

  close(): void {
    this.dynamo.destroy();
    this.kinesis.destroy();
  }

  private async stream(): Promise<string> {
    const { StreamNames = [] } = await this.kinesis.send(new ListStreamsCommand({}));
    return StreamNames[0] ?? '';
  }
}

/** Names come in any order from the engines, at any depth, and so do the members of a set. */
const canonicalText = (item: Item): string => JSON.stringify(item, canonical);

function canonical(_name: string, value: unknown): unknown {
  if (value instanceof Set) return [...value].sort();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
