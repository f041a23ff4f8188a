import type { AttributeValue, TransactWriteItem, Update } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { PresenceCommit, PresenceEvent, Present } from '../../core/presence';
import { partitionOf } from './facility-history';

type Row = Record<string, AttributeValue>;

export interface PresenceTables {
  readonly facilities: string;
  readonly presence: string;
}

/** Items of a facility in the Presence table; a `#` or a space keeps them apart from each other. */
export const userItem = (user: string): string => `user ${user}`;
export const eventPrefix = 'event ';
export const eventItem = (seq: number): string => `${eventPrefix}${String(seq).padStart(15, '0')}`;

/** How long events can be resumed from. */
const eventsKeptMs = 60 * 60_000;

/** The items of one commit: the facility's row first, whose condition decides between two monitors. */
export function presenceItems(
  tables: PresenceTables,
  region: string,
  commit: PresenceCommit,
): readonly TransactWriteItem[] {
  const place = partitionOf(region, commit.facility);
  const put = (item: object) => ({ Put: { TableName: tables.presence, Item: marshalled(place, item) } });
  return [
    { Update: standingUpdate(tables, region, commit) },
    ...commit.events.map((event) => put(eventRow(event))),
    ...commit.joined.map((present) => put(presentRow(present))),
    ...commit.gone.map((user) => ({
      Delete: {
        TableName: tables.presence,
        Key: marshall({ facility: place, item: userItem(user) }),
      },
    })),
  ];
}

/** Attributes are kept as JSON text: any name may be a key of them. */
const marshalled = (facility: string, item: object): Row => marshall({ facility, ...item });

const eventRow = ({ seq, attributes, ...rest }: PresenceEvent) => ({
  item: eventItem(seq),
  seq,
  ...rest,
  ...(attributes && { attributes: JSON.stringify(attributes) }),
  ttl: Math.ceil((rest.decidedAtMs + eventsKeptMs) / 1_000),
});

const presentRow = ({ user, sinceMs, attributes }: Present) => ({
  item: userItem(user),
  user,
  sinceMs,
  ...(attributes && { attributes: JSON.stringify(attributes) }),
});

const standingUpdate = (
  { facilities }: PresenceTables,
  region: string,
  { facility, before, after }: PresenceCommit,
): Update => ({
  TableName: facilities,
  Key: marshall({ region, facility }),
  UpdateExpression: 'SET presence = :after',
  // A facility that the registry removed meanwhile must not come back by its presence.
  ConditionExpression:
    before.seq === 0 && before.decidedAtMs === 0
      ? 'attribute_exists(#status) AND attribute_not_exists(presence)'
      : 'presence = :before',
  ...(before.decidedAtMs === 0 && { ExpressionAttributeNames: { '#status': 'status' } }),
  ExpressionAttributeValues: marshall({
    ':after': after,
    ...(before.decidedAtMs !== 0 && { ':before': before }),
  }),
});
