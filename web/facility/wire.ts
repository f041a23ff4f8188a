import type { FacilityState, PresenceAttributes, Present } from '../../client/live/wire';
import type { Reason, Status } from '../wire';

/** `GET /v1/regions/{region}/facility?id=`, as far as the page shows it. */
export interface FacilityAnswer extends FacilityState {
  readonly asOf: string;
  readonly present?: readonly Present[];
  readonly why?: Why;
  readonly registry?: Registry;
}

/** What the registry says of a facility besides its name. */
export interface Registry {
  readonly address?: string;
  readonly timeZone?: string;
  readonly tags?: readonly string[];
  readonly coordinates?: { readonly latitude: number; readonly longitude: number };
  readonly maintenance?: readonly NotedWindow[];
}

export interface NotedWindow {
  readonly from: string;
  readonly to: string;
  readonly note?: string;
}

/** Which settle decided the status, and what the sessions have said since. */
export interface Why {
  readonly reason: Reason;
  readonly decidedAt: string;
  readonly decidedAsOf: string;
  readonly sessions: readonly SessionState[];
  /** How many are not listed. */
  readonly moreSessions?: number;
}

export interface SessionState {
  readonly sessionId: string;
  readonly user: string;
  /** The lease of one that is `waiting` is over, which is not told before `toldFromAsOf` (TR3). */
  readonly state: 'live' | 'leaving' | 'waiting' | 'left' | 'timed-out';
  readonly startedAt: string;
  /** The last one that was written (HB6). */
  readonly lastBeatAt: string;
  readonly next: number;
  readonly leaseUntil: string;
  readonly leftAt?: string;
  readonly toldFromAsOf?: string;
}

/** `GET /v1/regions/{region}/facility/history?id=&from=&to=`. */
export interface History {
  readonly from: string;
  readonly to: string;
  readonly asOf: string;
  /** Null where nothing is known from before the window. */
  readonly statusBefore: Status | null;
  readonly transitions: readonly Transition[];
  readonly availability: Availability;
}

export interface Transition {
  readonly status: Status;
  readonly at: string;
  readonly decidedAt: string;
  readonly reason: Reason;
  readonly version: number;
  /** How long the state before it had lasted. */
  readonly lastedMs?: number;
}

export interface Availability {
  readonly onlineMs: number;
  readonly offlineMs: number;
  readonly unknownMs: number;
  readonly maintenanceMs: number;
  /** Share of the known time outside maintenance that was online; null where there is none. */
  readonly ratio: number | null;
}

export type { PresenceAttributes, Present };
