import type { Clock, ConnectionStore, Log, RegionReader, TokenVerifier } from '../../core/ports';

/** All that the status API touches. */
export interface ApiPorts {
  readonly regions: RegionReader;
  readonly connections: Pick<ConnectionStore, 'saveTicket'>;
  readonly verifier: TokenVerifier;
  /** Text that nobody can guess. */
  readonly newSecret: () => string;
  readonly clock: Clock;
  readonly log: Log;
}
