import { effect } from '@preact/signals';
import { render } from 'preact';
import { Api, fetchJson } from './api';
import { backoffMs } from './backoff';
import { Connection } from './connection';
import { Page } from './page';
import { announce, chosenRegion, feed, followHash, pageNowMs } from './page-state';
import { tokensFor } from './tokens';
import type { PageConfig } from './wire';

/** Monotonic: the browser's own clock may be set while the page is open. */
const now = (): number => performance.now();

async function main(): Promise<void> {
  const place = document.getElementById('page');
  if (place === null) return;
  followHash();
  render(<Page />, place);
  effect(tellTitle);
  const config = await patiently(() => fetchJson<PageConfig>('config.json'));
  const tokens = await patiently(() => tokensFor(config));
  const connection = new Connection({
    api: new Api(config, () => tokens.current()),
    tokens,
    liveUrl: config.liveUrl,
    now,
    show: (state, news) => {
      feed.value = state;
      pageNowMs.value = now();
      announce(news);
    },
  });
  connection.start();
  effect(() => connection.choose(chosenRegion.value));
}

/** Tries until it works; the banner says `Connecting` all the while. */
async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      console.warn('Rollcall: trying again after', error);
      const waitMs = backoffMs(failures, Math.random());
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}

/** How many are offline, for whoever looks at another tab. */
function tellTitle(): void {
  let offline = 0;
  for (const { totals } of feed.value.regions.values()) offline += totals.offline;
  document.title = offline === 0 ? 'Rollcall' : `${offline} offline · Rollcall`;
}

void main();
