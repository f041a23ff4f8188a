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
import type { Entry, RegionHead, RegionRecord, Sink } from '../../core/region';
import type { FacilityRegistry, RegionRegistry } from '../../core/registry';
import { exists } from '../../core/removal';
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
    return (answer.Items ?? []).map((row) => JSON.parse(row.entry?.S ?? '') as Entry);
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
  const { item: _, [claimedUntil]: _claimed, registry, ...head } = unmarshall(row);
  return { ...(head as RegionHead), ...said<RegionRegistry>(registry) };
}

function facilityOf(row: Row): Facility {
  const { region: _, facility: id, registry, ...rest } = unmarshall(row);
  return {
    id: String(id),
    ...(rest as Omit<Facility, 'id'>),
    ...(registry !== undefined && { registry: said<FacilityRegistry>(registry) }),
  };
}

/** What the registry says, which is kept as the JSON text that commits write. */
const said = <T extends object>(text: unknown): T => JSON.parse(typeof text === 'string' ? text : '{}');
