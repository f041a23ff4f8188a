export type { GetToken } from './call';
export type { Connectivity, ConnectivityState } from './connectivity';
export type {
  Channel,
  Environment,
  PageEvent,
  Request,
  Response,
  Socket,
  SocketEvents,
  TabPorts,
} from './environment';
export { type Reason, RollcallError } from './errors';
export type { Heartbeat, HeartbeatEvents, HeartbeatOptions } from './heartbeat/heartbeat';
export type { Attributes, Receipt } from './heartbeat/schedule';
export type {
  Batch,
  Change,
  FacilityWatch,
  FacilityWatchEvents,
  RegionWatch,
  WatchEvents,
} from './live/handles';
export type { Live, LiveEvents, LiveOptions } from './live/live';
export type { LiveState, LiveStatus } from './live/state';
export type { AboutRegion } from './live/translate';
export type {
  FacilityState,
  PresenceMessage,
  Present,
  RegionState,
  Status,
  StatusReason,
  Totals,
} from './live/wire';
export { openLive, type PlaceOptions, startHeartbeat, watchFacility, watchRegion } from './start';
