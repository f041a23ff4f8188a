import {
  type AttributeValue,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { localAws } from '../support/aws-client';
import type { Hosted } from '../support/hosted';

type Row = Record<string, AttributeValue>;

/** Reaches into the tables of a running Rollcall as an administrator would. */
export class TableEditor {
  private constructor(
    private readonly client: DynamoDBClient,
    private readonly names: readonly string[],
  ) {}

  static async of(hosted: Hosted): Promise<TableEditor> {
    const { dynamodb } = await hosted.services();
    const names = hosted.runtime.deployment.tables.map(({ definition }) => definition.TableName);
    return new TableEditor(new DynamoDBClient(localAws(dynamodb)), names);
  }

  async put(table: string, row: object): Promise<void> {
    await this.client.send(new PutItemCommand({ TableName: this.named(table), Item: marshall(row) }));
  }

  /** The first row like this. */
  async find(table: string, isIt: (row: Row) => boolean): Promise<Row> {
    const { Items = [] } = await this.client.send(new ScanCommand({ TableName: this.named(table) }));
    return Items.find(isIt) ?? {};
  }

  async set(table: string, key: Row, field: string, value: number): Promise<void> {
    await this.client.send(
      new UpdateItemCommand({
        TableName: this.named(table),
        Key: key,
        UpdateExpression: 'SET #field = :value',
        ExpressionAttributeNames: { '#field': field },
        ExpressionAttributeValues: marshall({ ':value': value }),
      }),
    );
  }

  close(): void {
    this.client.destroy();
  }

  /** Tables are named by their logical ids. */
  private named(table: string): string {
    return this.names.find((name) => name.includes(`Data${table}`)) ?? table;
  }
}
