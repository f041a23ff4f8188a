/** Whether at least one live session covers a facility. */
export type Status = 'online' | 'offline';
/** Why a facility has its status: a beat, a goodbye, silence, or the registry, which makes it or removes it. */
export type StatusReason = 'heartbeat' | 'leave' | 'timeout' | 'registered' | 'removed';
export type RegionState = 'up' | 'partial' | 'down' | 'empty';

export interface Totals {
  readonly facilities: number;
  readonly online: number;
  readonly offline: number;
  readonly state: RegionState;
}

/** A facility; instants are ISO 8601 in UTC. */
export interface FacilityState {
  readonly id: string;
  readonly name: string;
  readonly status: Status;
  /** When the status became true. */
  readonly since: string;
  readonly decidedAt: string;
  readonly reason: StatusReason;
  readonly sessions: number;
  readonly users: number;
  /** The region's `seq` of its last change. */
  readonly version: number;
  /** It changed so often lately that its status says little. */
  readonly flapping?: boolean;
  /** When it is not to be missed: the windows that hold or are to come, as far as they are known. */
  readonly maintenanceWindows?: readonly MaintenanceWindow[];
}

/** From an instant until just before another one. */
export interface MaintenanceWindow {
  readonly from: string;
  readonly to: string;
}

/** Count and sum of the versions: equal digests at an equal `seq` mean equal states (CD4). */
export interface Digest {
  readonly count: number;
  readonly sum: number;
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

/** An item of `GET /v1/regions`. */
export type ListedRegion = Pick<SnapshotPage, 'region' | 'name' | 'totals'>;

export type PresenceAttributes = Readonly<Record<string, string | number | boolean>>;

/** A user who is present in a facility. */
export interface Present {
  readonly user: string;
  readonly since: string;
  readonly attributes: PresenceAttributes;
}

/** One answer of `GET /v1/regions/{region}/facility?id=`, as far as presence goes. */
export interface PresencePage {
  readonly presenceSeq: number;
  readonly present: readonly Present[];
  readonly asOf?: string;
  readonly next?: string;
}

/** What is subscribed to: the facilities of a region, or who is present in one of them. */
export interface Topic {
  readonly region: string;
  readonly facility?: string;
}

export type ClientMessage =
  | ({ readonly action: 'subscribe'; readonly since?: number; readonly epoch?: string } & Topic)
  | ({ readonly action: 'unsubscribe' } & Topic)
  | { readonly action: 'ping' };

/** What the registry says of a facility, as far as it is shown. */
interface Registry {
  readonly name?: string;
  readonly maintenance?: readonly MaintenanceWindow[];
}

export interface FacilityChange {
  readonly facility: string;
  readonly status: Status;
  readonly at: string;
  readonly decidedAt: string;
  readonly reason: StatusReason;
  readonly sessions: number;
  readonly users: number;
  readonly version: number;
  readonly flapping?: boolean;
  readonly despiteGaps?: boolean;
  /** Where the registry made the change: all that it says of the facility now. */
  readonly registry?: Registry;
}

export interface ChangesMessage {
  readonly type: 'changes';
  readonly region: string;
  readonly epoch: string;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly asOf: string;
  readonly changes: readonly FacilityChange[];
  readonly totals: Totals;
  /** Where the registry made the entry: all that it says of the region now. */
  readonly registry?: Registry;
}

export interface PresenceMessage {
  readonly type: 'presence';
  readonly region: string;
  readonly facility: string;
  readonly presenceSeq: number;
  readonly event: 'join' | 'leave' | 'timeout' | 'updateAttributes';
  readonly user: string;
  readonly at: string;
  readonly decidedAt: string;
  readonly attributes?: PresenceAttributes;
}

export interface TickRegion {
  readonly region: string;
  readonly epoch: string | null;
  readonly seq: number;
  readonly asOf: string;
  /** Present while what the server knows is old. */
  readonly delayedSince?: string;
  /** Absent for whoever sees only a part of the region. */
  readonly digest?: Digest;
}

export interface TickFacility {
  readonly region: string;
  readonly facility: string;
  readonly presenceSeq: number;
}

/** The answer to a ping, and to a subscription once what was missing has been sent. */
export interface TickMessage {
  readonly type: 'tick';
  readonly at: string;
  readonly regions: readonly TickRegion[];
  readonly facilities?: readonly TickFacility[];
}

export type FeedMessage =
  | ChangesMessage
  | PresenceMessage
  | TickMessage
  | ({ readonly type: 'resync'; readonly reason: 'epoch' | 'too-old' | 'too-long' } & Topic)
  | {
      readonly type: 'error';
      readonly code: 'bad-request' | 'forbidden' | 'token-expired' | 'too-many';
      readonly message: string;
    };
