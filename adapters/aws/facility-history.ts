import {
  type AttributeValue,
  type DynamoDBClient,
  paginateQuery,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Transition } from '../../core/facility';
import type { Window } from '../../core/history';
import { instant } from '../../core/messages';
import type { FacilityHistory } from '../../core/ports';

type Row = Record<string, AttributeValue>;

/** Transitions in DynamoDB: a partition per facility, in the order of `<instant>#<version>`. */
export class DynamoFacilityHistory implements FacilityHistory {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly table: string,
  ) {}

  async transitions(
    region: string,
    facility: string,
    { fromMs, toMs }: Window,
    limit: number,
  ): Promise<readonly Transition[]> {
    const pages = paginateQuery(
      { client: this.client },
      {
        TableName: this.table,
        KeyConditionExpression: '#facility = :facility AND #at BETWEEN :from AND :to',
        ExpressionAttributeNames: { '#facility': 'facility', '#at': 'at' },
        ExpressionAttributeValues: {
          ':facility': { S: partitionOf(region, facility) },
          ':from': { S: instant(fromMs) },
          // Sorts before each key of that instant, since those go on with `#`.
          ':to': { S: instant(toMs) },
        },
        Limit: limit,
      },
    );
    const rows: Row[] = [];
    // A page ends at the limit or at 1 MB, whichever comes first.
    for await (const { Items = [] } of pages) {
      rows.push(...Items);
      if (rows.length >= limit) break;
    }
    return rows.slice(0, limit).map((row) => transitionOf(facility, row));
  }

  async lastBefore(region: string, facility: string, atMs: number): Promise<Transition | undefined> {
    const answer = await this.client.send(
      new QueryCommand({
        TableName: this.table,
        KeyConditionExpression: '#facility = :facility AND #at < :at',
        ExpressionAttributeNames: { '#facility': 'facility', '#at': 'at' },
        ExpressionAttributeValues: {
          ':facility': { S: partitionOf(region, facility) },
          ':at': { S: instant(atMs) },
        },
        ScanIndexForward: false,
        Limit: 1,
      }),
    );
    const [row] = answer.Items ?? [];
    return row && transitionOf(facility, row);
  }
}

/** Key of a facility's history in the Transitions table. */
export const partitionOf = (region: string, facility: string): string => `${region}/${facility}`;

function transitionOf(facility: string, row: Row): Transition {
  const { facility: _partition, at: _at, ttl: _ttl, ...rest } = unmarshall(row);
  return { facility, ...(rest as Omit<Transition, 'facility'>) };
}
