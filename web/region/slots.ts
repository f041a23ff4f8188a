/**
 * Gives what is drawn places that are used again: a line that has gone by leaves its elements to one that comes, which is far less
 * for the browser to make and to clean up than new elements are. Whatever stays keeps its place, and with it the focus.
 */
export class Slots {
  private taken = new Map<string, number>();
  private made = 0;

  /** A number for each key, of which there are no two alike; the same as before for those that were there before. */
  assign(keys: readonly string[]): ReadonlyMap<string, number> {
    const before = this.taken;
    const staying = new Set(keys);
    const free = [...before].filter(([key]) => !staying.has(key)).map(([, slot]) => slot);
    let used = 0;
    const freeOrNew = (): number => free[used++] ?? this.made++;
    this.taken = new Map(keys.map((key) => [key, before.get(key) ?? freeOrNew()]));
    return this.taken;
  }
}
