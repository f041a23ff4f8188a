import { createHash } from 'node:crypto';
import {
  type AttributeValue,
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  type Put,
  PutItemCommand,
  paginateQuery,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type Attributes, plainAttributes } from '../../core/attributes';
import { chunksOf, mapBounded } from '../../core/concurrency';
import { TryAgainLater } from '../../core/errors';
import { expiresAtMs } from '../../core/lease';
import type { Pattern } from '../../core/pattern';
import type { SaveOutcome, SessionStore } from '../../core/ports';
import { type Ceased, type Session, type SessionKey, userText } from '../../core/session';
import type { Timings } from '../../core/timings';
import { requireKnownRow, versions } from '../../core/versions';
import { isLostRace } from './lost-race';
import { SessionInserts } from './session-inserts';

type Row = Record<string, AttributeValue>;

/** BatchGetItem takes 100 keys at most. */
const batchGetLimit = 100;
const batchGetRounds = 5;
const batchGetsAtOnce = 5;
const deletesAtOnce = 16;
/** They go with their session; this is for those whose session TTL took first. Renewals do not touch them. */
const attributesKeptMs = 400 * 24 * 60 * 60_000;

/** Sessions in DynamoDB, one compact row each, all rows of a region in one partition key. */
export class DynamoSessionStore implements SessionStore {
  private readonly inserts: SessionInserts;

  constructor(
    private readonly client: DynamoDBClient,
    private readonly table: string,
    private readonly timings: Timings,
  ) {
    this.inserts = new SessionInserts(client, table);
  }

  async load(keys: readonly SessionKey[]): Promise<readonly (Session | undefined)[]> {
    const rows = await this.rowsAt(keys.map(keyOf));
    return keys.map((key) => {
      const row = rows.get(keyText(keyOf(key)));
      return row && sessionOf(row);
    });
  }

  async attributes(keys: readonly SessionKey[]): Promise<readonly (Attributes | undefined)[]> {
    const rows = await this.rowsAt(keys.map(attributesKeyOf));
    return keys.map((key) => {
      const text = rows.get(keyText(attributesKeyOf(key)))?.attributes?.S;
      return text === undefined ? undefined : new Map(Object.entries(JSON.parse(text)));
    });
  }

  async ofUser(user: string): Promise<readonly Session[]> {
    const pages = paginateQuery(
      { client: this.client },
      {
        TableName: this.table,
        IndexName: 'byUser',
        KeyConditionExpression: '#user = :user',
        ExpressionAttributeNames: { '#user': 'user' },
        ExpressionAttributeValues: { ':user': { S: userKey(user) } },
      },
    );
    const keys: Row[] = [];
    for await (const page of pages) {
      for (const { bucket, session } of page.Items ?? [])
        if (bucket && session) keys.push({ bucket, session });
    }
    return [...(await this.rowsAt(keys)).values()].map(sessionOf);
  }

  async save(session: Session, attributes?: Attributes): Promise<SaveOutcome> {
    const saved = { ...session, revision: session.revision + 1 };
    const Item = rowOf(saved, this.timings);
    const isAlone = session.revision === 0 && attributes === undefined;
    if (isAlone && (await this.inserts.insert(Item))) return { saved };
    const Put = {
      TableName: this.table,
      Item,
      ...unchangedSince(session),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    };
    try {
      if (attributes === undefined) await this.client.send(new PutItemCommand(Put));
      else await this.client.send(this.together(Put, saved, attributes));
      return { saved };
    } catch (error) {
      if (!isLostRace(error)) throw error;
      const refused = conflictIn(error);
      // Whoever is still writing it shows nothing yet of what it will be.
      if (refused === undefined) return { conflict: (await this.load([session]))[0] };
      return { conflict: refused.row && sessionOf(refused.row) };
    }
  }

  private together(Put: Put, saved: Session, attributes: Attributes): TransactWriteItemsCommand {
    const Item = {
      ...attributesKeyOf(saved),
      attributes: { S: JSON.stringify(plainAttributes(attributes)) },
      ttl: { N: String(Math.ceil((saved.lastBeatAtMs + attributesKeptMs) / 1_000)) },
    };
    return new TransactWriteItemsCommand({
      TransactItems: [{ Put }, { Put: { TableName: this.table, Item } }],
    });
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
      const TableName = this.table;
      await this.client.send(
        new DeleteItemCommand({ TableName, Key: keyOf(session), ...unchangedSince(session) }),
      );
      if (session.attributes === undefined) return;
      await this.client.send(new DeleteItemCommand({ TableName, Key: attributesKeyOf(session) }));
    } catch (error) {
      // A beat came back to it, or TTL was faster: both are fine, and neither row may be touched now.
      if (!isLostRace(error)) throw error;
    }
  }

  private async rowsAt(keys: readonly Row[]): Promise<ReadonlyMap<string, Row>> {
    const rows = new Map<string, Row>();
    // BatchGetItem refuses a key that is there twice.
    const distinct = [...new Map(keys.map((key) => [keyText(key), key])).values()];
    const batches = chunksOf(distinct, batchGetLimit);
    for (const found of await mapBounded(batches, batchGetsAtOnce, (batch) => this.batchGet(batch))) {
      for (const row of found) rows.set(keyText(row), row);
    }
    return rows;
  }

  private async batchGet(keys: readonly Row[]): Promise<readonly Row[]> {
    const rows: Row[] = [];
    let wanted = keys;
    for (let round = 0; round < batchGetRounds && wanted.length > 0; round += 1) {
      const answer = await this.client.send(
        new BatchGetItemCommand({
          RequestItems: { [this.table]: { Keys: [...wanted], ConsistentRead: true } },
        }),
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

/** In a partition of their own: a settle reads all sessions of a region, and no attributes. */
const attributesKeyOf = (key: SessionKey): Row => ({
  ...keyOf(key),
  bucket: { S: `${key.region}#attributes` },
});

/**
 * A user in the index: the row's key says in full who it is, and each settle reads every row whole. 128 bits of a hash are a
 * fifth of a row shorter.
 */
export const userKey = (user: string): string =>
  createHash('sha256').update(user).digest('base64url').slice(0, 22);

const keyText = ({ bucket, session }: Row): string => `${bucket?.S} ${session?.S}`;

/** The row that made a conditional write fail, if it is that which failed. */
function conflictIn(error: unknown): { readonly row: Row | undefined } | undefined {
  if (error instanceof ConditionalCheckFailedException) return { row: error.Item };
  if (!(error instanceof TransactionCanceledException)) return undefined;
  const [reason] = error.CancellationReasons ?? [];
  return reason?.Code === 'ConditionalCheckFailed' ? { row: reason.Item } : undefined;
}

const unchangedSince = ({ revision }: Session) =>
  revision === 0
    ? { ConditionExpression: 'attribute_not_exists(revision)' }
    : {
        ConditionExpression: 'revision = :revision',
        ExpressionAttributeValues: { ':revision': { N: String(revision) } },
      };

/** A session as it is stored. */
export function rowOf(session: Session, timings: Timings): Row {
  const { issuer, subject, region, sessionId, ceased, ...rest } = session;
  return {
    ...keyOf({ issuer, subject, region, sessionId }),
    ...marshall(
      {
        user: userKey(userText(session)),
        ...rest,
        ...(ceased.length > 0 && { ceased }),
        ttl: ttlOf(session, timings),
        v: versions.row,
      },
      { removeUndefinedValues: true },
    ),
  };
}

/** DynamoDB's TTL reads epoch seconds; milliseconds would lie so far ahead that nothing ever expired. */
const ttlOf = ({ leaseUntilMs, leftAtMs = 0 }: Session, timings: Timings): number =>
  Math.ceil(expiresAtMs(Math.max(leaseUntilMs, leftAtMs), timings) / 1_000);

function sessionOf(row: Row): Session {
  const { bucket, session, user: _user, ttl: _ttl, v, dropped = [], ceased, ...rest } = unmarshall(row);
  requireKnownRow(v);
  const name = String(session);
  const [subjectAt, idAt] = [name.indexOf(' ') + 1, name.lastIndexOf(' ') + 1];
  return {
    ...(rest as Omit<Session, keyof SessionKey | 'ceased'>),
    ceased: ceased ?? ceasedOf010(dropped, rest.coversSinceMs),
    region: String(bucket).slice(0, -'#0'.length),
    issuer: name.slice(0, subjectAt - 1),
    subject: name.slice(subjectAt, idAt - 1),
    sessionId: name.slice(idAt),
  };
}

/** Release 0.1.0 wrote patterns alone, of the last change. */
const ceasedOf010 = (dropped: readonly Pattern[], atMs: number): readonly Ceased[] =>
  dropped.map((pattern) => ({ pattern, atMs, reason: 'leave' }));
