import { effect, signal } from '@preact/signals';
import { truth } from './page-state';

/** Read out when nothing else is. */
export const polite = signal('');
/** Read out at once: the link is lost. */
export const assertive = signal('');

/** Says when the link is lost, and when it is back. */
export const announceTruth = (): void => {
  let wasDoubted = false;
  effect(() => {
    const { feed } = truth.value;
    if (feed === 'reconnecting') assertive.value = 'The link is lost. What you see is not live.';
    else assertive.value = '';
    if (feed === 'delayed') polite.value = 'The feed is delayed. What you see is not live.';
    if (feed === 'live' && wasDoubted) polite.value = 'The page is live again.';
    wasDoubted = feed === 'reconnecting' || feed === 'delayed' || (wasDoubted && feed !== 'live');
  });
};
