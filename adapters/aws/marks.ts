import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { RegionLedger } from '../../core/ports';
import { markItem } from './region-items';

/** The one thing that the heartbeat monitor writes to the Regions table. */
export class DynamoMarks implements Pick<RegionLedger, 'raiseMark'> {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly table: string,
  ) {}

  async raiseMark(region: string): Promise<void> {
    await this.client.send(
      new UpdateItemCommand({
        TableName: this.table,
        Key: marshall({ region, item: markItem }),
        UpdateExpression: 'ADD #value :one',
        ExpressionAttributeNames: { '#value': 'value' },
        ExpressionAttributeValues: { ':one': { N: '1' } },
      }),
    );
  }
}
