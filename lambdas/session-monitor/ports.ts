import type { ConnectionStore } from '../../core/connection';
import type {
  Canaries,
  Clock,
  EventBus,
  FeedGateway,
  Fence,
  Log,
  Meter,
  PresenceLedger,
  RegionLedger,
  SessionStore,
  Watermarks,
} from '../../core/ports';
import type { SessionMonitorFigure } from './contract';

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
  readonly meter: Meter<SessionMonitorFigure>;
}
