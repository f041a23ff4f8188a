import { createHash } from 'node:crypto';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { mapBounded } from '../../core/concurrency';
import type { Connection, ConnectionStore, Subscriber, Ticket } from '../../core/ports';
import type { Grants } from '../../core/rights';

type Row = Record<string, AttributeValue>;

/** Tickets, sockets and subscriptions in one table; which of them a row is, its topic says. */
const topics = {
  /** Hashed, so that whoever reads the table cannot open a socket with it. */
  ticket: (ticket: string) => `ticket ${createHash('sha256').update(ticket).digest('base64url')}`,
  connection: (connectionId: string) => `connection ${connectionId}`,
  region: (region: string) => `region ${region}`,
};
const deletesAtOnce = 16;

/** Tickets, open sockets and subscriptions in DynamoDB. */
export class DynamoConnectionStore implements ConnectionStore {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly table: string,
  ) {}

  async saveTicket(ticket: string, holder: Ticket, validUntilMs: number): Promise<void> {
    const row = { ...keyOf(topics.ticket(ticket), 'ticket'), ...holderRow(holder), validUntilMs };
    await this.client.send(this.put(row, validUntilMs));
  }

  async redeemTicket(ticket: string, nowMs: number): Promise<Ticket | undefined> {
    try {
      const { Attributes } = await this.client.send(
        new DeleteItemCommand({
          TableName: this.table,
          Key: marshall(keyOf(topics.ticket(ticket), 'ticket')),
          ConditionExpression: 'validUntilMs > :now',
          ExpressionAttributeValues: { ':now': { N: String(nowMs) } },
          ReturnValues: 'ALL_OLD',
        }),
      );
      return Attributes === undefined ? undefined : holderOf(Attributes);
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  }

  async open(connection: Connection, keepUntilMs: number): Promise<void> {
    const { connectionId } = connection;
    const row = { ...keyOf(topics.connection(connectionId), connectionId), ...holderRow(connection) };
    await this.client.send(this.put(row, keepUntilMs));
  }

  async find(connectionId: string): Promise<Connection | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({
        TableName: this.table,
        Key: marshall(keyOf(topics.connection(connectionId), connectionId)),
        ConsistentRead: true,
      }),
    );
    return Item && { connectionId, ...holderOf(Item), regions: Item.regions?.SS ?? [] };
  }

  async subscribe(connection: Connection, region: string, keepUntilMs: number): Promise<void> {
    const { connectionId } = connection;
    const subscription = { ...keyOf(topics.region(region), connectionId), ...holderRow(connection) };
    const noted = {
      TableName: this.table,
      Key: marshall(keyOf(topics.connection(connectionId), connectionId)),
      UpdateExpression: 'ADD regions :region',
      ConditionExpression: 'attribute_exists(topic)',
      ExpressionAttributeValues: { ':region': { SS: [region] } },
    };
    try {
      const Put = this.put(subscription, keepUntilMs).input;
      await this.client.send(new TransactWriteItemsCommand({ TransactItems: [{ Update: noted }, { Put }] }));
    } catch (error) {
      // The socket was closed meanwhile: without this condition its subscription would outlive it.
      if (!isConditionFailed(error)) throw error;
    }
  }

  async unsubscribe(connectionId: string, region: string): Promise<void> {
    await this.deleteRow(topics.region(region), connectionId);
    try {
      await this.client.send(
        new UpdateItemCommand({
          TableName: this.table,
          Key: marshall(keyOf(topics.connection(connectionId), connectionId)),
          UpdateExpression: 'DELETE regions :region',
          ConditionExpression: 'attribute_exists(topic)',
          ExpressionAttributeValues: { ':region': { SS: [region] } },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  async subscribers(region: string): Promise<readonly Subscriber[]> {
    const pages = paginateQuery(
      { client: this.client },
      {
        TableName: this.table,
        KeyConditionExpression: 'topic = :topic',
        ExpressionAttributeValues: { ':topic': { S: topics.region(region) } },
        ConsistentRead: true,
      },
    );
    const subscribers: Subscriber[] = [];
    for await (const page of pages) {
      for (const row of page.Items ?? []) {
        subscribers.push({ connectionId: row.connectionId?.S ?? '', ...holderOf(row) });
      }
    }
    return subscribers;
  }

  /** The connection's row goes first: from then on no subscription can be added, so none is overlooked. */
  async close(connectionId: string, subscribedTo: readonly string[] = []): Promise<void> {
    const closed = await this.deleteRow(topics.connection(connectionId), connectionId);
    const regions = new Set([...(closed?.regions?.SS ?? []), ...subscribedTo]);
    await mapBounded([...regions], deletesAtOnce, (region) =>
      this.deleteRow(topics.region(region), connectionId),
    );
  }

  private async deleteRow(topic: string, connectionId: string): Promise<Row | undefined> {
    const { Attributes } = await this.client.send(
      new DeleteItemCommand({
        TableName: this.table,
        Key: marshall(keyOf(topic, connectionId)),
        ReturnValues: 'ALL_OLD',
      }),
    );
    return Attributes;
  }

  private put(row: object, keepUntilMs: number): PutItemCommand {
    // DynamoDB's TTL reads epoch seconds.
    return new PutItemCommand({
      TableName: this.table,
      Item: marshall({ ...row, ttl: Math.ceil(keepUntilMs / 1_000) }),
    });
  }
}

const keyOf = (topic: string, connectionId: string) => ({ topic, connectionId });

/** Grants as JSON text: any region id may be a key of them. */
const holderRow = ({ issuer, subject, watch, expiresAtMs }: Ticket) => ({
  issuer,
  subject,
  watch: JSON.stringify(Object.fromEntries(watch)),
  expiresAtMs,
});

function holderOf(row: Row): Ticket {
  const { issuer, subject, watch, expiresAtMs } = unmarshall(row);
  const granted: Grants = new Map(Object.entries(JSON.parse(watch)));
  return { issuer, subject, watch: granted, expiresAtMs };
}

const isConditionFailed = (error: unknown): boolean =>
  error instanceof TransactionCanceledException &&
  (error.CancellationReasons ?? []).some((reason) => reason.Code === 'ConditionalCheckFailed');
