import type { ConnectionStore } from '../../core/connection';
import type {
  Clock,
  FacilityHistory,
  Log,
  PresenceReader,
  RegionLedger,
  RegionReader,
  SessionStore,
  TokenVerifier,
  Watermarks,
} from '../../core/ports';
import type { Timings } from '../../core/timings';
import type { ReadFreshness } from '../freshness';

/** All that the status API touches. */
export interface ApiPorts {
  readonly regions: RegionReader & Pick<RegionLedger, 'row' | 'commit'>;
  readonly history: FacilityHistory;
  readonly presence: PresenceReader;
  readonly marks: Pick<RegionLedger, 'raiseMark'>;
  readonly sessions: Pick<SessionStore, 'list' | 'load' | 'ofUser' | 'save'>;
  readonly watermarks: Pick<Watermarks, 'standing'>;
  readonly freshness: ReadFreshness;
  readonly connections: Pick<ConnectionStore, 'saveTicket'>;
  readonly verifier: TokenVerifier;
  /** Text that nobody can guess. */
  readonly newSecret: () => string;
  readonly clock: Clock;
  readonly log: Log;
  readonly timings: Timings;
}
