import { beatLimits } from './beat';
import { leaseLengthMs } from './lease';
import type { Session } from './session';
import type { Timings } from './timings';

/** A stretch of arrival time in which beats may have been turned away or discarded without a trace (TR3). */
export interface Gap {
  readonly fromMs: number;
  readonly untilMs: number;
  /** Present where beats were turned away in it, or were too old to be kept when they came to be read. */
  readonly lossy?: true;
}

/** When and how a session ends, and from which as-of on that may be told. */
export interface SessionEnd {
  /** The instant at which it became true (TR5). */
  readonly atMs: number;
  readonly reason: 'leave' | 'timeout';
  /** As-of from which it may be told; until then the session counts as live. */
  readonly tellFromMs: number;
  /** Told although a gap asks for more patience, since the bound was reached. */
  readonly despiteGaps: boolean;
}

const second = 1_000;

/** Gaps postpone a timeout by this at most; then it is told, and said that it was told in spite of them (TR3). */
export const maxPostponementMs = 15 * 60 * second;

/**
 * A shorter gap costs nobody a lease: of the most impatient session it swallows fewer beats than its lease allows for. Two
 * of its intervals at least, since as-of goes on in steps of a tick.
 */
export const shortestGapMs = (t: Timings): number =>
  Math.max(2, t.allowance - 1) * beatLimits.minNextSeconds * second;

/** Beats of a session arrive no closer together than this: its lease has slack for one that travels long. */
const closestMs = (nextSeconds: number, t: Timings): number =>
  Math.max(1, nextSeconds - t.slackSeconds) * second;

/** How many beats that come so close may have come in a stretch, its ends included. */
const fitting = (fromMs: number, untilMs: number, everyMs: number): number =>
  untilMs < fromMs ? 0 : Math.floor((untilMs - fromMs) / everyMs) + 1;

/**
 * Whether a gap says more than that ticks are slow. Several of those that do not may follow each other for hours, and
 * prove that beats were taken wherever one of them ends.
 */
export const isTrouble = ({ fromMs, untilMs, lossy }: Gap, t: Timings): boolean =>
  lossy === true || untilMs - fromMs > t.freshnessSeconds * second;

/**
 * Judges how a session ends: by its goodbye, which waits for nothing, unless its lease had ended before; else by silence,
 * which after a gap waits until as-of has moved on by that session's own lease length, so that it had the chance to beat.
 * @param gaps those of the standing that as-of belongs to, by their beginnings
 */
export function endOf(session: Session, gaps: readonly Gap[], t: Timings): SessionEnd {
  const { leaseUntilMs, leftAtMs } = session;
  if (leftAtMs !== undefined) {
    return leftAtMs <= leaseUntilMs
      ? { atMs: leftAtMs, reason: 'leave', tellFromMs: leaseUntilMs, despiteGaps: false }
      : { atMs: leaseUntilMs, reason: 'timeout', tellFromMs: leaseUntilMs, despiteGaps: false };
  }
  const wantedMs = patienceUntilMs(session, gaps, t);
  const boundMs = leaseUntilMs + maxPostponementMs;
  return {
    atMs: leaseUntilMs,
    reason: 'timeout',
    tellFromMs: Math.min(wantedMs, boundMs),
    despiteGaps: wantedMs > boundMs,
  };
}

/**
 * Until when a session has to be waited for. A lease is long enough for `allowance` beats: one gap may have swallowed all of
 * them, or trouble all but one, which may just as well get lost on its way. While it is waited for, the next trouble makes it
 * wait anew. A gap that begins later is none of its: it had been silent before, while everybody was heard.
 */
function patienceUntilMs(session: Session, gaps: readonly Gap[], t: Timings): number {
  const { leaseUntilMs, lastBeatAtMs, nextSeconds } = session;
  const everyMs = closestMs(nextSeconds, t);
  let [untilMs, beatMs, missed] = [leaseUntilMs, lastBeatAtMs, 0];
  for (const gap of gaps) {
    if (gap.fromMs >= untilMs) break;
    if (gap.untilMs <= lastBeatAtMs) continue;
    const own = fitting(Math.max(gap.fromMs, lastBeatAtMs), gap.untilMs, everyMs);
    const isAll = gap.fromMs < leaseUntilMs && own >= t.allowance;
    if (!isAll && !isTrouble(gap, t)) continue;
    const firstMs = Math.max(gap.fromMs, beatMs);
    const swallowed = fitting(firstMs, gap.untilMs, everyMs);
    if (swallowed > 0) beatMs = firstMs + swallowed * everyMs;
    missed += swallowed;
    if (isAll || missed >= t.allowance - 1) {
      untilMs = Math.max(untilMs, gap.untilMs + leaseLengthMs(nextSeconds, t));
    }
  }
  return untilMs;
}
