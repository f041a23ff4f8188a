import type {
  Canaries,
  Clock,
  ConnectionStore,
  EventBus,
  FeedGateway,
  Fence,
  Log,
  PresenceLedger,
  RegionLedger,
  SessionStore,
  Watermarks,
} from '../../core/ports';

/** All that the session monitor touches. */
export interface MonitorPorts {
  readonly sessions: SessionStore;
  readonly ledger: RegionLedger;
  readonly presence: PresenceLedger;
  readonly connections: ConnectionStore;
  readonly feed: FeedGateway;
  readonly bus: EventBus;
  readonly canaries: Canaries;
  readonly watermarks: Watermarks;
  readonly fence: Fence;
  readonly clock: Clock;
  readonly log: Log;
}
