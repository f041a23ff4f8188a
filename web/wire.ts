import type { Digest, Reason, RegionState, Status, Totals } from '../core/facility';
import type {
  ClientMessage,
  changesMessage,
  errorMessage,
  facilityMessage,
  resyncMessage,
  tickMessage,
} from '../core/messages';

/** What the page sends over the live feed. */
export type { ClientMessage };

/** A facility as snapshots and the page show it; instants are ISO 8601 in UTC. */
export type FacilityState = ReturnType<typeof facilityMessage>;

export type ChangesMessage = ReturnType<typeof changesMessage>;
export type TickMessage = ReturnType<typeof tickMessage>;
export type TickRegion = TickMessage['regions'][number];

/** Whatever the live feed may send; made of the server's own functions, so that a renamed field breaks the build. */
export type FeedMessage =
  | ChangesMessage
  | TickMessage
  | ReturnType<typeof resyncMessage>
  | ReturnType<typeof errorMessage>;

/** An item of `GET /v1/regions`. */
export interface ListedRegion {
  readonly region: string;
  readonly name: string;
  readonly totals: Totals;
}

/** One answer of `GET /v1/regions/{region}`; `next` asks for the following page. */
export interface SnapshotPage {
  readonly region: string;
  readonly name: string;
  /** Null for a region without any facility yet. */
  readonly epoch: string | null;
  readonly seq: number;
  readonly asOf: string;
  readonly totals: Totals;
  readonly facilities: readonly FacilityState[];
  readonly next?: string;
}

/** A whole region: its pages put together. */
export type Snapshot = Omit<SnapshotPage, 'next'>;

/** The page's surroundings, from `config.json`. */
export interface PageConfig {
  readonly apiUrl: string;
  readonly liveUrl: string;
  readonly auth: DevSignIn | IssuerSignIn;
}

/** The local runtime gives tokens to everybody. */
export interface DevSignIn {
  readonly mode: 'dev';
}

/** An OpenID Connect issuer. */
export interface IssuerSignIn {
  readonly mode?: never;
  readonly issuer: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
}

export type { Digest, Reason, RegionState, Status, Totals };
