import { computed, signal } from '@preact/signals';
import type { Connection } from './connection';
import { viewedRegion } from './navigation';
import { type Shown, type ShownRegion, truthOf } from './truth';

/** What the page shows is made of these, and of the address. */
export const shown = signal<Shown>({ connectivity: 'connecting', regions: undefined });
/** The server's time: the operator's clock may be wrong. */
export const serverNowMs = signal(Date.now());
/** What views ask the server for themselves; undefined before somebody has signed in. */
export const connection = signal<Connection | undefined>(undefined);

const truthText = computed(() => JSON.stringify(truthOf(shown.value, viewedRegion.value)));
/** Changes only when what can be believed of the view changes, not with every change of a facility. */
export const truth = computed(() => {
  truthText.value;
  return truthOf(shown.peek(), viewedRegion.peek());
});
/** Whether what is on the screen is proved to be right. */
export const isBelieved = computed(() => truth.value.feed === 'live');

/** Undefined while it is not known, and for a region that may not be watched. */
export const shownRegion = (region: string): ShownRegion | undefined => shown.value.regions?.get(region);

/** Ages are told in minutes: nothing is drawn again for less than this. */
const ageStepMs = 15_000;
/** The server's time in steps. */
export const steppedNowMs = computed(() => Math.floor(serverNowMs.value / ageStepMs) * ageStepMs);
