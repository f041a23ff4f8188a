import { computed } from '@preact/signals';
import { view } from '../navigation';
import { hashOf } from '../view';

/** Where somebody left a list, so that the browser's way back leads to the same row. */
let left: { readonly hash: string; readonly stop: string; readonly scrollY: number } | undefined;

const here = computed(() => hashOf(view.value));

export function leaveFrom(stop: string): void {
  left = { hash: here.peek(), stop, scrollY };
}

/** The row that was left, and how far down it was; only once, and only in the same list. */
export function comeBack(): { readonly stop: string; readonly scrollY: number } | undefined {
  const found = left?.hash === here.peek() ? left : undefined;
  left = undefined;
  return found;
}
