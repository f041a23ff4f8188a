import { type Change, epochNumber } from './change';
import { bringUpToDate, type Database, markRemoved } from './facility-table';

/** Where a snapshot comes from, and what it is allowed by: a token that watches the whole region. */
export interface SnapshotSource {
  readonly apiUrl: string;
  readonly token: string;
}

/** What of `GET /v1/regions/{region}` is used here (docs/openapi.yaml, Snapshot). */
interface Snapshot {
  readonly epoch: string | null;
  readonly seq: number;
  readonly asOf: string;
  /** Absent while rows may be newer than `seq`. */
  readonly digest?: object;
  readonly facilities: readonly {
    readonly id: string;
    readonly status: 'online' | 'offline';
    readonly since: string;
    readonly decidedAt: string;
    readonly reason: string;
    readonly version: number;
  }[];
  /** Asks for the following page. */
  readonly next?: string;
}

/**
 * Brings the rows of a region up to date from a snapshot: for the first start, and against whatever was lost on the way.
 * It may run at any time beside the consumer, since its writes are guarded in the same way.
 * @returns how many rows were older than the snapshot
 */
export async function reconcile(database: Database, region: string, source: SnapshotSource): Promise<number> {
  const pages = await pagesOf(region, source);
  const [first] = pages;
  if (first === undefined || first.epoch === null) return 0;
  const epoch = epochNumber(first.epoch);
  let updated = 0;
  for (const change of pages.flatMap((page) => changesIn(region, page))) {
    if (await bringUpToDate(database, change)) updated += 1;
  }
  if (pages.some((page) => page.digest === undefined || page.epoch !== first.epoch)) return updated;
  const present = pages.flatMap(({ facilities }) => facilities.map(({ id }) => id));
  const version = Math.min(...pages.map(({ seq }) => seq));
  return updated + (await markRemoved(database, region, present, first.asOf, { epoch, version }));
}

async function pagesOf(region: string, { apiUrl, token }: SnapshotSource): Promise<readonly Snapshot[]> {
  const pages: Snapshot[] = [];
  for (let after: string | undefined; ; ) {
    const url = new URL(`${apiUrl}/v1/regions/${encodeURIComponent(region)}`);
    if (after !== undefined) url.searchParams.set('page', after);
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    if (!response.ok) throw new Error(`The snapshot was answered with ${response.status}`);
    const page = (await response.json()) as Snapshot;
    pages.push(page);
    if (page.next === undefined) return pages;
    after = page.next;
  }
}

const changesIn = (region: string, { epoch, facilities }: Snapshot): readonly Change[] =>
  facilities.map(({ id, status, reason, since, decidedAt, version }) => ({
    region,
    facility: id,
    status,
    reason,
    since,
    decidedAt,
    place: { epoch: epochNumber(epoch), version },
  }));
