import type { Answer } from './call';
import type { Reason } from './errors';

/**
 * How a page's own connectivity stands. `connecting`: nothing is answered yet. `connected`: the server answers.
 * `disconnected`: it does not; it is tried again. `failed`: it never will. `closed`: the page ended it.
 */
export type Connectivity = 'connecting' | 'connected' | 'disconnected' | 'failed' | 'closed';

export interface ConnectivityState {
  readonly connectivity: Connectivity;
  /** Since when, in milliseconds since the epoch by the page's clock. */
  readonly sinceMs: number;
  /** Why it is `disconnected` or `failed`. */
  readonly reason: Reason | undefined;
}

/** The state after another one; the same object where it is no news. */
export const stateAfter = (
  before: ConnectivityState,
  connectivity: Connectivity,
  reason: Reason | undefined,
  nowMs: number,
): ConnectivityState =>
  connectivity !== before.connectivity
    ? { connectivity, sinceMs: nowMs, reason }
    : reason !== before.reason
      ? { ...before, reason }
      : before;

/** What an answer says of it. */
export const connectivities: Readonly<Record<Answer['type'], Connectivity>> = {
  done: 'connected',
  again: 'disconnected',
  refused: 'failed',
};
