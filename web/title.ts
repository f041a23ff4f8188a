import { computed, effect } from '@preact/signals';
import { faviconOf } from './favicon';
import { missed } from './news-state';
import { shown, truth } from './page-state';

const offline = computed(() => {
  let sum = 0;
  for (const { totals } of shown.value.regions?.values() ?? []) sum += totals.offline;
  return sum;
});

/** What the browser shows of the page where it is one of many: how many are offline, or that nobody knows just now. */
export const tellTitle = (): void =>
  void effect(() => {
    const isLive = truth.value.feed === 'live';
    const parts = [
      ...(isLive ? [] : ['Not live']),
      ...(missed.value > 0 ? [`${missed.value} new`] : []),
      ...(offline.value > 0 ? [`${offline.value} offline`] : []),
      'Rollcall',
    ];
    document.title = parts.join(' · ');
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (icon !== null) icon.href = faviconOf(isLive ? offline.value : undefined);
  });
