import { computed, signal } from '@preact/signals';
import { emptyFeed } from './feed';
import type { News } from './region-feed';
import { serverNowMs, truthOf } from './truth';
import { reasonWords, statusWords } from './words';

/** What the page shows is made of these alone. */
export const feed = signal(emptyFeed);
/** The page's monotonic clock, moved on by the connection. */
export const pageNowMs = signal(0);
export const filter = signal('');
export const offlineOnly = signal(false);
/** The region in the URL, `#/north`; undefined shows all. */
export const chosenRegion = signal<string | undefined>(undefined);
/** The last change, for those who do not see it. */
export const announcement = signal('');

const truthNow = computed(() => truthOf(feed.value, pageNowMs.value));
const truthText = computed(() => JSON.stringify(truthNow.value));
/** Changes only when what can be believed changes, not with every tick of a clock. */
export const truth = computed(() => {
  truthText.value;
  return truthNow.peek();
});

/** Ages are told in minutes: nothing is drawn again for less than this. */
const ageStepMs = 15_000;
/** The server's time in steps. */
export const steppedNowMs = computed(() => {
  const nowMs = serverNowMs(feed.value, pageNowMs.value, Date.now());
  return Math.floor(nowMs / ageStepMs) * ageStepMs;
});

const toldAtOnce = 3;

/** Says what changed, politely: each change if there are few, else how many. */
export function announce(news: readonly News[]): void {
  if (news.length === 0) return;
  announcement.value =
    news.length > toldAtOnce
      ? `${news.length} facilities changed.`
      : news.map(({ facility }) => sentence(facility)).join(' ');
}

function sentence({ name, status, reason }: News['facility']): string {
  const why = reasonWords(status, reason);
  return `${name} is ${statusWords[status].toLowerCase()}${why && ` (${why})`}.`;
}

/** Keeps the choice of the region in the URL, so that it can be kept as a bookmark. */
export function followHash(): void {
  const read = (): void => {
    const { hash } = location;
    chosenRegion.value = hash.startsWith('#/') && hash.length > 2 ? hash.slice(2) : undefined;
    filter.value = '';
  };
  window.addEventListener('hashchange', read);
  read();
}
