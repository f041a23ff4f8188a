import { isInMaintenance } from '../maintenance';
import type { Row } from './rows';

type Cell = string | number | boolean;

const columns: readonly (readonly [name: string, of: (row: Row, nowMs: number) => Cell])[] = [
  ['region', ({ region }) => region],
  ['id', ({ facility }) => facility.id],
  ['name', ({ facility }) => facility.name],
  ['status', ({ facility }) => facility.status],
  ['reason', ({ facility }) => facility.reason],
  ['since', ({ facility }) => facility.since],
  ['sessions', ({ facility }) => facility.sessions],
  ['users', ({ facility }) => facility.users],
  ['flapping', ({ facility }) => facility.flapping === true],
  ['maintenance', ({ facility }, nowMs) => isInMaintenance(facility, nowMs)],
];

/** What is true of all rows of a file. */
export interface Stamp {
  /** The instant that they are true of, in UTC. */
  readonly asOf: string;
  /** Whether that was proved when the file was made. */
  readonly isLive: boolean;
  readonly nowMs: number;
}

/**
 * Rows as CSV (RFC 4180), with the instant that each is true of. Spreadsheets take a cell that begins with `=`, `+`, `-` or `@` for a
 * formula, whoever named the facility: an apostrophe before it makes it text (OWASP, "CSV Injection").
 */
export function csvOf(rows: readonly Row[], { asOf, isLive, nowMs }: Stamp): string {
  const head = [...columns.map(([name]) => name), 'as of', 'live'];
  const lines = rows.map((row) => [...columns.map(([, of]) => of(row, nowMs)), asOf, isLive]);
  return [head, ...lines]
    .map((cells) => cells.map(cellText).join(','))
    .join('\r\n')
    .concat('\r\n');
}

function cellText(cell: Cell): string {
  const text = String(cell);
  const harmless = /^[=+\-@\t\r]/.test(text) && typeof cell === 'string' ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
