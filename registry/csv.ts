import { CsvError, parse } from 'csv-parse/sync';
import type { Fault, FileRecord, RawRecord } from './records';
import { tagsIn, tagsText } from './tags';

/** What a table can hold; maintenance windows need JSON. */
export const columns = [
  'region',
  'id',
  'name',
  'latitude',
  'longitude',
  'address',
  'timeZone',
  'tags',
] as const;

interface ParsedRow {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** The records of a table whose first line names its columns, in any order. An empty cell says nothing. */
export function recordsInCsv(text: string): {
  readonly raw: readonly RawRecord[];
  readonly faults: readonly Fault[];
} {
  const parsedRows = rowsIn(text);
  if ('fault' in parsedRows) return { raw: [], faults: [parsedRows.fault] };
  const [head, ...rows] = parsedRows.rows;
  const names = head?.record ?? [];
  const faults = headFaults(names, head?.info.lines ?? 1);
  if (faults.length > 0) return { raw: [], faults };
  const long = rows.filter(({ record }) => record.length !== names.length);
  return {
    raw: rows.map(({ record, info }) => ({ line: info.lines, value: fieldsOf(names, record) })),
    faults: long.map(({ record, info }) => ({
      line: info.lines,
      text: `expected ${names.length} cells, not ${record.length}`,
    })),
  };
}

function rowsIn(text: string): { readonly rows: readonly ParsedRow[] } | { readonly fault: Fault } {
  try {
    const options = { info: true, relax_column_count: true, skip_empty_lines: true };
    return { rows: parse(text, options) as unknown as ParsedRow[] };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return {
      fault: { line: Number(error.lines ?? 1), text: 'expected quotes that are closed, around whole cells' },
    };
  }
}

function headFaults(names: readonly string[], line: number): readonly Fault[] {
  const known: readonly string[] = columns;
  const strange = names.filter((name) => !known.includes(name));
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...(names.includes('id') ? [] : ['expected a column id']),
    ...strange.map((name) => `${JSON.stringify(name)}: expected one of ${columns.join(', ')}`),
    ...twice.map((name) => `${JSON.stringify(name)}: expected each column once`),
  ].map((text) => ({ line, text }));
}

function fieldsOf(names: readonly string[], cells: readonly string[]): Record<string, unknown> {
  const filled = names
    .map((name, index) => [name, cells[index] ?? ''] as const)
    .filter(([, cell]) => cell !== '');
  return Object.fromEntries(filled.map(([name, cell]) => [name, cellValue(name, cell)]));
}

function cellValue(name: string, cell: string): unknown {
  switch (name) {
    case 'latitude':
    case 'longitude':
      return /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(cell) ? Number(cell) : cell;
    case 'tags':
      return tagsIn(cell);
    default:
      return cell;
  }
}

/** A table of these records; it reads back as the same, except for maintenance windows, which it cannot hold. */
export const csvOf = (records: readonly FileRecord[]): string =>
  [columns.join(','), ...records.map(rowOf), ''].join('\r\n');

function rowOf(record: FileRecord): string {
  const { tags, maintenance: _, ...rest } = record;
  const cells: Readonly<Record<string, unknown>> = { ...rest, tags: tags && tagsText(tags) };
  return columns.map((name) => quoted(String(cells[name] ?? ''))).join(',');
}

/** RFC 4180; spaces at the ends are quoted for programs that would cut them off. */
const quoted = (cell: string): string =>
  /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
