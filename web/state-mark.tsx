import type { RegionState, Status } from './wire';

/** Each state has a shape of its own, so that nothing depends on telling colours apart. */
const shapes: Readonly<Record<RegionState | Status, string>> = {
  up: 'M4 10.5l4 4 8-9',
  online: 'M4 10.5l4 4 8-9',
  partial: 'M10 4v8M10 15.5v.5',
  down: 'M5 5l10 10M15 5L5 15',
  offline: 'M5 5l10 10M15 5L5 15',
  empty: 'M5 10h10',
};

/** The word beside it says the same. */
export function StateMark({ state }: { readonly state: RegionState | Status }) {
  return (
    <svg class="mark" data-mark={state} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={shapes[state]} />
    </svg>
  );
}
