import type { Connectivity } from '../client/connectivity';
import type { LiveStatus } from '../client/live/state';
import type { FacilityState, Totals } from './wire';

/** A region as the page shows it. */
export interface ShownRegion {
  readonly region: string;
  readonly name: string;
  readonly totals: Totals;
  readonly facilities: ReadonlyMap<string, FacilityState>;
  readonly status: LiveStatus;
  readonly asOfMs: number | undefined;
  readonly isLoaded: boolean;
}

/** All that decides how far the page can be believed. */
export interface Shown {
  readonly connectivity: Connectivity;
  /** The server will not open a feed for this operator, who has no right to watch. */
  readonly forbidden?: boolean;
  /** Undefined until the list of regions has arrived once. */
  readonly regions: ReadonlyMap<string, ShownRegion> | undefined;
}

/** How far what is on the screen can be believed; `asOfMs` is the instant that all of it is true of, once there is one. */
export type Truth = { readonly asOfMs: number | undefined } & (
  | { readonly feed: 'connecting'; readonly why: 'first' | 'catching-up' }
  /** Proved: the server's digest agreed lately, and its own view is fresh. */
  | { readonly feed: 'live' }
  /** The page shows what the server knows, but that stands still at as-of. */
  | { readonly feed: 'delayed' }
  | { readonly feed: 'reconnecting' }
  /** Nothing is wrong with the link: who is signed in may watch nothing, or nobody is. */
  | { readonly feed: 'forbidden' }
);

/**
 * Live only if every region that is looked at is (CD4).
 * @param only the region that the view is about; all of them without one
 */
export function truthOf({ connectivity, forbidden, regions }: Shown, only?: string): Truth {
  if (forbidden === true || connectivity === 'closed') return { feed: 'forbidden', asOfMs: undefined };
  const shown = [...(regions?.values() ?? [])].filter(({ region }) => only === undefined || region === only);
  const any = (...statuses: readonly LiveStatus[]): boolean =>
    shown.some(({ status }) => statuses.includes(status));
  const asOfMs = earliest(shown);
  if (connectivity === 'connecting') return { feed: 'connecting', why: 'first', asOfMs };
  if (connectivity !== 'connected' || any('stale')) return { feed: 'reconnecting', asOfMs };
  if (regions === undefined || shown.some(({ isLoaded }) => !isLoaded)) {
    return { feed: 'connecting', why: 'first', asOfMs };
  }
  if (any('connecting', 'syncing', 'failed')) return { feed: 'connecting', why: 'catching-up', asOfMs };
  const late = shown.filter(({ status }) => status === 'delayed');
  return late.length > 0 ? { feed: 'delayed', asOfMs: earliest(late) } : { feed: 'live', asOfMs };
}

/** As-of is the epoch itself as long as the server has processed nothing yet. */
function earliest(regions: readonly ShownRegion[]): number | undefined {
  const known = regions.map(({ asOfMs = 0 }) => asOfMs).filter((asOfMs) => asOfMs > 0);
  return known.length > 0 ? Math.min(...known) : undefined;
}
