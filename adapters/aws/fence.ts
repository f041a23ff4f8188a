import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Fence } from '../../core/ports';
import { fenceKey } from './region-items';

/** A counter in the Regions table: whoever raised it last may go on. */
export class DynamoFence implements Fence {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly table: string,
  ) {}

  async take(): Promise<number> {
    const { Attributes } = await this.client.send(
      new UpdateItemCommand({
        TableName: this.table,
        Key: fenceKey,
        UpdateExpression: 'ADD turn :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    return Number(Attributes?.turn?.N);
  }

  async isCurrent(turn: number): Promise<boolean> {
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.table, Key: fenceKey, ConsistentRead: true }),
    );
    return Number(Item?.turn?.N) === turn;
  }
}
