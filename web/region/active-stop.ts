import { computed, signal } from '@preact/signals';
import { columns, lines } from './list-state';
import { lineOfStop, stopAfter, stopsOf } from './stops';

export const stops = computed(() => stopsOf(lines.value, columns.value));

const chosen = signal<string | undefined>(undefined);
/** The one of all rows that the tabulator key leads to; arrows lead on from it. */
export const activeStop = computed(() => {
  const { keys } = stops.value;
  return chosen.value !== undefined && keys.includes(chosen.value) ? chosen.value : keys[0];
});
export const activeLine = computed(() => {
  const index = stops.value.keys.indexOf(activeStop.value ?? '');
  return index < 0 ? 0 : lineOfStop(index, stops.value);
});

export const activate = (key: string): void => {
  chosen.value = key;
};

/** Moves on by a key. @returns whether it meant anything */
export function moveBy(key: string, page: number): boolean {
  const { keys } = stops.peek();
  const to = stopAfter(key, keys.indexOf(activeStop.peek() ?? ''), stops.peek(), page);
  const stop = to === undefined ? undefined : keys[to];
  if (stop === undefined) return false;
  chosen.value = stop;
  return true;
}
