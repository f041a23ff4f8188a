import { signal } from '@preact/signals';
import type { Notice } from './notices/notices';

/** What changed lately, the latest first. */
export const notices = signal<readonly Notice[]>([]);
/** How many of them nobody has looked at. */
export const unseen = signal(0);
/** How many there were since the page was hidden. */
export const missed = signal(0);

/** For whoever signed out: the next one at this screen may not watch the same. */
export function forgetNews(): void {
  notices.value = [];
  unseen.value = 0;
  missed.value = 0;
}
