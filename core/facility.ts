import type { PresenceStanding } from './presence';
import type { FacilityRegistry } from './registry';

/** Whether at least one live session covers a facility. */
export type Status = 'online' | 'offline';

/** Why a facility got its status (TR5): a beat, a goodbye, silence, or the registry, which makes it or removes it. */
export type Reason = 'heartbeat' | 'leave' | 'timeout' | 'registered' | 'removed';

/** A facility as it was last told to everybody. */
export interface Facility {
  readonly id: string;
  readonly status: Status;
  /** The instant at which the status became true: first beat's arrival, goodbye, or end of the stored lease (TR5). */
  readonly sinceMs: number;
  /** The instant at which the session monitor decided it, and the as-of that it knew of then. */
  readonly decidedAtMs: number;
  readonly decidedAsOfMs: number;
  readonly reason: Reason;
  /** Sessions that cover it, those within their grace included; at least one while it is online, else none. */
  readonly sessions: number;
  /** Distinct users of these sessions. */
  readonly users: number;
  /** The region's `seq` of the last change (CD3). */
  readonly version: number;
  /** Whether it changed so often lately that its status says little (TR6). */
  readonly flapping: boolean;
  /** When its last changes of status became true, oldest first, as many as tell whether it is flapping. */
  readonly recentChangesMs: readonly number[];
  /** Who was told to be present; apart from the rest, since it has commits of its own. Absent before the first. */
  readonly presence?: PresenceStanding;
  /** What people say of it; the registry's own. Absent where a beat registered it and nobody has said anything yet. */
  readonly registry?: FacilityRegistry;
  /** When the registry removed it: what is left is a tombstone, which is neither shown nor counted (CD1). */
  readonly removedAtMs?: number;
}

/** One change of status, kept as history. */
export interface Transition {
  readonly facility: string;
  readonly status: Status;
  readonly atMs: number;
  readonly decidedAtMs: number;
  readonly decidedAsOfMs: number;
  readonly reason: Reason;
  readonly version: number;
  /** How long the state that it ended had lasted; absent for the first one. */
  readonly lastedMs?: number;
}

/** Count and sum of the versions: equal digests at an equal `seq` mean equal states (CD4). */
export interface Digest {
  readonly count: number;
  readonly sum: number;
}

export type RegionState = 'up' | 'partial' | 'down' | 'empty';

/** Shares of a region's facilities, 0 to 1, from which its state is told; kept by the registry. */
export interface Thresholds {
  /** `up` when at least this share is online. */
  readonly upFrom: number;
  /** `down` when less than this share is online; with none online it is `down` in any case. */
  readonly downBelow: number;
}

/** Only a whole region is up, only a region without anything online is down. */
export const defaultThresholds: Thresholds = { upFrom: 1, downBelow: 0 };

export interface Totals {
  readonly facilities: number;
  readonly online: number;
  readonly offline: number;
  readonly state: RegionState;
}

export const digestOf = (facilities: Iterable<Facility>): Digest => {
  let count = 0;
  let sum = 0;
  for (const facility of facilities) {
    count += 1;
    sum += facility.version;
  }
  return { count, sum };
};

export const totalsOf = (facilities: Iterable<Facility>, thresholds?: Thresholds): Totals => {
  let all = 0;
  let online = 0;
  for (const { status } of facilities) {
    all += 1;
    if (status === 'online') online += 1;
  }
  return totals(all, online, thresholds);
};

export const totals = (
  facilities: number,
  online: number,
  thresholds: Thresholds = defaultThresholds,
): Totals => ({
  facilities,
  online,
  offline: facilities - online,
  state: stateOf(facilities, online, thresholds),
});

function stateOf(facilities: number, online: number, { upFrom, downBelow }: Thresholds): RegionState {
  if (facilities === 0) return 'empty';
  if (online === 0 || online < downBelow * facilities) return 'down';
  return online >= upFrom * facilities ? 'up' : 'partial';
}
