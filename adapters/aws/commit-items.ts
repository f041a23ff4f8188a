import type {
  AttributeValue,
  TransactWriteItem,
  Update,
  UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Facility, Transition } from '../../core/facility';
import { instant } from '../../core/messages';
import { type Entry, type RegionHead, transitionsOf } from '../../core/region';
import { partitionOf } from './facility-history';
import { headItem } from './region-items';
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
export function commitItems(tables: LedgerTables, head: RegionHead, entry: Entry): TransactWriteItem[] {
  return [
    { Update: headUpdate(tables, head) },
    { Put: { TableName: tables.changes, Item: entryRow(entry) } },
    ...entry.changes.map(({ facility }) => ({ Update: facilityUpdate(tables, entry.region, facility) })),
    ...transitionsOf(entry).map((transition) => ({
      Put: { TableName: tables.transitions, Item: transitionRow(entry.region, transition) },
    })),
  ];
}

/** Writes what a settle decides of a region and leaves what the registry owns; refused if another commit came first. */
export function headUpdate(tables: LedgerTables, head: RegionHead): Update & UpdateItemCommandInput {
  const { region, name: _, thresholds: _kept, ...decided } = head;
  const fields = { ...decided, dueAtMs: head.dueAtMs };
  const unchanged =
    head.revision === 1
      ? { condition: 'attribute_not_exists(revision)', values: {} }
      : { condition: 'revision = :before', values: { ':before': { N: String(head.revision - 1) } } };
  return update(tables.regions, { region, item: headItem }, fields, unchanged);
}

const facilityUpdate = (tables: LedgerTables, region: string, facility: Facility): Update => {
  const { id, name: _, presence: _told, ...decided } = facility;
  return update(tables.facilities, { region, facility: id }, decided);
};

const entryRow = (entry: Entry): Record<string, AttributeValue> =>
  marshall({
    region: entry.region,
    seq: entry.seq,
    entry: JSON.stringify(entry),
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

/** An update that sets each of the fields and removes those that are undefined. */
function update(
  table: string,
  key: object,
  fields: object,
  unchanged?: { readonly condition: string; readonly values: Record<string, AttributeValue> },
): Update & UpdateItemCommandInput {
  const set = Object.entries(fields).filter(([, value]) => value !== undefined);
  const removed = Object.keys(fields).filter((name) => !set.some(([kept]) => kept === name));
  const names = Object.keys(fields).map((name) => [`#${name}`, name] as const);
  const remove = removed.length === 0 ? '' : ` REMOVE ${removed.map((name) => `#${name}`).join(', ')}`;
  const values = marshall(Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])));
  return {
    TableName: table,
    Key: marshall(key),
    UpdateExpression: `SET ${set.map(([name]) => `#${name} = :${name}`).join(', ')}${remove}`,
    ExpressionAttributeNames: Object.fromEntries(names),
    ExpressionAttributeValues: { ...values, ...unchanged?.values },
    ...(unchanged && { ConditionExpression: unchanged.condition }),
  };
}
