/** Whether at least one live session covers a facility. */
export type Status = 'online' | 'offline';

/** Why a facility got its status (TR5): a beat, a goodbye, silence, or the registry. */
export type Reason = 'heartbeat' | 'leave' | 'timeout' | 'removed';

/** A facility as it was last told to everybody. */
export interface Facility {
  readonly id: string;
  /** From the registry; the id where nobody gave one. */
  readonly name?: string;
  readonly status: Status;
  /** The instant at which the status became true: first beat's arrival, goodbye, or end of the stored lease (TR5). */
  readonly sinceMs: number;
  /** The instant at which the session monitor decided it. */
  readonly decidedAtMs: number;
  readonly reason: Reason;
  /** Sessions that cover it, those within their grace included; at least one while it is online, else none. */
  readonly sessions: number;
  /** Distinct users of these sessions. */
  readonly users: number;
  /** The region's `seq` of the last change (CD3). */
  readonly version: number;
}

/** One change of status, kept as history. */
export interface Transition {
  readonly facility: string;
  readonly status: Status;
  readonly atMs: number;
  readonly decidedAtMs: number;
  readonly reason: Reason;
  readonly version: number;
}

/** Count and sum of the versions: equal digests at an equal `seq` mean equal states (CD4). */
export interface Digest {
  readonly count: number;
  readonly sum: number;
}

export type RegionState = 'up' | 'partial' | 'down' | 'empty';

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

export const totalsOf = (facilities: Iterable<Facility>): Totals => {
  let all = 0;
  let online = 0;
  for (const { status } of facilities) {
    all += 1;
    if (status === 'online') online += 1;
  }
  return totals(all, online);
};

export const totals = (facilities: number, online: number): Totals => ({
  facilities,
  online,
  offline: facilities - online,
  state: stateOf(facilities, online),
});

function stateOf(facilities: number, online: number): RegionState {
  if (facilities === 0) return 'empty';
  if (online === facilities) return 'up';
  return online === 0 ? 'down' : 'partial';
}
