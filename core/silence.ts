import { beatLimits } from './beat';
import { leaseLengthMs } from './lease';
import type { Session } from './session';
import type { Timings } from './timings';

/** A stretch of arrival time in which beats may have been turned away or discarded without a trace (TR3). */
export interface Gap {
  readonly fromMs: number;
  readonly untilMs: number;
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
 * How long a session that beats this often may find nobody to take its beats and still be back within its lease: it is
 * `allowance` intervals long, and the first beat that is taken again may come one interval after the trouble.
 */
const toleranceMs = (nextSeconds: number, t: Timings): number =>
  ((t.allowance - 1) * nextSeconds + t.slackSeconds) * second;

/** A shorter gap costs nobody a lease. */
export const shortestToleranceMs = (t: Timings): number => toleranceMs(beatLimits.minNextSeconds, t);

/**
 * Judges how a session ends: by its goodbye, which waits for nothing, unless its lease had ended before; else by silence,
 * which after a gap waits until as-of has moved on by that session's own lease length, so that it had the chance to beat.
 * @param gaps those of the standing that as-of belongs to
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

/** A gap after the lease is none of the session's: it had been silent before, while everybody was heard. */
function patienceUntilMs({ leaseUntilMs, nextSeconds }: Session, gaps: readonly Gap[], t: Timings): number {
  let untilMs = leaseUntilMs;
  for (const gap of gaps) {
    if (gap.fromMs >= leaseUntilMs || gap.untilMs - gap.fromMs <= toleranceMs(nextSeconds, t)) continue;
    untilMs = Math.max(untilMs, gap.untilMs + leaseLengthMs(nextSeconds, t));
  }
  return untilMs;
}
