import type {
  AttributeValue,
  TransactWriteItem,
  Update,
  UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Transition } from '../../core/facility';
import { instant } from '../../core/messages';
import {
  type Change,
  type Commit,
  type Entry,
  isFirstOfFacility,
  type RegionHead,
  transitionsOf,
} from '../../core/region';
import { exists } from '../../core/removal';
import { versions } from '../../core/versions';
import { partitionOf } from './facility-history';
import { claimedUntil, headItem } from './region-items';
import type { ReaderTables } from './region-reader';

export interface LedgerTables extends ReaderTables {
  readonly transitions: string;
}

const daysMs = 24 * 60 * 60 * 1_000;
/** How long the change log can be resumed from. */
const changesKeptMs = 30 * daysMs;
/** How far back a facility's history reaches. */
const transitionsKeptMs = 400 * daysMs;

/** The items of one commit: the head first, so that its condition is the first reason of a cancelled transaction. */
export function commitItems(tables: LedgerTables, commit: Commit, entry: Entry): TransactWriteItem[] {
  return [
    { Update: headUpdate(tables, commit) },
    { Put: { TableName: tables.changes, Item: entryRow(entry) } },
    ...entry.changes.map((change) => facilityWrite(tables, entry.region, change)),
    ...transitionsOf(entry).map((transition) => ({
      Put: { TableName: tables.transitions, Item: transitionRow(entry.region, transition) },
    })),
  ];
}

/** Writes what is decided of a region, and what the registry says only where the entry tells it; refused if another commit came first. */
export function headUpdate(
  tables: LedgerTables,
  { head, entry, yieldsAtMs, more }: Commit,
): Update & UpdateItemCommandInput {
  const { region, name: _, thresholds: _kept, ...decided } = head;
  const fields = {
    ...decided,
    dueAtMs: head.dueAtMs,
    v: versions.row,
    ...(!more && { [claimedUntil]: undefined }),
    ...(entry?.registry && { registry: JSON.stringify(entry.registry) }),
  };
  const unchanged = all(unchangedHead(head), unclaimed(yieldsAtMs));
  return update(tables.regions, { region, item: headItem }, fields, unchanged);
}

/** The revision alone does not say so: a region that was lost and rebuilt meanwhile may have come as far again. */
const unchangedHead = ({ revision, epoch }: RegionHead): Condition =>
  revision === 1
    ? { condition: 'attribute_not_exists(revision)', values: {} }
    : {
        condition: 'revision = :before AND epoch = :life',
        values: { ':before': { N: String(revision - 1) }, ':life': { S: epoch } },
      };

const unclaimed = (yieldsAtMs: number | undefined): Condition | undefined =>
  yieldsAtMs === undefined
    ? undefined
    : {
        condition: `(attribute_not_exists(${claimedUntil}) OR ${claimedUntil} <= :yieldsAt)`,
        values: { ':yieldsAt': { N: String(yieldsAtMs) } },
      };

const all = (first: Condition, second: Condition | undefined): Condition =>
  second === undefined
    ? first
    : {
        condition: `${first.condition} AND ${second.condition}`,
        values: { ...first.values, ...second.values },
      };

/**
 * A facility that was never told has no row yet: it is put whole, at half of the bytes, which counts when thousands come together for
 * the first time. Should there be a row all the same, what the registry or presence wrote in it is safe.
 */
function facilityWrite(tables: LedgerTables, region: string, change: Change): TransactWriteItem {
  if (!isFirstOfFacility(change)) return { Update: facilityUpdate(tables, region, change) };
  const { id, ...decided } = change.facility;
  const Item = marshall({ region, facility: id, ...decided, v: versions.row });
  const ConditionExpression = 'attribute_not_exists(facility)';
  return { Put: { TableName: tables.facilities, Item, ConditionExpression } };
}

/** What the registry says is JSON text: any number and any text in it stays as it was given. */
function facilityUpdate(tables: LedgerTables, region: string, { facility, registry }: Change): Update {
  const { id, registry: _, presence: _told, ...decided } = facility;
  const said = registry === undefined ? {} : { registry: JSON.stringify(registry) };
  const fields = {
    ...decided,
    ...said,
    removedAtMs: facility.removedAtMs,
    v: versions.row,
    ...(!exists(facility) && { registry: undefined }),
  };
  return update(tables.facilities, { region, facility: id }, fields);
}

const entryRow = (entry: Entry): Record<string, AttributeValue> =>
  marshall({
    region: entry.region,
    seq: entry.seq,
    entry: JSON.stringify(entry),
    v: versions.row,
    ttl: ttlAfter(entry.decidedAtMs, changesKeptMs),
  });

const transitionRow = (region: string, transition: Transition): Record<string, AttributeValue> => {
  const { facility, ...rest } = transition;
  return marshall({
    facility: partitionOf(region, facility),
    at: `${instant(transition.atMs)}#${String(transition.version).padStart(12, '0')}`,
    ...rest,
    ttl: ttlAfter(transition.decidedAtMs, transitionsKeptMs),
  });
};

/** DynamoDB's TTL reads epoch seconds. */
const ttlAfter = (atMs: number, keptMs: number): number => Math.ceil((atMs + keptMs) / 1_000);

interface Condition {
  readonly condition: string;
  readonly values: Record<string, AttributeValue>;
}

const isSet = ({ value }: { readonly value: unknown }): boolean => value !== undefined;

/** An update that sets each of the fields and removes those that are undefined. */
function update(
  table: string,
  key: object,
  fields: object,
  unchanged?: Condition,
): Update & UpdateItemCommandInput {
  // By numbers: a transaction of a hundred items would otherwise consist of names for the most part.
  const numbered = Object.entries(fields).map(([name, value], number) => ({ name, value, number }));
  const [set, removed] = [numbered.filter(isSet), numbered.filter((field) => !isSet(field))];
  const names = numbered.map(({ name, number }) => [`#${number}`, name] as const);
  const remove =
    removed.length === 0 ? '' : ` REMOVE ${removed.map(({ number }) => `#${number}`).join(', ')}`;
  const values = marshall(Object.fromEntries(set.map(({ value, number }) => [`:${number}`, value])));
  return {
    TableName: table,
    Key: marshall(key),
    UpdateExpression: `SET ${set.map(({ number }) => `#${number} = :${number}`).join(', ')}${remove}`,
    ExpressionAttributeNames: Object.fromEntries(names),
    ExpressionAttributeValues: { ...values, ...unchanged?.values },
    ...(unchanged && { ConditionExpression: unchanged.condition }),
  };
}
