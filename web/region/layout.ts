import { computed, signal } from '@preact/signals';

/** In rem, as everything is that grows with the reader's letters. */
const lineRem = { wide: 2.5, narrow: 3.5, tile: 2.75 } as const;
const tileRem = 11;
const narrowPage = matchMedia('(max-width: 44rem)');

const isNarrow = signal(narrowPage.matches);
narrowPage.addEventListener('change', () => {
  isNarrow.value = narrowPage.matches;
});
const remPx = signal(rootPx());
addEventListener('resize', () => {
  remPx.value = rootPx();
});

function rootPx(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

const rowHeight = computed(() => remPx.value * (isNarrow.value ? lineRem.narrow : lineRem.wide));
const tileHeight = computed(() => remPx.value * lineRem.tile);

/** How high a line is, in pixels: the lists' style sheet takes it from here. */
export const lineHeightOf = (shape: string): number =>
  shape === 'tiles' ? tileHeight.value : rowHeight.value;

/** How many tiles fit into a width in pixels. */
export const columnsIn = (width: number): number => Math.max(1, Math.floor(width / (tileRem * remPx.value)));
