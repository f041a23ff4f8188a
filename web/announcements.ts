import { signal } from '@preact/signals';
import { truth } from './page-state';
import { readOut } from './read-out';

/** Read out when nothing else is. */
export const polite = signal('');
/** Read out at once: the link is lost. */
export const assertive = signal('');

/** Says when the link is lost, and when it is back. */
export const announceTruth = (): void => readOut(truth, { polite, assertive });
