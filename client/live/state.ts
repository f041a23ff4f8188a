import type { Reason } from '../errors';
import { type Feed, pingEveryMs } from './feed';
import { gapPatienceMs, type Watch } from './watch';

/** Two pings, of {@link pingEveryMs}, must have brought proof by then. */
const staleMs = 40_000;
/** A proof holds until the next ping must have brought another one, or the end of the socket. */
const proofHoldsMs = 30_000;

/**
 * How far what a watch shows can be believed. `connecting`: there is no socket. `syncing`: there is one, but what is shown is not
 * proved yet. `live`: the server said lately that it is right. `delayed`: it is what the server knows, but that stands still
 * at as-of. `stale`: it was right once; nobody has said so for two ping intervals. `closed`, `failed`: nothing more comes.
 */
export type LiveStatus = 'connecting' | 'syncing' | 'live' | 'delayed' | 'stale' | 'closed' | 'failed';

export interface LiveState {
  readonly status: LiveStatus;
  /** Since when, in milliseconds since the epoch by the page's clock. */
  readonly sinceMs: number;
  /** Why it `failed`. */
  readonly reason: Reason | undefined;
}

/** What can be said of a watch at this instant (CD4); whether as-of is too old, the server says. */
export function statusOf({ sync, proof, loadedAtMs }: Watch, feed: Feed, nowMs: number): LiveStatus {
  if (sync.phase === 'failed') return 'failed';
  const { socket, lastTickMs } = feed;
  if (loadedAtMs && lastTickMs && nowMs - lastTickMs >= staleMs) return 'stale';
  if (socket !== 'open') return 'connecting';
  if (proof === undefined || nowMs - proof.atMs > proofHoldsMs || isDoubted(sync, nowMs)) return 'syncing';
  return proof.delayed ? 'delayed' : 'live';
}

/** A moment of doubt is no news: most of the time what seems to be missing is only on its way. */
const isDoubted = (sync: Watch['sync'], nowMs: number): boolean =>
  'sinceMs' in sync ? nowMs - sync.sinceMs > gapPatienceMs : sync.phase !== 'current';
