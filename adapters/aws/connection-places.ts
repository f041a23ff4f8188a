import { createHash } from 'node:crypto';
import {
  DeleteItemCommand,
  type DynamoDBClient,
  paginateQuery,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Connection, Places, Ticket } from '../../core/connection';
import { isLostRace } from './lost-race';

type Holder = Pick<Ticket, 'issuer' | 'subject'>;

/**
 * The places of a subject are numbered rows under a topic of its own. A connection takes a free one in the transaction
 * that opens it: however many try at once, there are never more than there may be, and nothing needs to be counted
 * (docs/adr/0012-a-place-for-each-connection.md).
 */
export class ConnectionPlaces {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly table: string,
  ) {}

  /** One that was free just now; those who ask at the same time are sent to different ones. */
  async free(connection: Connection, { atMost, nowMs }: Places): Promise<number | undefined> {
    const taken = await this.taken(connection, nowMs);
    const free = Array.from({ length: atMost }, (_, place) => place).filter((place) => !taken.has(place));
    return free[numberFrom(connection.connectionId) % free.length];
  }

  /** Takes the place as part of a transaction, unless somebody else has meanwhile. */
  taking(place: number, connection: Connection, keepUntilMs: number, nowMs: number): TransactWriteItem {
    const row = {
      ...keyOf(place, connection),
      heldBy: connection.connectionId,
      keptUntilMs: keepUntilMs,
      ttl: Math.ceil(keepUntilMs / 1_000),
    };
    return {
      Put: {
        TableName: this.table,
        Item: marshall(row),
        ConditionExpression: 'attribute_not_exists(topic) OR keptUntilMs <= :now',
        ExpressionAttributeValues: { ':now': { N: String(nowMs) } },
      },
    };
  }

  /** Gives the place back. Who is missed late may have lost it to somebody else by then. */
  async leave(place: number, holder: Holder, connectionId: string): Promise<void> {
    try {
      await this.client.send(
        new DeleteItemCommand({
          TableName: this.table,
          Key: marshall(keyOf(place, holder)),
          ConditionExpression: 'heldBy = :connection',
          ExpressionAttributeValues: { ':connection': { S: connectionId } },
        }),
      );
    } catch (error) {
      if (!isLostRace(error)) throw error;
    }
  }

  private async taken(holder: Holder, nowMs: number): Promise<ReadonlySet<number>> {
    const pages = paginateQuery(
      { client: this.client },
      {
        TableName: this.table,
        KeyConditionExpression: 'topic = :topic',
        ExpressionAttributeValues: { ':topic': { S: topicOf(holder) } },
        ConsistentRead: true,
      },
    );
    const taken = new Set<number>();
    for await (const page of pages) {
      for (const { connectionId, keptUntilMs } of page.Items ?? []) {
        if (Number(keptUntilMs?.N) > nowMs) taken.add(Number(connectionId?.S?.slice(prefix.length)));
      }
    }
    return taken;
  }
}

const prefix = 'place ';

const keyOf = (place: number, holder: Holder) => ({
  topic: topicOf(holder),
  connectionId: `${prefix}${place}`,
});

/** Hashed, since a key holds only so much, and a subject may be longer. */
const topicOf = ({ issuer, subject }: Holder): string =>
  `subject ${createHash('sha256').update(`${issuer} ${subject}`).digest('base64url')}`;

const numberFrom = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE();
