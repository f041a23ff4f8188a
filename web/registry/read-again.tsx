import { useLayoutEffect } from 'preact/hooks';
import type { KnownRegion } from './known-region';

/**
 * Reads what a view is about whenever it is opened: a page is open for weeks. Before it is painted, so that nothing is
 * said to be missing before anybody has looked for it.
 */
export function useOpened(known: KnownRegion, facility?: string): void {
  useLayoutEffect(() => void known.open(facility), [known, facility]);
}

/** That it could not be read. It stands beside what is known, so that it hides no form. */
export function ReadFailure({ known }: { readonly known: KnownRegion }) {
  const { isReading, failure } = known.now;
  if (failure === undefined) return null;
  return (
    <div class="form-end">
      <span class="form-outcome form-fault" role="alert">
        {isReading ? 'Loading…' : failure}
      </span>
      <button type="button" class="button" onClick={() => void known.open()}>
        Try again
      </button>
    </div>
  );
}
