import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  paginateQuery,
  QueryCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { mapBounded } from '../../core/concurrency';
import { CommitLost } from '../../core/errors';
import type { PresenceLedger, PresencePage } from '../../core/ports';
import type { PresenceCommit, PresenceEvent, Present } from '../../core/presence';
import { partitionOf } from './facility-history';
import { isLostRace } from './lost-race';
import { eventItem, eventPrefix, type PresenceTables, presenceItems, userItem } from './presence-items';

type Row = Record<string, AttributeValue>;

/** TransactWriteItems takes 100 items, and 4 MB, of which those with the largest attributes need less than half. */
const itemsPerTransaction = 100;
const transactionsAtOnce = 8;

/** Who is present in facilities, in DynamoDB: a partition per facility, with its users and its latest events. */
export class DynamoPresenceLedger implements PresenceLedger {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tables: PresenceTables,
  ) {}

  async present(region: string, facility: string, page: PresencePage): Promise<readonly Present[]> {
    const after = page.after === undefined ? userItem('') : userItem(page.after);
    const pages = paginateQuery(
      { client: this.client },
      {
        TableName: this.tables.presence,
        KeyConditionExpression: '#facility = :facility AND #item BETWEEN :first AND :last',
        ExpressionAttributeNames: { '#facility': 'facility', '#item': 'item' },
        ExpressionAttributeValues: {
          ':facility': { S: partitionOf(region, facility) },
          ':first': { S: after },
          ':last': { S: userItem('\u{10ffff}') },
        },
        ConsistentRead: true,
        Limit: page.limit + 1,
      },
    );
    const found: Present[] = [];
    for await (const { Items = [] } of pages) {
      // The bounds of BETWEEN are part of it; the one that the last page ended with is not part of this one.
      found.push(...Items.filter(({ item }) => item?.S !== after).map(presentOf));
      if (found.length >= page.limit) break;
    }
    return found.slice(0, page.limit);
  }

  async presentUser(region: string, facility: string, user: string): Promise<Present | undefined> {
    const Key = { facility: { S: partitionOf(region, facility) }, item: { S: userItem(user) } };
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.tables.presence, Key, ConsistentRead: true }),
    );
    return Item && presentOf(Item);
  }

  async presenceEvents(
    region: string,
    facility: string,
    seq: number,
    limit: number,
  ): Promise<readonly PresenceEvent[]> {
    const answer = await this.client.send(
      new QueryCommand({
        TableName: this.tables.presence,
        KeyConditionExpression: '#facility = :facility AND #item BETWEEN :first AND :last',
        ExpressionAttributeNames: { '#facility': 'facility', '#item': 'item' },
        ExpressionAttributeValues: {
          ':facility': { S: partitionOf(region, facility) },
          ':first': { S: eventItem(seq + 1) },
          ':last': { S: `${eventPrefix}~` },
        },
        ConsistentRead: true,
        Limit: limit,
      }),
    );
    return (answer.Items ?? []).map(eventOf);
  }

  async commitPresence(region: string, commits: readonly PresenceCommit[]): Promise<void> {
    await mapBounded(transactionsOf(this.tables, region, commits), transactionsAtOnce, async (parts) => {
      // Those of one facility that did not fit one transaction, one after the other.
      for (const TransactItems of parts) await this.write(TransactItems);
    });
  }

  private async write(TransactItems: TransactWriteItem[]): Promise<void> {
    try {
      await this.client.send(new TransactWriteItemsCommand({ TransactItems }));
    } catch (error) {
      throw isLostRace(error) ? new CommitLost('another monitor told the presence first') : error;
    }
  }
}

/** Several facilities share a transaction; a facility with several commits has transactions of its own. */
function transactionsOf(
  tables: PresenceTables,
  region: string,
  commits: readonly PresenceCommit[],
): readonly TransactWriteItem[][][] {
  const byFacility = new Map<string, PresenceCommit[]>();
  for (const commit of commits) {
    byFacility.set(commit.facility, [...(byFacility.get(commit.facility) ?? []), commit]);
  }
  const alone: TransactWriteItem[][][] = [];
  const shared: TransactWriteItem[][] = [];
  for (const own of byFacility.values()) {
    const parts = own.map((commit) => [...presenceItems(tables, region, commit)]);
    const [first = [], ...more] = parts;
    const open = shared.at(-1);
    if (more.length > 0) alone.push(parts);
    else if (open === undefined || open.length + first.length > itemsPerTransaction) shared.push(first);
    else open.push(...first);
  }
  return [...alone, ...shared.map((items) => [items])];
}

function presentOf(row: Row): Present {
  const { user, sinceMs, attributes } = unmarshall(row);
  return { user, sinceMs, ...(attributes !== undefined && { attributes: JSON.parse(attributes) }) };
}

function eventOf(row: Row): PresenceEvent {
  const { seq, event, user, atMs, decidedAtMs, attributes } = unmarshall(row);
  const told = attributes === undefined ? {} : { attributes: JSON.parse(attributes) };
  return { seq, event, user, atMs, decidedAtMs, ...told };
}
