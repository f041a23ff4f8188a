import type { ConnectionStore } from '../../core/connection';
import type { Limits } from '../../core/limits';
import type { Clock, FeedGateway, Log, PresenceReader, RegionReader } from '../../core/ports';
import type { ReadFreshness } from '../freshness';

/** All that the live feed touches. */
export interface FeedPorts {
  readonly regions: RegionReader;
  readonly presence: PresenceReader;
  readonly freshness: ReadFreshness;
  readonly connections: ConnectionStore;
  readonly feed: FeedGateway;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: Limits;
  /** Origins of the pages that may open a socket; empty for any, and for whoever sends none. */
  readonly pageOrigins: readonly string[];
}

/** API Gateway ends a WebSocket after two hours; its rows are kept a little longer. */
export const connectionKeptMs = 125 * 60_000;
