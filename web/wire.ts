export type {
  ChangesMessage,
  ClientMessage,
  FacilityState,
  FeedMessage,
  ListedRegion,
  RegionState,
  SnapshotPage,
  Status,
  StatusReason as Reason,
  TickMessage,
  TickRegion,
  Totals,
} from '../client/live/wire';

import type { SnapshotPage } from '../client/live/wire';

/** A whole region: its pages put together. */
export type Snapshot = Omit<SnapshotPage, 'next'>;

/** Why a request was refused (RFC 9457). */
export interface Problem {
  readonly type: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** Which part of it. */
  readonly field?: string;
}

/** The page's surroundings, from `config.json`. */
export interface PageConfig {
  readonly apiUrl: string;
  readonly liveUrl: string;
  readonly auth: SignInConfig;
}

/** The OpenID Connect issuer that operators sign in with. */
export interface SignInConfig {
  /** `dev`: the issuer of a local runtime, which asks for no password. */
  readonly mode?: 'dev';
  readonly issuer: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** The claim of a token that holds the rights; `rollcall` where nothing else is said. */
  readonly rightsClaim?: string;
}
