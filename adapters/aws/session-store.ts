import {
  type AttributeValue,
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  paginateQuery,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { chunksOf, mapBounded } from '../../core/concurrency';
import { TryAgainLater } from '../../core/errors';
import { finalUntilMs } from '../../core/lease';
import type { SaveOutcome, SessionStore } from '../../core/ports';
import { type Session, type SessionKey, sessionKeyText, userText } from '../../core/session';
import type { Timings } from '../../core/timings';

type Row = Record<string, AttributeValue>;

/** BatchGetItem takes 100 keys at most. */
const batchGetLimit = 100;
const batchGetRounds = 5;
const deletesAtOnce = 16;

/** Sessions in DynamoDB, one compact row each, all rows of a region in one partition key. */
export class DynamoSessionStore implements SessionStore {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly table: string,
    private readonly timings: Timings,
  ) {}

  async load(keys: readonly SessionKey[]): Promise<readonly (Session | undefined)[]> {
    const found = new Map<string, Session>();
    for (const batch of chunksOf(keys, batchGetLimit)) {
      for (const row of await this.batchGet(batch)) {
        const session = sessionOf(row);
        found.set(sessionKeyText(session), session);
      }
    }
    return keys.map((key) => found.get(sessionKeyText(key)));
  }

  async save(session: Session): Promise<SaveOutcome> {
    const saved = { ...session, revision: session.revision + 1 };
    try {
      await this.client.send(
        new PutItemCommand({
          TableName: this.table,
          Item: rowOf(saved, this.timings),
          ...unchangedSince(session),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return { saved };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { conflict: error.Item === undefined ? undefined : sessionOf(error.Item) };
    }
  }

  async list(region: string, read: { readonly consistent: boolean }): Promise<readonly Session[]> {
    const pages = paginateQuery(
      { client: this.client },
      {
        TableName: this.table,
        KeyConditionExpression: '#bucket = :bucket',
        ExpressionAttributeNames: { '#bucket': 'bucket' },
        ExpressionAttributeValues: { ':bucket': { S: bucketOf(region) } },
        ConsistentRead: read.consistent,
      },
    );
    const sessions: Session[] = [];
    for await (const page of pages) for (const row of page.Items ?? []) sessions.push(sessionOf(row));
    return sessions;
  }

  async remove(sessions: readonly Session[]): Promise<void> {
    await mapBounded(sessions, deletesAtOnce, (session) => this.removeUnchanged(session));
  }

  private async removeUnchanged(session: Session): Promise<void> {
    try {
      await this.client.send(
        new DeleteItemCommand({
          TableName: this.table,
          Key: keyOf(session),
          ...unchangedSince(session),
        }),
      );
    } catch (error) {
      // A beat came back to it, or TTL was faster: both are fine, and neither row may be touched now.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  private async batchGet(keys: readonly SessionKey[]): Promise<readonly Row[]> {
    const rows: Row[] = [];
    let wanted: readonly Row[] = keys.map(keyOf);
    for (let round = 0; round < batchGetRounds && wanted.length > 0; round += 1) {
      const answer = await this.client.send(
        new BatchGetItemCommand({ RequestItems: { [this.table]: { Keys: [...wanted] } } }),
      );
      rows.push(...(answer.Responses?.[this.table] ?? []));
      wanted = answer.UnprocessedKeys?.[this.table]?.Keys ?? [];
    }
    if (wanted.length > 0) {
      throw new TryAgainLater('DynamoDB left keys of a batch unread', { actual: wanted.length, expected: 0 });
    }
    return rows;
  }
}

/** One partition per region; DynamoDB splits a busy one by itself along the sort key. */
const bucketOf = (region: string): string => `${region}#0`;

const keyOf = (key: SessionKey): Row => ({
  bucket: { S: bucketOf(key.region) },
  session: { S: `${key.issuer} ${key.subject} ${key.sessionId}` },
});

const unchangedSince = ({ revision }: Session) =>
  revision === 0
    ? { ConditionExpression: 'attribute_not_exists(revision)' }
    : {
        ConditionExpression: 'revision = :revision',
        ExpressionAttributeValues: { ':revision': { N: String(revision) } },
      };

function rowOf(session: Session, timings: Timings): Row {
  const { issuer, subject, region, sessionId, dropped, ...rest } = session;
  const endMs = Math.max(session.leaseUntilMs, session.leftAtMs ?? 0);
  return {
    ...keyOf({ issuer, subject, region, sessionId }),
    ...marshall(
      {
        user: userText(session),
        ...rest,
        ...(dropped.length > 0 && { dropped }),
        // DynamoDB's TTL reads epoch seconds; milliseconds would lie so far ahead that nothing ever expired.
        ttl: Math.ceil(finalUntilMs(endMs, timings) / 1_000),
      },
      { removeUndefinedValues: true },
    ),
  };
}

function sessionOf(row: Row): Session {
  const { bucket, session, user: _user, ttl: _ttl, dropped, ...rest } = unmarshall(row);
  const name = String(session);
  const [subjectAt, idAt] = [name.indexOf(' ') + 1, name.lastIndexOf(' ') + 1];
  return {
    ...(rest as Omit<Session, keyof SessionKey | 'dropped'>),
    dropped: dropped ?? [],
    region: String(bucket).slice(0, -'#0'.length),
    issuer: name.slice(0, subjectAt - 1),
    subject: name.slice(subjectAt, idAt - 1),
    sessionId: name.slice(idAt),
  };
}
