import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  paginateScan,
  type ScanCommandInput,
} from '@aws-sdk/client-dynamodb';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { mapBounded } from '../../core/concurrency';
import { userText } from '../../core/session';

type Row = Record<string, AttributeValue>;

/** A person, as tokens name them. */
export interface Person {
  readonly issuer: string;
  readonly subject: string;
}

/** Where a deployment keeps what it knows of people. */
export interface Places {
  readonly sessions: string;
  readonly presence: string;
  readonly connections: string;
  readonly deadLetters: string;
}

/** What was found of a person, by where it is. */
export interface Found {
  /** Sessions, and attributes that were left behind by them. */
  readonly sessions: readonly Row[];
  /** When the last session that is live now ends; absent when none is. */
  readonly liveUntilMs?: number;
  /** Where they are told to be present, and what was told of them within the last hour. */
  readonly presence: readonly Row[];
  /** Open sockets, tickets and subscriptions. */
  readonly connections: readonly Row[];
  /** Keys of objects in which the subject occurs. */
  readonly deadLetters: readonly string[];
}

const atOnce = 16;

/** Finds and deletes what is stored of one person. Reads every row of three tables: it is for now and then. */
export class Erasure {
  constructor(
    private readonly dynamo: DynamoDBClient,
    private readonly s3: S3Client,
    private readonly places: Places,
  ) {}

  async find(person: Person, nowMs: number): Promise<Found> {
    const [sessions, presence, connections, deadLetters] = await Promise.all([
      this.sessionsOf(person),
      this.rows(this.places.presence, ['facility', 'item'], '#user = :user', { ':user': userText(person) }),
      this.connectionsOf(person),
      this.lettersWith(person.subject),
    ]);
    const ends = sessions.map(({ leaseUntilMs }) => Number(leaseUntilMs?.N ?? 0));
    const liveUntilMs = Math.max(0, ...ends);
    return {
      sessions,
      ...(liveUntilMs > nowMs && { liveUntilMs }),
      presence,
      connections,
      deadLetters,
    };
  }

  async delete(found: Found): Promise<void> {
    const { sessions, presence, connections, deadLetters } = this.places;
    await this.deleteRows(sessions, ['bucket', 'session'], found.sessions);
    await this.deleteRows(presence, ['facility', 'item'], found.presence);
    await this.deleteRows(connections, ['topic', 'connectionId'], found.connections);
    await mapBounded(found.deadLetters, atOnce, (Key) =>
      this.s3.send(new DeleteObjectCommand({ Bucket: deadLetters, Key })),
    );
  }

  /** By key, since attributes outlive sessions that TTL took. Session ids hold no space, subjects may. */
  private async sessionsOf(person: Person): Promise<readonly Row[]> {
    const prefix = `${userText(person)} `;
    const names = ['bucket', 'session', 'leaseUntilMs'];
    const rows = await this.rows(this.places.sessions, names, 'begins_with(#session, :prefix)', {
      ':prefix': prefix,
    });
    return rows.filter(({ session }) => !session?.S?.slice(prefix.length).includes(' '));
  }

  /** A socket's place is kept under a hash of its subject: it is known by the socket that holds it. */
  private async connectionsOf({ issuer, subject }: Person): Promise<readonly Row[]> {
    const names = ['topic', 'connectionId', 'heldBy', 'issuer', 'subject'];
    const held = await this.rows(
      this.places.connections,
      names,
      '(#issuer = :issuer AND #subject = :subject) OR attribute_exists(#heldBy)',
      { ':issuer': issuer, ':subject': subject },
    );
    const own = held.filter(({ heldBy }) => heldBy === undefined);
    const sockets = new Set(own.map(({ connectionId }) => connectionId?.S));
    return [...own, ...held.filter(({ heldBy }) => heldBy !== undefined && sockets.has(heldBy.S))];
  }

  private async rows(
    TableName: string,
    names: readonly string[],
    FilterExpression: string,
    values: Readonly<Record<string, string>>,
  ): Promise<readonly Row[]> {
    const filtered = [...FilterExpression.matchAll(/#(\w+)/g)].map(([, name = '']) => name);
    const input: ScanCommandInput = {
      TableName,
      FilterExpression,
      ProjectionExpression: names.map((name) => `#${name}`).join(', '),
      ExpressionAttributeNames: Object.fromEntries(
        [...new Set([...names, ...filtered])].map((name) => [`#${name}`, name]),
      ),
      ExpressionAttributeValues: Object.fromEntries(
        Object.entries(values).map(([name, text]) => [name, { S: text }]),
      ),
      ConsistentRead: true,
    };
    const rows: Row[] = [];
    for await (const page of paginateScan({ client: this.dynamo }, input)) rows.push(...(page.Items ?? []));
    return rows;
  }

  private async deleteRows(TableName: string, key: readonly string[], rows: readonly Row[]): Promise<void> {
    await mapBounded(rows, atOnce, async (row) => {
      const Key = Object.fromEntries(key.flatMap((name) => (row[name] ? [[name, row[name]] as const] : [])));
      await this.dynamo.send(new DeleteItemCommand({ TableName, Key }));
    });
  }

  private async lettersWith(subject: string): Promise<readonly string[]> {
    const Bucket = this.places.deadLetters;
    const keys: string[] = [];
    for await (const page of paginateListObjectsV2({ client: this.s3 }, { Bucket }))
      for (const { Key } of page.Contents ?? []) if (Key !== undefined) keys.push(Key);
    const found = await mapBounded(keys, atOnce, async (Key) => {
      const { Body } = await this.s3.send(new GetObjectCommand({ Bucket, Key }));
      return textsIn((await Body?.transformToString()) ?? '').some((text) => text.includes(subject));
    });
    return keys.filter((_, index) => found[index]);
  }
}

/** A dead letter as it is, and what it holds in base64: payloads of records, at any depth. */
function textsIn(letter: string): readonly string[] {
  const encoded = letter.match(/[A-Za-z0-9+/]{16,}={0,2}/g) ?? [];
  return [letter, ...encoded.map((text) => Buffer.from(text, 'base64').toString('utf8'))];
}
