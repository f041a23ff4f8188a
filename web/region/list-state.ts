import { computed, effect, signal } from '@preact/signals';
import { type Look, plainLook } from '../look';
import { adjust, view } from '../navigation';
import { shown, steppedNowMs } from '../page-state';
import { computedList } from '../same';
import { SteadyOrder } from '../steady-order';
import { linesOf } from './lines';
import { NameOrder } from './name-order';
import { countsOf, type Row, rowsOf, type Source, sortedRows, wantedRows } from './rows';

/** The region in the address; undefined for all of them, and while something else is looked at. */
const region = computed(() => (view.value.name === 'region' ? view.value.region : undefined));
/** Whether facilities of several regions are listed. */
export const spansRegions = computed(() => region.value === undefined);
export const look = computed(() => (view.value.name === 'region' ? view.value.look : plainLook));

/** Looks at the same facilities in another way. */
export function changeLook(change: Partial<Look>): void {
  adjust({ name: 'region', region: region.peek(), look: { ...look.peek(), ...change } });
}

const shownHere = computedList(() =>
  [...(shown.value.regions?.values() ?? [])].filter(
    (one) => region.value === undefined || one.region === region.value,
  ),
);
/** Undefined until all of them have been read once. */
export const isLoaded = computed(
  () => shown.value.regions !== undefined && shownHere.value.every((one) => one.isLoaded),
);
/** Whether there is such a region, for this operator. */
export const isThere = computed(() => region.value === undefined || shownHere.value.length > 0);

const names = new NameOrder();
/** As-of moves all the time; what follows is done again only when a facility has changed. */
const facilities = computedList(() => shownHere.value.map((one) => one.facilities));
const allRows = computed(() => {
  const sources = facilities.value.map((of, index): Source => {
    const { region: id = '', name = '' } = shownHere.peek()[index] ?? {};
    return { region: id, name, facilities: of };
  });
  return names.sorted(rowsOf(sources));
});

export const counts = computed(() => countsOf(allRows.value, steppedNowMs.value));

const sorted = computed(() => {
  const nowMs = steppedNowMs.value;
  return sortedRows(wantedRows(allRows.value, look.value, nowMs), look.value, nowMs);
});

export const order = new SteadyOrder(computed(() => sorted.value.map(({ key }) => key)));
/** Another look is another order, which the operator asked for. */
effect(() => {
  look.value;
  order.release();
});

const rowsByKey = computed(() => new Map(allRows.value.map((row) => [row.key, row])));
/** What is listed, in the order in which it is. */
export const rows = computed(() => {
  const held = order.held.value;
  if (held === undefined) return sorted.value;
  return held.map((key) => rowsByKey.value.get(key)).filter((row): row is Row => row !== undefined);
});

/** How many tiles fit beside each other. */
export const columns = signal(1);
export const lines = computed(() => linesOf(rows.value, look.value, columns.value, spansRegions.value));
