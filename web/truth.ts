import { type Feed, pingEveryMs } from './feed';
import { gapPatienceMs, type RegionFeed } from './region-feed';

/** A proof holds until the next ping must have brought another one. */
const proofHoldsMs = pingEveryMs + 10_000;

/** How far what is on the screen can be believed. */
export type Truth =
  | { readonly feed: 'connecting'; readonly why: 'first' | 'catching-up' }
  /** Proved: the server's digest agreed lately, and its own view is fresh. */
  | { readonly feed: 'live' }
  /** The page shows what the server knows, but that stands still at as-of; absent before there was any. */
  | { readonly feed: 'delayed'; readonly sinceMs: number | undefined }
  | { readonly feed: 'reconnecting'; readonly asOfMs: number | undefined };

/** Live only if every region is proved (CD4); whether as-of is too old, the server says. */
export function truthOf(feed: Feed, nowMs: number): Truth {
  const regions = [...feed.regions.values()];
  if (feed.socket === 'lost') return { feed: 'reconnecting', asOfMs: oldestAsOf(regions) };
  if (feed.socket === 'connecting') return { feed: 'connecting', why: 'first' };
  if (feed.listedAtMs === undefined || regions.some(({ loadedAtMs }) => loadedAtMs === undefined)) {
    return { feed: 'connecting', why: 'first' };
  }
  if (!regions.every((region) => isProved(region, nowMs))) {
    return { feed: 'connecting', why: 'catching-up' };
  }
  const late = regions.flatMap(({ proof }) => (proof?.delayed ? [proof.asOfMs] : []));
  return late.length > 0 ? { feed: 'delayed', sinceMs: earliest(late) } : { feed: 'live' };
}

/** Whether the server has said lately that this region is shown as it is. */
export function isProved({ proof, sync }: RegionFeed, nowMs: number): boolean {
  if (proof === undefined || nowMs - proof.heardAtMs > proofHoldsMs) return false;
  // A moment of doubt is no news: most of the time what seems to be missing is only on its way.
  if (sync.phase === 'doubt' || sync.phase === 'resuming') return nowMs - sync.sinceMs <= gapPatienceMs;
  return sync.phase === 'current';
}

/** The server's time, as far as it is known: the browser's own clock may be wrong by hours. */
export const serverNowMs = ({ lastTick }: Feed, nowMs: number, browserNowMs: number): number =>
  lastTick === undefined ? browserNowMs : lastTick.atMs + (nowMs - lastTick.heardAtMs);

const oldestAsOf = (regions: readonly RegionFeed[]): number | undefined =>
  earliest(regions.flatMap(({ asOfMs }) => (asOfMs === undefined ? [] : [asOfMs])));

/** As-of is the epoch itself as long as the server has processed nothing yet. */
function earliest(asOfsMs: readonly number[]): number | undefined {
  const known = asOfsMs.filter((asOfMs) => asOfMs > 0);
  return known.length > 0 ? Math.min(...known) : undefined;
}
