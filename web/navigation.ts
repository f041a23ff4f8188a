import { computed, signal } from '@preact/signals';
import { hashOf, isSamePlace, regionOf, type View, viewOf } from './view';

const current = signal<View>(viewOf(location.hash));
/** What is looked at, as the URL says. */
export const view = computed(() => current.value);
/** The region that it is about, if it is about one. */
export const viewedRegion = computed(() => regionOf(view.value));

/** Whether the place has changed since the page was opened: only then its heading takes the focus. */
let hasMoved = false;
/** Whether the heading of the place that was gone to still has to take the focus; the one who asks takes it. */
export function takesFocus(): boolean {
  const moved = hasMoved;
  hasMoved = false;
  return moved;
}

/** Goes somewhere else; the browser's way back leads here. */
export function go(to: View): void {
  history.pushState(null, '', hashOf(to));
  arrive();
}

/** Looks at the same place in another way, which is no step on the way back. */
export function adjust(to: View): void {
  history.replaceState(history.state, '', hashOf(to));
  arrive();
}

/** Follows links, and the browser's ways back and forth. */
export function followAddress(): void {
  // Whoever comes back from signing in had another address when this file was loaded.
  current.value = viewOf(location.hash);
  window.addEventListener('hashchange', arrive);
  window.addEventListener('popstate', arrive);
}

function arrive(): void {
  const next = viewOf(location.hash);
  if (hashOf(next) === hashOf(current.peek())) return;
  if (!isSamePlace(next, current.peek())) hasMoved = true;
  current.value = next;
}
