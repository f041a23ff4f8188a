import type { Line } from './lines';

/** Where the keyboard goes: every row, and every head of a group. */
export interface Stops {
  readonly keys: readonly string[];
  /** How many lie beside each other. */
  readonly columns: number;
}

export const stopsOf = (lines: readonly Line[], columns: number): Stops => ({
  keys: lines.flatMap((line) => (line.type === 'tiles' ? line.rows.map(({ key }) => key) : [line.key])),
  columns: lines[0]?.type === 'tiles' ? columns : 1,
});

/** Which line a stop is on. */
export const lineOfStop = (index: number, { columns }: Stops): number => Math.floor(index / columns);

/**
 * Where a key leads from a stop; undefined where it means nothing.
 * @param page how many lines can be seen at once
 */
export function stopAfter(
  key: string,
  index: number,
  { keys, columns }: Stops,
  page: number,
): number | undefined {
  const last = keys.length - 1;
  const within = (to: number): number => Math.min(Math.max(0, to), last);
  switch (key) {
    case 'ArrowDown':
      return within(index + columns);
    case 'ArrowUp':
      return within(index - columns);
    case 'ArrowRight':
      return columns === 1 ? undefined : within(index + 1);
    case 'ArrowLeft':
      return columns === 1 ? undefined : within(index - 1);
    case 'PageDown':
      return within(index + page * columns);
    case 'PageUp':
      return within(index - page * columns);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}
