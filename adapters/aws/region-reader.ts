import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  paginateQuery,
  paginateScan,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Facility } from '../../core/facility';
import type { RegionReader } from '../../core/ports';
import { type Entry, epochNumber, type RegionHead, type RegionRecord, type Sink } from '../../core/region';
import type { FacilityRegistry, RegionRegistry } from '../../core/registry';
import { exists } from '../../core/removal';
import { requireKnownRow } from '../../core/versions';
import { claimedUntil, cursorItem, headItem, markItem } from './region-items';

type Row = Record<string, AttributeValue>;

export interface ReaderTables {
  readonly regions: string;
  readonly facilities: string;
  readonly changes: string;
}

/** What commits wrote, for those who only read it. */
export class DynamoRegionReader implements RegionReader {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tables: ReaderTables,
  ) {}

  async overview({ consistent }: { readonly consistent: boolean }): Promise<readonly RegionRecord[]> {
    const byRegion = new Map<string, Row[]>();
    const scan = { TableName: this.tables.regions, ConsistentRead: consistent };
    for await (const page of paginateScan({ client: this.client }, scan)) {
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

  async facilities(region: string): Promise<readonly Facility[]> {
    return (await this.rows(region)).filter(exists);
  }

  async facility(region: string, id: string): Promise<Facility | undefined> {
    const row = await this.row(region, id);
    return row && exists(row) ? row : undefined;
  }

  async rows(region: string): Promise<readonly Facility[]> {
    const pages = paginateQuery(
      { client: this.client },
      { TableName: this.tables.facilities, ...partition(region), ConsistentRead: true },
    );
    const rows: Facility[] = [];
    for await (const page of pages) for (const row of page.Items ?? []) rows.push(facilityOf(row));
    return rows;
  }

  async row(region: string, id: string): Promise<Facility | undefined> {
    const Key = { region: { S: region }, facility: { S: id } };
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.tables.facilities, Key, ConsistentRead: true }),
    );
    return Item && facilityOf(Item);
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
    return (answer.Items ?? []).map(entryOf);
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
  const seqOf = (sink: Sink): number => cursorSeq(byItem.get(cursorItem(sink)), head?.epoch?.S);
  return {
    region,
    mark: Number(byItem.get(markItem)?.value?.N ?? 0),
    cursors: { websocket: seqOf('websocket'), eventbridge: seqOf('eventbridge') },
    ...(head !== undefined && { head: headOf(head) }),
  };
}

/** A cursor of an earlier life of the log counts as none; one without `epochMs` is from before they had it. */
function cursorSeq(cursor: Row | undefined, epoch: string | undefined): number {
  const epochMs = cursor?.epochMs?.N;
  const isOfThisLife =
    epochMs === undefined || (epoch !== undefined && Number(epochMs) === epochNumber(epoch));
  return isOfThisLife ? Number(cursor?.seq?.N ?? 0) : 0;
}

function entryOf(row: Row): Entry {
  requireKnownRow(row.v?.N);
  return JSON.parse(row.entry?.S ?? '') as Entry;
}

function headOf(row: Row): RegionHead {
  const { item: _, [claimedUntil]: _claimed, registry, v, ...head } = unmarshall(row);
  requireKnownRow(v);
  return { ...(head as RegionHead), ...said<RegionRegistry>(registry) };
}

function facilityOf(row: Row): Facility {
  const { region: _, facility: id, registry, v, ...rest } = unmarshall(row);
  requireKnownRow(v);
  return {
    id: String(id),
    ...(rest as Omit<Facility, 'id'>),
    ...(registry !== undefined && { registry: said<FacilityRegistry>(registry) }),
  };
}

/** What the registry says, which is kept as the JSON text that commits write. */
const said = <T extends object>(text: unknown): T => JSON.parse(typeof text === 'string' ? text : '{}');
