import { effect } from '@preact/signals';
import { render } from 'preact';
import { announceTruth } from './announcements';
import { Api, fetchJson } from './api';
import { preload } from './lazy-view';
import { followAddress, viewedRegion } from './navigation';
import { forgetNews } from './news-state';
import { connection, isBelieved, serverNowMs, shown } from './page-state';
import { patiently } from './patiently';
import { Shell } from './shell';
import { browserTab } from './sign-in/browser-tab';
import { session } from './sign-in/session';
import { takeReturn } from './sign-in/tab';
import { followTheme } from './theme';
import { tellTitle } from './title';
import { Watching } from './watching';
import type { PageConfig } from './wire';

async function main(): Promise<void> {
  const place = document.getElementById('page');
  if (place === null) return;
  const returned = takeReturn(browserTab);
  followTheme();
  followAddress();
  announceTruth();
  render(<Shell />, place);
  tellTitle();
  const [config, { tokensFor }] = await Promise.all([
    patiently(() => fetchJson<PageConfig>('config.json')),
    patiently(() => import('./sign-in/tokens')),
  ]);
  const tokens = tokensFor(config.auth, browserTab, returned);
  const watching = new Watching(config, tokens, new Api(config.apiUrl, tokens), {
    show: (all, nowMs) => {
      shown.value = all;
      serverNowMs.value = nowMs;
    },
    changed: (region, batch) => void news.then(({ hear }) => hear(region, batch)),
  });
  connection.value = watching;
  effect(() => watching.choose(viewedRegion.value));
  effect(() => {
    if (session.value.state !== 'signed-out') return;
    watching.end();
    forgetNews();
  });
  effect(() => {
    if (isBelieved.value) loadWhatFollows();
  });
}

/** Nothing of it is shown before something changes. It comes at once, and what is heard before waits. */
const news = patiently(() => import('./notices/news'));

/** What operators open next: a link that is lost meanwhile must not keep it closed. */
function loadWhatFollows(): void {
  preload('region');
  preload('facility');
}

void main();
