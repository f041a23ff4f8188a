import { heartbeatEnvironment } from './browser';
import type { Environment } from './environment';
import { Heartbeat, type HeartbeatOptions } from './heartbeat/heartbeat';
import type { FacilityWatch, RegionWatch } from './live/handles';
import { Live, type LiveOptions } from './live/live';
import { openSocket } from './socket';

/** What the library works with, if not with what it finds. */
export interface PlaceOptions {
  /**
   * Where `rollcall-worker.js` is served, on the page's own origin; by default beside the library. Without a worker, hidden
   * tabs keep time less well, and their beats say so.
   */
  readonly workerUrl?: string | URL;
  /** For tests; by default the browser. */
  readonly environment?: Environment;
}

type BrowserPlace = Omit<Environment, 'openSocket'>;

/** One for all, with one worker. Bundlers look for exactly this form of its address. */
const place = heartbeatEnvironment(() => new Worker(new URL('./rollcall-worker.js', import.meta.url)));

const placeOf = ({ workerUrl }: PlaceOptions): BrowserPlace =>
  workerUrl ? heartbeatEnvironment(() => new Worker(workerUrl)) : place;

/**
 * Begins to beat: at once, then every 30 seconds, for as long as the page is there.
 * @throws RollcallError for an interval that cannot be
 */
export const startHeartbeat = (options: HeartbeatOptions & PlaceOptions): Heartbeat =>
  new Heartbeat(options, options.environment ?? placeOf(options));

/**
 * Opens a connection over which a page may watch many things.
 * @param closesWithLast whether it ends when nothing is watched over it any more
 */
export const openLive = (options: LiveOptions & PlaceOptions, closesWithLast = false): Live =>
  new Live(options, options.environment ?? { ...placeOf(options), openSocket }, closesWithLast);

/** Watches a region over a connection of its own, which ends with it. */
export const watchRegion = (options: LiveOptions & PlaceOptions & { readonly region: string }): RegionWatch =>
  openLive(options, true).watchRegion(options);

/** Watches who is present in a facility over a connection of its own, which ends with it. */
export const watchFacility = (
  options: LiveOptions & PlaceOptions & { readonly region: string; readonly facility: string },
): FacilityWatch => openLive(options, true).watchFacility(options);
