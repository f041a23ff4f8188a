import type { RegionState, Status } from './wire';

/** Paths in a square of 20; all are strokes of the colour of the text. */
const paths = {
  up: 'M4 10.5l4 4 8-9',
  online: 'M4 10.5l4 4 8-9',
  partial: 'M10 3.5v8M10 15.5v.5',
  down: 'M5 5l10 10M15 5L5 15',
  offline: 'M5 5l10 10M15 5L5 15',
  empty: 'M5 10h10',
  maintenance: 'M3.5 16.5l6-6M12 3.5a4 4 0 1 0 4.5 4.5l-3 1-2.5-2.5z',
  flapping: 'M2.5 10h3l2.5-6 4 12 2.5-6h3',
  bell: 'M5 14V9a5 5 0 0 1 10 0v5l1.5 1.5h-13zM8.5 17.5h3',
  sound: 'M3 8v4h3l4 3.5v-11L6 8zM13 7.5a4 4 0 0 1 0 5M15.5 5a7.5 7.5 0 0 1 0 10',
  search: 'M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM13 13l4 4',
  list: 'M3 5.5h14M3 10h14M3 14.5h14',
  groups: 'M3 4.5h14M6 8.5h11M3 12.5h14M6 16.5h11',
  tiles: 'M3.5 3.5h5v5h-5zM11.5 3.5h5v5h-5zM3.5 11.5h5v5h-5zM11.5 11.5h5v5h-5z',
  download: 'M10 3v10M5.5 9l4.5 4.5L14.5 9M3.5 16.5h13',
  print: 'M6 7V3h8v4M6 14H3.5V7.5h13V14H14M6 11.5h8V17H6z',
  screen: 'M2.5 4h15v10h-15zM7 17.5h6',
  contrast: 'M10 2.5a7.5 7.5 0 1 0 0 15zM10 2.5a7.5 7.5 0 0 1 0 15',
  edit: 'M4 16l.8-3.6 8.6-8.6 2.8 2.8-8.6 8.6z',
  leave: 'M12 3.5H4.5v13H12M8.5 10h8M13.5 6.5L17 10l-3.5 3.5',
  right: 'M7.5 4.5l5.5 5.5-5.5 5.5',
  close: 'M5 5l10 10M15 5L5 15',
  warning: 'M10 3l7.5 13.5h-15zM10 8v4M10 14.2v.1',
} as const;

export type IconName = keyof typeof paths;

/** Drawn by us, never alone: a word beside it, or the label of its button, says the same. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}

/** Each state has a shape of its own, so that nothing depends on telling colours apart. */
export function StateMark({ state }: { readonly state: RegionState | Status }) {
  return (
    <span class="mark" data-mark={state} aria-hidden="true">
      <Icon name={state} />
    </span>
  );
}
