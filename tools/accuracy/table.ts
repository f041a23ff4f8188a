import { poissonInterval, type Samples } from './figures';
import type { Tally } from './simulation';

/** A rule of fewer dashes is no table's to all readers of Markdown. */
const narrowest = 3;

/** A table of Markdown, its columns as wide as their longest cell. */
export function tableOf(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((_, column) =>
    Math.max(narrowest, ...[header, ...rows].map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(header), rule, ...rows.map(line)].join('\n');
}

export const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

/** `3.1e-5`, `0` for nothing. */
export const rate = (value: number): string => (value === 0 ? '0' : value.toExponential(1));

/** `3.1e-5 (2.0e-5 to 4.4e-5)`, or with nothing seen `0 (below 1.2e-5)`. */
export function rateOf({ falseOfflines, hours }: Tally): string {
  const { low, high } = poissonInterval(falseOfflines);
  if (falseOfflines === 0) return `0 (below ${rate(high / hours)})`;
  return `${rate(falseOfflines / hours)} (${rate(low / hours)} to ${rate(high / hours)})`;
}

const inSeconds = (ms: number): string => (ms / 1_000).toFixed(1);

/** `17.3 / 19.8 / 20.1`: median, 99th percentile and largest, in seconds. */
export function spreadOf(samples: Samples): string {
  const spread = samples.spread();
  if (spread === undefined) return 'none';
  return [spread.median, spread.p99, spread.max].map(inSeconds).join(' / ');
}

export const largestOf = (samples: Samples): string => {
  const spread = samples.spread();
  return spread === undefined ? 'none' : inSeconds(spread.max);
};
