import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  paginateScan,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { cursorItem, headItem, markItem } from '../../adapters/aws/region-items';
import { chunksOf, mapBounded } from '../../core/concurrency';
import { epochAt, sinks } from '../../core/region';

type Row = Record<string, AttributeValue>;

/** Tables that commits write together (CD1), with the names of their keys: restored together or not at all. */
export const committedTables = {
  Facilities: ['region', 'facility'],
  Regions: ['region', 'item'],
  Changes: ['region', 'seq'],
  Transitions: ['facility', 'at'],
  Presence: ['facility', 'item'],
} as const;

export type CommittedTable = keyof typeof committedTables;

/** Where a table of the stack is, and the one that its backup was restored to. */
export interface Copy {
  readonly table: CommittedTable;
  readonly to: string;
  readonly from: string;
}

/** How many rows a table loses, and how many it gets. */
export interface Counts {
  readonly deleted: number;
  readonly written: number;
}

/** BatchWriteItem takes 25 requests (DynamoDB API reference). */
const requestsPerCall = 25;
const callsAtOnce = 8;

/** What a table has to hold, and what of it is there in vain. */
interface Difference {
  readonly to: string;
  readonly surplus: readonly Row[];
  readonly wanted: readonly Row[];
  readonly key: readonly string[];
}

/** Puts what was restored into the tables that the stack uses. */
export class Restoration {
  constructor(private readonly dynamo: DynamoDBClient) {}

  /** Reads both tables whole; nothing is written. */
  async difference({ table, to, from }: Copy, nowMs: number): Promise<Difference> {
    const [live, restored] = await Promise.all([this.rows(to), this.rows(from)]);
    const key = committedTables[table];
    const wanted = table === 'Regions' ? asNewLogs(restored, live, nowMs) : restored;
    const kept = new Set(wanted.map((row) => keyText(row, key)));
    return { to, key, wanted, surplus: live.filter((row) => !kept.has(keyText(row, key))) };
  }

  async apply({ to, key, surplus, wanted }: Difference): Promise<Counts> {
    await this.write(
      to,
      surplus.map((row): WriteRequest => ({ DeleteRequest: { Key: keyOf(row, key) } })),
    );
    await this.write(
      to,
      wanted.map((Item): WriteRequest => ({ PutRequest: { Item } })),
    );
    return { deleted: surplus.length, written: wanted.length };
  }

  private async rows(TableName: string): Promise<readonly Row[]> {
    const rows: Row[] = [];
    const input = { TableName, ConsistentRead: true };
    for await (const page of paginateScan({ client: this.dynamo }, input)) rows.push(...(page.Items ?? []));
    return rows;
  }

  private async write(table: string, requests: readonly WriteRequest[]): Promise<void> {
    await mapBounded(chunksOf(requests, requestsPerCall), callsAtOnce, async (chunk) => {
      for (let left: WriteRequest[] = [...chunk]; left.length > 0; ) {
        const { UnprocessedItems } = await this.dynamo.send(
          new BatchWriteItemCommand({ RequestItems: { [table]: left } }),
        );
        left = UnprocessedItems?.[table] ?? [];
      }
    });
  }
}

/**
 * The rows of regions as they must go on: each log begins another life, since its numbers go on where others were told already
 * (CD3), and each region is looked at anew, since whoever came after the backup raised a mark that is gone with it. That holds also for
 * regions that the backup does not have.
 */
function asNewLogs(restored: readonly Row[], live: readonly Row[], nowMs: number): readonly Row[] {
  const others = restored.filter(({ item }) => item?.S !== markItem);
  return [...others.map((row) => inLife(row, nowMs)), ...raisedMarks([...restored, ...live])];
}

/** Heads name the life of the log, cursors the one that they are places in: what was told before the backup is not told again. */
function inLife(row: Row, epochMs: number): Row {
  const item = row.item?.S ?? '';
  if (item === headItem) return { ...row, epoch: { S: epochAt(epochMs) } };
  return cursorItems.has(item) ? { ...row, epochMs: { N: String(epochMs) } } : row;
}

const cursorItems: ReadonlySet<string> = new Set(sinks.map(cursorItem));

function raisedMarks(rows: readonly Row[]): readonly Row[] {
  const marks = new Map<string, number>();
  for (const { region, item, value } of rows) {
    if (region?.S === undefined || (item?.S !== markItem && item?.S !== headItem)) continue;
    const raised = item.S === markItem ? Number(value?.N ?? 0) + 1 : 1;
    marks.set(region.S, Math.max(raised, marks.get(region.S) ?? 0));
  }
  return [...marks].map(([region, value]) => ({
    region: { S: region },
    item: { S: markItem },
    value: { N: String(value) },
  }));
}

const keyOf = (row: Row, key: readonly string[]): Row =>
  Object.fromEntries(key.flatMap((name) => (row[name] ? [[name, row[name]] as const] : [])));

const keyText = (row: Row, key: readonly string[]): string => JSON.stringify(keyOf(row, key));
