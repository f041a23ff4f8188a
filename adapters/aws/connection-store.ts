import { createHash } from 'node:crypto';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { mapBounded } from '../../core/concurrency';
import type {
  Connection,
  ConnectionStore,
  Places,
  PresenceSubscriber,
  Subscriber,
  Ticket,
  Topic,
} from '../../core/connection';
import { TryAgainLater } from '../../core/errors';
import type { Grants } from '../../core/rights';
import { topicIn, topicText } from '../../core/topic';
import { ConnectionPlaces } from './connection-places';
import { isLostRace } from './lost-race';

type Row = Record<string, AttributeValue>;

/** Tickets, sockets and subscriptions in one table; which of them a row is, its topic says. */
const topics = {
  /** Hashed, so that whoever reads the table cannot open a socket with it. */
  ticket: (ticket: string) => `ticket ${createHash('sha256').update(ticket).digest('base64url')}`,
  connection: (connectionId: string) => `connection ${connectionId}`,
  region: (region: string) => `region ${region}`,
  presence: (region: string) => `presence ${region}`,
};
const deletesAtOnce = 16;
/** Each that fails lets another one of the same subject through. */
const openAttempts = 10;

/** Tickets, open sockets and subscriptions in DynamoDB. */
export class DynamoConnectionStore implements ConnectionStore {
  private readonly places: ConnectionPlaces;

  constructor(
    private readonly client: DynamoDBClient,
    private readonly table: string,
  ) {
    this.places = new ConnectionPlaces(client, table);
  }

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

  async open(connection: Connection, keepUntilMs: number, places: Places): Promise<boolean> {
    for (let attempt = 1; attempt <= openAttempts; attempt += 1) {
      const place = await this.places.free(connection, places);
      if (place === undefined) return false;
      if (await this.openAt(place, connection, keepUntilMs, places.nowMs)) return true;
    }
    throw new TryAgainLater('every place was taken by another connection first', { actual: openAttempts });
  }

  async find(connectionId: string): Promise<Connection | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({
        TableName: this.table,
        Key: marshall(keyOf(topics.connection(connectionId), connectionId)),
        ConsistentRead: true,
      }),
    );
    return Item && { connectionId, ...holderOf(Item), topics: (Item.subscriptions?.SS ?? []).map(topicIn) };
  }

  /**
   * The subscription first, then the note in the connection's row, which closing goes by. No transaction: a page that reconnects
   * subscribes to hundreds of topics at once, and of transactions that meet in that one row DynamoDB cancels all but one.
   */
  async subscribe(
    connection: Connection,
    topic: Topic,
    keepUntilMs: number,
    atMost: number,
  ): Promise<boolean> {
    const { connectionId } = connection;
    const key = subscriptionKey(topic, connectionId);
    await this.client.send(this.put({ ...key, ...holderRow(connection) }, keepUntilMs));
    const noted = await this.note(connectionId, 'ADD', topic, {
      condition: `attribute_not_exists(subscriptions) OR size(subscriptions) < :atMost OR contains(subscriptions, :text)`,
      values: { ':atMost': { N: String(atMost) }, ':text': { S: topicText(topic) } },
    });
    // Whoever closed the socket meanwhile could not know of this subscription.
    if (!noted) await this.deleteRow(key);
    return noted;
  }

  async unsubscribe(connectionId: string, topic: Topic): Promise<void> {
    await this.deleteRow(subscriptionKey(topic, connectionId));
    await this.note(connectionId, 'DELETE', topic);
  }

  async subscribers(region: string): Promise<readonly Subscriber[]> {
    const rows = await this.rowsOf(topics.region(region));
    return rows.map((row) => ({ connectionId: row.connectionId?.S ?? '', ...holderOf(row) }));
  }

  async presenceSubscribers(region: string): Promise<readonly PresenceSubscriber[]> {
    const rows = await this.rowsOf(topics.presence(region));
    return rows.map((row) => {
      const [connectionId = '', facility = ''] = (row.connectionId?.S ?? '').split(' ');
      return { connectionId, facility, ...holderOf(row) };
    });
  }

  /** The connection's row goes first: from then on no subscription can be added, so none is overlooked. */
  async close(connectionId: string, subscribedTo: readonly Topic[] = []): Promise<void> {
    const closed = await this.deleteRow(keyOf(topics.connection(connectionId), connectionId));
    const texts = new Set([...(closed?.subscriptions?.SS ?? []), ...subscribedTo.map(topicText)]);
    await mapBounded([...texts], deletesAtOnce, (text) =>
      this.deleteRow(subscriptionKey(topicIn(text), connectionId)),
    );
    if (closed?.place?.N === undefined) return;
    await this.places.leave(Number(closed.place.N), holderOf(closed), connectionId);
  }

  /** @returns false when there is no such connection any more, or the condition does not hold */
  private async note(
    connectionId: string,
    change: 'ADD' | 'DELETE',
    topic: Topic,
    only?: { readonly condition: string; readonly values: Row },
  ): Promise<boolean> {
    try {
      await this.client.send(
        new UpdateItemCommand({
          TableName: this.table,
          Key: marshall(keyOf(topics.connection(connectionId), connectionId)),
          UpdateExpression: `${change} subscriptions :topic`,
          ConditionExpression: `attribute_exists(topic)${only ? ` AND (${only.condition})` : ''}`,
          ExpressionAttributeValues: { ':topic': { SS: [topicText(topic)] }, ...only?.values },
        }),
      );
      return true;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return false;
    }
  }

  private async rowsOf(topic: string): Promise<readonly Row[]> {
    const pages = paginateQuery(
      { client: this.client },
      {
        TableName: this.table,
        KeyConditionExpression: 'topic = :topic',
        ExpressionAttributeValues: { ':topic': { S: topic } },
        ConsistentRead: true,
      },
    );
    const rows: Row[] = [];
    for await (const page of pages) rows.push(...(page.Items ?? []));
    return rows;
  }

  private async openAt(
    place: number,
    connection: Connection,
    keepUntilMs: number,
    nowMs: number,
  ): Promise<boolean> {
    const { connectionId } = connection;
    const key = keyOf(topics.connection(connectionId), connectionId);
    const Put = this.put({ ...key, ...holderRow(connection), place }, keepUntilMs).input;
    const taking = this.places.taking(place, connection, keepUntilMs, nowMs);
    try {
      await this.client.send(new TransactWriteItemsCommand({ TransactItems: [taking, { Put }] }));
      return true;
    } catch (error) {
      if (!isLostRace(error)) throw error;
      return false;
    }
  }

  private async deleteRow(key: RowKey): Promise<Row | undefined> {
    const { Attributes } = await this.client.send(
      new DeleteItemCommand({
        TableName: this.table,
        Key: marshall(key),
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

interface RowKey {
  readonly topic: string;
  readonly connectionId: string;
}

const keyOf = (topic: string, connectionId: string): RowKey => ({ topic, connectionId });

/** All who watch the presence in some facility of a region are in one partition, so that one query finds them. */
const subscriptionKey = ({ region, facility }: Topic, connectionId: string): RowKey =>
  facility === undefined
    ? keyOf(topics.region(region), connectionId)
    : keyOf(topics.presence(region), `${connectionId} ${facility}`);

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
