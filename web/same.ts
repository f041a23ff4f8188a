import { computed, type ReadonlySignal } from '@preact/signals';

/** A computed list that stays the same object while its items are the same, so that nothing that follows from it is done again. */
export function computedList<Item>(compute: () => readonly Item[]): ReadonlySignal<readonly Item[]> {
  let last: readonly Item[] = [];
  return computed(() => {
    const next = compute();
    const isSame = next.length === last.length && next.every((item, index) => item === last[index]);
    if (!isSame) last = next;
    return last;
  });
}
