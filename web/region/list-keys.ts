import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { activate, activeLine, activeStop, moveBy } from './active-stop';
import { comeBack, leaveFrom } from './coming-back';
import { lines, order } from './list-state';
import { scrollOf } from './use-range';
import { scrollToLine } from './window';

/** The stop that is gone to takes the focus once it is drawn. */
let wantsFocus = false;

/** Arrows lead from row to row; the links in them do the rest. */
export function moveWithin(event: KeyboardEvent, lineHeight: number): void {
  order.handlers.onKeyDown();
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const page = Math.max(1, Math.floor(innerHeight / lineHeight) - 3);
  if (!moveBy(event.key, page)) return;
  event.preventDefault();
  wantsFocus = true;
}

/** Whatever is clicked is where the keyboard goes on, and where the way back leads. */
export function remember({ target }: Event): void {
  const stop = (target as Element).closest<HTMLElement>('[data-stop]')?.dataset.stop;
  if (stop === undefined) return;
  activate(stop);
  leaveFrom(stop);
}

/** Gives the focus to the row that somebody went to, or has come back to. */
export function useFocus(place: RefObject<HTMLElement | null>, lineHeight: number): void {
  useLayoutEffect(() => {
    const back = comeBack();
    if (back === undefined) return;
    activate(back.stop);
    wantsFocus = true;
    scrollTo({ top: back.scrollY });
  }, []);
  useLayoutEffect(() => {
    const element = place.current;
    if (!wantsFocus || element === null) return;
    const stop = element.querySelector<HTMLElement>(`[data-stop="${CSS.escape(activeStop.peek() ?? '')}"]`);
    if (stop === null) return;
    wantsFocus = false;
    showLine(element, lineHeight);
    stop.querySelector<HTMLElement>('a, button')?.focus({ preventScroll: true });
  });
}

function showLine(element: HTMLElement, lineHeight: number): void {
  const covered = document.querySelector('.top')?.getBoundingClientRect().bottom ?? 0;
  const scroll = scrollOf(element, lines.peek().length, lineHeight);
  scrollBy({ top: scrollToLine(activeLine.peek(), scroll, covered) });
}
