import type { Fault, FileRecord, RawRecord } from './records';

/** The records of an array, with the lines on which they begin. */
export function recordsInJson(text: string): {
  readonly raw: readonly RawRecord[];
  readonly faults: readonly Fault[];
} {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { raw: [], faults: [{ line: 1, text: `expected JSON: ${error.message}` }] };
  }
  if (!Array.isArray(value)) return { raw: [], faults: [{ line: 1, text: 'expected a list of facilities' }] };
  const lines = itemLines(text);
  return { raw: value.map((item: unknown, index) => ({ line: lines[index] ?? 1, value: item })), faults: [] };
}

/** On which line each item of an array begins, in JSON that is known to be right. */
function itemLines(json: string): readonly number[] {
  const lines: number[] = [];
  let line = 1;
  let depth = 0;
  let expecting = false;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|\n|[^\s"]/g)) {
    if (token === '\n') {
      line += 1;
      continue;
    }
    if (expecting && token !== ']') lines.push(line);
    expecting = (depth === 0 && token === '[') || (depth === 1 && token === ',');
    if (token === '[' || token === '{') depth += 1;
    if (token === ']' || token === '}') depth -= 1;
  }
  return lines;
}

/** A list of these records, one a line. */
export const jsonOf = (records: readonly FileRecord[]): string =>
  records.length === 0 ? '[]\n' : `[\n${records.map((record) => JSON.stringify(record)).join(',\n')}\n]\n`;
