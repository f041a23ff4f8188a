import { truth } from './page-state';
import { Moment } from './time';
import type { Truth } from './truth';

/** Always visible: how far the rest of the page can be believed, and the instant that it is true of. */
export function Banner() {
  const now = truth.value;
  return (
    <p class="banner" data-feed={now.feed}>
      <span class="banner-mark" aria-hidden="true" />
      <span class="banner-word">{feedWords(now)}</span>
      {now.asOfMs !== undefined && (
        <span class="banner-time">
          as of <Moment atMs={now.asOfMs} />
        </span>
      )}
    </p>
  );
}

/** While what is shown is not proved, this stands above it on every view: what is wrong, and since when. */
export function Doubt() {
  const now = truth.value;
  if (now.feed === 'live') return null;
  return (
    <div class="doubt" data-feed={now.feed}>
      <p>
        <strong>{doubtWords(now)}</strong>{' '}
        {now.asOfMs !== undefined && (
          <>
            What you see was true at <Moment atMs={now.asOfMs} />.
          </>
        )}
      </p>
    </div>
  );
}

export function feedWords(now: Truth): string {
  switch (now.feed) {
    case 'live':
      return 'Live';
    case 'delayed':
      return now.asOfMs === undefined ? 'Starting…' : 'Delayed';
    case 'reconnecting':
      return 'Reconnecting…';
    case 'forbidden':
      return 'Not watching';
    case 'connecting':
      return now.why === 'first' ? 'Connecting…' : 'Catching up…';
  }
}

export function doubtWords(now: Exclude<Truth, { readonly feed: 'live' }>): string {
  switch (now.feed) {
    case 'delayed':
      return 'The feed is delayed: Rollcall itself lags behind.';
    case 'reconnecting':
      return 'The link is lost. This page reconnects by itself.';
    case 'forbidden':
      return 'You are signed in, and may watch no region.';
    case 'connecting':
      return now.why === 'first'
        ? 'Connecting. Nothing is confirmed yet.'
        : 'Catching up with what was missed.';
  }
}
