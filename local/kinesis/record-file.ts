import { existsSync, readFileSync } from 'node:fs';

const lineEnd = 0x0a;

/**
 * The whole lines of a file, none of a file that is not there. What follows the last line end is left out: the process
 * was killed while it wrote that. Cut from bytes, since an hour's records may be more than one string can hold (512 MB).
 */
export function linesIn(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  const bytes = readFileSync(path);
  const lines: string[] = [];
  let start = 0;
  for (let end = bytes.indexOf(lineEnd); end !== -1; end = bytes.indexOf(lineEnd, start)) {
    lines.push(bytes.toString('utf8', start, end));
    start = end + 1;
  }
  return lines;
}
