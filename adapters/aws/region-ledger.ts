import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  paginateQuery,
  paginateScan,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { CommitLost } from '../../core/errors';
import type { Facility } from '../../core/facility';
import type { RegionLedger } from '../../core/ports';
import type { Commit, Entry, RegionHead, RegionRecord, Sink } from '../../core/region';
import { commitItems, headUpdate } from './commit-items';

type Row = Record<string, AttributeValue>;

export interface LedgerTables {
  readonly regions: string;
  readonly facilities: string;
  readonly changes: string;
  readonly transitions: string;
}

/** Items of a region in the Regions table, apart from each other so that marks and cursors never collide with commits. */
const headItem = 'head';
const markItem = 'mark';
const cursorItem = (sink: Sink): string => `cursor ${sink}`;

/** Heads, marks, cursors, facilities, change log and history in DynamoDB. */
export class DynamoRegionLedger implements RegionLedger {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tables: LedgerTables,
  ) {}

  async overview(): Promise<readonly RegionRecord[]> {
    const byRegion = new Map<string, Row[]>();
    for await (const page of paginateScan({ client: this.client }, { TableName: this.tables.regions })) {
      for (const row of page.Items ?? []) {
        const region = row.region?.S ?? '';
        const rows = byRegion.get(region);
        if (rows === undefined) byRegion.set(region, [row]);
        else rows.push(row);
      }
    }
    return [...byRegion]
      .filter(([region]) => !region.startsWith('#'))
      .map(([region, rows]) => recordOf(region, rows));
  }

  async read(region: string): Promise<RegionRecord> {
    const answer = await this.client.send(
      new QueryCommand({ TableName: this.tables.regions, ...partition(region), ConsistentRead: true }),
    );
    return recordOf(region, answer.Items ?? []);
  }

  async raiseMark(region: string): Promise<void> {
    await this.client.send(
      new UpdateItemCommand({
        TableName: this.tables.regions,
        Key: marshall({ region, item: markItem }),
        UpdateExpression: 'ADD #value :one',
        ExpressionAttributeNames: { '#value': 'value' },
        ExpressionAttributeValues: { ':one': { N: '1' } },
      }),
    );
  }

  async facilities(region: string): Promise<readonly Facility[]> {
    const pages = paginateQuery(
      { client: this.client },
      { TableName: this.tables.facilities, ...partition(region), ConsistentRead: true },
    );
    const facilities: Facility[] = [];
    for await (const page of pages) for (const row of page.Items ?? []) facilities.push(facilityOf(row));
    return facilities;
  }

  async commit(commit: Commit): Promise<void> {
    try {
      if (commit.entry === undefined) {
        await this.client.send(new UpdateItemCommand(headUpdate(this.tables, commit.head)));
      } else {
        const items = commitItems(this.tables, commit.head, commit.entry);
        await this.client.send(new TransactWriteItemsCommand({ TransactItems: items }));
      }
    } catch (error) {
      throw isLostRace(error)
        ? new CommitLost('another monitor committed first', { expected: commit.head.revision - 1 })
        : error;
    }
  }

  async entriesAfter(region: string, seq: number, limit: number): Promise<readonly Entry[]> {
    const answer = await this.client.send(
      new QueryCommand({
        TableName: this.tables.changes,
        KeyConditionExpression: '#region = :region AND seq > :seq',
        ExpressionAttributeNames: { '#region': 'region' },
        ExpressionAttributeValues: { ':region': { S: region }, ':seq': { N: String(seq) } },
        ConsistentRead: true,
        Limit: limit,
      }),
    );
    return (answer.Items ?? []).map((row) => JSON.parse(row.entry?.S ?? '') as Entry);
  }

  async advanceCursor(region: string, sink: Sink, seq: number): Promise<void> {
    try {
      await this.client.send(
        new UpdateItemCommand({
          TableName: this.tables.regions,
          Key: marshall({ region, item: cursorItem(sink) }),
          UpdateExpression: 'SET seq = :seq',
          ConditionExpression: 'attribute_not_exists(seq) OR seq < :seq',
          ExpressionAttributeValues: { ':seq': { N: String(seq) } },
        }),
      );
    } catch (error) {
      // Another monitor has taken this sink further: going back would only send everything again.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}

const partition = (region: string) => ({
  KeyConditionExpression: '#region = :region',
  ExpressionAttributeNames: { '#region': 'region' },
  ExpressionAttributeValues: { ':region': { S: region } },
});

function recordOf(region: string, rows: readonly Row[]): RegionRecord {
  const byItem = new Map(rows.map((row) => [row.item?.S ?? '', row]));
  const head = byItem.get(headItem);
  const seqOf = (sink: Sink): number => Number(byItem.get(cursorItem(sink))?.seq?.N ?? 0);
  return {
    region,
    mark: Number(byItem.get(markItem)?.value?.N ?? 0),
    cursors: { websocket: seqOf('websocket'), eventbridge: seqOf('eventbridge') },
    ...(head !== undefined && { head: headOf(head) }),
  };
}

function headOf(row: Row): RegionHead {
  const { item: _, ...head } = unmarshall(row);
  return head as RegionHead;
}

function facilityOf(row: Row): Facility {
  const { region: _, facility: id, ...rest } = unmarshall(row);
  return { id: String(id), ...(rest as Omit<Facility, 'id'>) };
}

/**
 * A transaction is cancelled as a whole; a failed condition and a conflict with a transaction still under way both mean
 * that somebody else is ahead. Throttling in any of its items is no lost race and goes on to the caller.
 */
function isLostRace(error: unknown): boolean {
  if (error instanceof ConditionalCheckFailedException) return true;
  if (!(error instanceof TransactionCanceledException)) return false;
  const codes = (error.CancellationReasons ?? []).map((reason) => reason.Code);
  return codes.some((code) => code === 'ConditionalCheckFailed' || code === 'TransactionConflict');
}
