import { recordsInCsv } from './csv';
import { recordsInJson } from './json';
import { type ReadFile, readRecords } from './records';

/** What files may be. */
export type FileFormat = 'csv' | 'json';

/** Everything that a file says, and everything that is wrong with it, in the order of its lines. */
export function readFile(bytes: Uint8Array, format: FileFormat, region?: string): ReadFile {
  const text = textIn(bytes);
  if (text === undefined) return { records: [], faults: [{ line: 1, text: 'expected text in UTF-8' }] };
  const { raw, faults } = format === 'csv' ? recordsInCsv(text) : recordsInJson(text);
  const read = readRecords(raw, region);
  return { ...read, faults: [...faults, ...read.faults].sort((a, b) => a.line - b.line) };
}

/** Leaves out a byte order mark. */
function textIn(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Nothing else makes it throw.
    return undefined;
  }
}
