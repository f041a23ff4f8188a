import { truth } from './page-state';
import type { Truth } from './truth';
import { clockTime, fullTime } from './words';

/** Always visible: how far the rest of the page can be believed. */
export function Banner() {
  const now = truth.value;
  return (
    <p class="banner" data-feed={now.feed} role="status">
      <span class="banner-mark" aria-hidden="true" />
      <span class="banner-word">{wordOf(now)}</span>
      <Detail truth={now} />
    </p>
  );
}

function wordOf(now: Truth): string {
  switch (now.feed) {
    case 'live':
      return 'Live';
    case 'delayed':
      return now.sinceMs === undefined ? 'Starting…' : `Delayed since ${clockTime(now.sinceMs)}`;
    case 'reconnecting':
      return 'Reconnecting…';
    case 'connecting':
      return now.why === 'first' ? 'Connecting…' : 'Catching up…';
  }
}

function Detail({ truth: now }: { readonly truth: Truth }) {
  if (now.feed !== 'reconnecting' || now.asOfMs === undefined) return null;
  return (
    <time dateTime={new Date(now.asOfMs).toISOString()} title={fullTime(now.asOfMs)}>
      as of {clockTime(now.asOfMs)}
    </time>
  );
}
