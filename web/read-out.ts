import { effect, type ReadonlySignal, type Signal } from '@preact/signals';
import type { Truth } from './truth';

/** Two regions that screen readers read out when their text changes: one when nothing else is read, one at once. */
interface Voices {
  readonly polite: Signal<string>;
  readonly assertive: Signal<string>;
}

/** Says when the page is in doubt, and when it is live again. */
export function readOut(truth: ReadonlySignal<Pick<Truth, 'feed'>>, { polite, assertive }: Voices): void {
  let wasDoubted = false;
  effect(() => {
    const { feed } = truth.value;
    assertive.value = feed === 'reconnecting' ? 'The link is lost. What you see is not live.' : '';
    if (feed === 'delayed') polite.value = 'The feed is delayed. What you see is not live.';
    // The same sentence twice would be no change, and the second end of doubt would not be heard.
    if (feed === 'reconnecting') polite.value = '';
    if (feed === 'live' && wasDoubted) polite.value = 'The page is live again.';
    wasDoubted = feed === 'reconnecting' || feed === 'delayed' || (wasDoubted && feed !== 'live');
  });
}
