import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Change, Place } from './change';

/** What of `pg` is used here: a pool, or one connection. */
export interface Database {
  query(statement: string | { name: string; text: string; values: unknown[] }): Promise<{
    rows: unknown[];
    rowCount: number | null;
  }>;
}

export async function createTables(database: Database): Promise<void> {
  await database.query(readFileSync(join(__dirname, 'schema.sql'), 'utf8'));
}

const columns = 'region, facility, status, reason, since, decided_at, epoch, version';

/** Writes a row unless it says something as new or newer. */
const writeRow = `
  insert into facility_status as known (${columns})
  values ($1, $2, $3, $4, $5, $6, $7, $8)
  on conflict (region, facility) do update
    set status = excluded.status, reason = excluded.reason, since = excluded.since,
        decided_at = excluded.decided_at, epoch = excluded.epoch, version = excluded.version
    where (known.epoch, known.version) < (excluded.epoch, excluded.version)`;

/**
 * The same and the history in one statement: both are written or none, whenever this process ends. An event that is told
 * twice finds its history row, one that was overtaken finds a newer row: both change nothing. Two writers of one row wait
 * for each other, and the second one compares with what the first one wrote (PostgreSQL manual, "Read Committed Isolation
 * Level"), so no lock and no other isolation level is needed.
 */
const writeRowAndHistory = `
  with told as (
    insert into facility_transition (${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8)
    on conflict do nothing
  ) ${writeRow}`;

const valuesOf = ({ region, facility, status, reason, since, decidedAt, place }: Change): unknown[] => [
  region,
  facility,
  status,
  reason,
  since,
  decidedAt,
  place.epoch,
  place.version,
];

/** Takes what an event tells. */
export async function apply(database: Database, change: Change): Promise<void> {
  await database.query({ name: 'told', text: writeRowAndHistory, values: valuesOf(change) });
}

/**
 * Takes what a snapshot says, which is the facility's last change of any kind and so no part of its history.
 * @returns whether the row was older
 */
export async function bringUpToDate(database: Database, change: Change): Promise<boolean> {
  const { rowCount } = await database.query({ name: 'read', text: writeRow, values: valuesOf(change) });
  return rowCount === 1;
}

/** What a snapshot no longer lists was removed, unless something newer than the snapshot was told of it. */
const removeAbsent = `
  update facility_status
  set status = 'offline', reason = 'removed', since = $3, decided_at = $3, epoch = $4, version = $5
  where region = $1 and not (facility = any ($2)) and reason <> 'removed' and (epoch, version) <= ($4, $5)`;

/** @returns how many rows were found to be of facilities that are no more */
export async function markRemoved(
  database: Database,
  region: string,
  present: readonly string[],
  asOf: string,
  { epoch, version }: Place,
): Promise<number> {
  const values = [region, present, asOf, epoch, version];
  const { rowCount } = await database.query({ name: 'absent', text: removeAbsent, values });
  return rowCount ?? 0;
}
