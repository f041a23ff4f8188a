import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateScan,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { calmMs, newStanding, type Standing, type WatermarkRecord } from '../../core/as-of';
import type { Watermarks } from '../../core/ports';
import type { Timings } from '../../core/timings';
import { watermarkItems } from './watermark-items';

type Row = Record<string, AttributeValue>;

const shardPrefix = watermarkItems.shard('');

/** A shard that was closed by a reshard is asked for until its children are read; days later nobody does. */
const shardsKeptMs = 7 * 24 * 60 * 60 * 1_000;

/** Watermarks in DynamoDB, an item each. */
export class DynamoWatermarks implements Watermarks {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly table: string,
    private readonly timings: Timings,
  ) {}

  async read(): Promise<WatermarkRecord> {
    const rows = new Map<string, Row>();
    const pages = paginateScan({ client: this.client }, { TableName: this.table, ConsistentRead: true });
    for await (const page of pages) for (const row of page.Items ?? []) rows.set(row.source?.S ?? '', row);
    const shards = [...rows]
      .filter(([source]) => source.startsWith(shardPrefix))
      .map(([source, row]) => [source.slice(shardPrefix.length), numberIn(row, 'atMs')] as const);
    const refusals = rows.get(watermarkItems.refusals);
    return {
      shards: new Map(shards),
      endpoint: {
        canaryMs: numberIn(rows.get(watermarkItems.endpoint), 'atMs'),
        ...(refusals && {
          refusals: { fromMs: numberIn(refusals, 'fromMs'), untilMs: numberIn(refusals, 'untilMs') },
        }),
      },
    };
  }

  async advanceShard(shardId: string, watermarkMs: number): Promise<void> {
    await this.advance(watermarkItems.shard(shardId), watermarkMs, {
      ttl: Math.ceil((watermarkMs + shardsKeptMs) / 1_000),
    });
  }

  async advanceEndpoint(arrivalMs: number): Promise<void> {
    await this.advance(watermarkItems.endpoint, arrivalMs);
  }

  /** In two steps, neither of which reads: the series goes on if there is one, else it begins. */
  async noteRefusal(atMs: number): Promise<void> {
    const values = { ':at': atMs, ':calm': atMs - calmMs(this.timings) };
    const goesOn = await this.updateIf(watermarkItems.refusals, {
      UpdateExpression: 'SET untilMs = :at',
      ConditionExpression: 'untilMs BETWEEN :calm AND :at',
      ExpressionAttributeValues: marshall(values),
    });
    if (goesOn) return;
    await this.updateIf(watermarkItems.refusals, {
      UpdateExpression: 'SET fromMs = :at, untilMs = :at',
      ConditionExpression: 'attribute_not_exists(untilMs) OR untilMs < :calm',
      ExpressionAttributeValues: marshall(values),
    });
  }

  async standing(): Promise<Standing> {
    const row = await this.get(watermarkItems.standing);
    if (row === undefined) return newStanding;
    const { source: _, ...standing } = unmarshall(row);
    return standing as Standing;
  }

  async saveStanding(standing: Standing): Promise<boolean> {
    const { revision } = standing;
    try {
      await this.client.send(
        new PutItemCommand({
          TableName: this.table,
          Item: marshall({ source: watermarkItems.standing, ...standing, revision: revision + 1 }),
          ...(revision === 0
            ? { ConditionExpression: 'attribute_not_exists(revision)' }
            : {
                ConditionExpression: 'revision = :revision',
                ExpressionAttributeValues: marshall({ ':revision': revision }),
              }),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  async noteTold(asOfMs: number): Promise<void> {
    await this.advance(watermarkItems.told, asOfMs);
  }

  async told(): Promise<number> {
    return numberIn(await this.get(watermarkItems.told), 'atMs');
  }

  private async get(source: string): Promise<Row | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.table, Key: { source: { S: source } }, ConsistentRead: true }),
    );
    return Item;
  }

  /** Only ever forward: batches of a shard are retried, and two monitors overlap. */
  private async advance(source: string, atMs: number, more: Readonly<Record<string, number>> = {}) {
    const fields = Object.entries({ atMs, ...more });
    await this.updateIf(source, {
      UpdateExpression: `SET ${fields.map(([name]) => `#${name} = :${name}`).join(', ')}`,
      ConditionExpression: 'attribute_not_exists(#atMs) OR #atMs < :atMs',
      ExpressionAttributeNames: Object.fromEntries(fields.map(([name]) => [`#${name}`, name])),
      ExpressionAttributeValues: marshall(
        Object.fromEntries(fields.map(([name, value]) => [`:${name}`, value])),
      ),
    });
  }

  /** @returns whether the condition held */
  private async updateIf(
    source: string,
    update: Omit<UpdateItemCommandInput, 'TableName' | 'Key'>,
  ): Promise<boolean> {
    try {
      await this.client.send(
        new UpdateItemCommand({ TableName: this.table, Key: { source: { S: source } }, ...update }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}

const numberIn = (row: Row | undefined, name: string): number => Number(row?.[name]?.N ?? 0);
