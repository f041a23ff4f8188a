/** ISO 8601 with a time zone, as everything here writes instants. */
const shape = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

/** The instant that a text names, milliseconds since the epoch; `undefined` when it names none. */
export function instantIn(text: string): number | undefined {
  const ms = shape.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
