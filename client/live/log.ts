import type { Digest } from './wire';

/** What a watch shows, by id. */
export type Rows = ReadonlyMap<string, Row>;

/** A facility or a user. */
export type Row = object;

/** Only facilities have one. */
const versionOf = (row: Row | undefined): number => (row as { version?: number } | undefined)?.version ?? 0;

/** What one entry of the log does to one row. */
export interface Edit {
  readonly id: string;
  readonly version?: number;
  /** The row afterwards; undefined for one that is gone. */
  readonly to: (before: Row | undefined) => Row | undefined;
}

/** Entries of the log that came in one message, of regions and of presence alike. */
export interface Push {
  readonly epoch: string | null;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly asOf?: string;
  readonly edits: readonly Edit[];
  /** What is known of the whole afterwards. */
  readonly about?: (before: object) => object;
  /** As it came. */
  readonly message: object;
}

/** The whole at one instant. */
export interface Snapshot {
  readonly epoch: string | null;
  readonly seq: number;
  readonly asOf: string | undefined;
  readonly rows: Rows;
  readonly about: object;
}

/** Where the server stands; without `epoch` or digest where there is none. */
export interface Standing {
  readonly epoch: string | null;
  readonly seq: number;
  readonly asOf?: string | undefined;
  readonly delayed: boolean;
  readonly digest?: Digest | undefined;
}

/** One row before and after; undefined where there was or is none. */
export interface RowChange {
  readonly id: string;
  readonly before: Row | undefined;
  readonly after: Row | undefined;
}

/** The rows after these edits, the same map if none of them was news; and what changed. */
export function edited(rows: Rows, edits: readonly Edit[]): readonly [Rows, readonly RowChange[]] {
  const after = new Map(rows);
  const changes: RowChange[] = [];
  for (const { id, version, to } of edits) {
    const before = after.get(id);
    if (version !== undefined && before && versionOf(before) >= version) continue;
    const row = to(before);
    if (row === undefined) after.delete(id);
    else after.set(id, row);
    if (before || row) changes.push({ id, before, after: row });
  }
  return [changes.length > 0 ? after : rows, changes];
}

/**
 * The rows of a snapshot, with the objects that are known already wherever they say the same.
 * @param keepsNewer whether versions of both can be compared; then none becomes older
 */
export const replaced = (rows: Rows, by: Rows, keepsNewer: boolean): readonly [Rows, readonly RowChange[]] =>
  edited(rows, [
    ...[...rows.keys()].filter((id) => !by.has(id)).map((id) => ({ id, to: () => undefined })),
    ...[...by]
      .filter(([id, row]) => !isSame(row, rows.get(id)))
      .map(([id, row]) => ({
        id,
        to: (before: Row | undefined) =>
          before && keepsNewer && versionOf(before) > versionOf(row) ? before : row,
      })),
  ]);

export const isSame = (one: object, other: object | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** Whether these rows are those of the server at the same `seq` (CD4). */
export function agrees(rows: Rows, { count, sum }: Digest): boolean {
  let actual = 0;
  for (const row of rows.values()) actual += versionOf(row);
  return rows.size === count && actual === sum;
}
