import type { Timings } from './timings';

const second = 1_000;
/** How late a beat may be that is still on time. */
const jitterSeconds = 10;

/** How long a beat keeps its session alive: it may miss `allowance` intervals, and travel for `slackSeconds` (HB3). */
export const leaseLengthMs = (nextSeconds: number, t: Timings): number =>
  (t.allowance * nextSeconds + t.slackSeconds) * second;

/** When a beat's lease ends (HB3). */
export const leaseEndMs = (arrivalMs: number, nextSeconds: number, t: Timings): number =>
  arrivalMs + leaseLengthMs(nextSeconds, t);

/** When the lease of a session that leaves ends at the latest, so that a reload is no flap (HB4). */
export const graceEndMs = (leftAtMs: number, t: Timings): number => leftAtMs + t.leaveGraceSeconds * second;

/**
 * How far beyond the lease a written one reaches, so that the next `renewBeats` renewals need no write (HB6).
 * The jitter keeps a beat that comes a little late from missing its renewal; no renewal is saved at 0 beats.
 */
export const renewSlackMs = (nextSeconds: number, t: Timings): number =>
  t.renewBeats === 0 ? 0 : (t.renewBeats * nextSeconds + jitterSeconds) * second;

/**
 * Of so many writes of a session one reaches another beat further (HB6). With every second renewal written, renewals alone would take
 * half a write unit a beat; what this saves pays for joins, leaves and watermarks where sessions last a day (docs/adr/0024).
 */
export const writesPerLongReserve = 10;

/** How far beyond the lease a renewal reaches that is written after so many writes of its session (HB6). */
export const reserveMs = (nextSeconds: number, earlierWrites: number, t: Timings): number =>
  earlierWrites % writesPerLongReserve === writesPerLongReserve - 1
    ? longestReserveMs(nextSeconds, t)
    : renewSlackMs(nextSeconds, t);

/**
 * Whether a beat came when the one before it had promised. Of a front end that is throttled and says nothing of it, a longer
 * reserve would only spare the next write, and leave it a shorter lease than that write would have given it.
 */
export const isPunctual = (sinceLastBeatMs: number, promisedSeconds: number): boolean =>
  sinceLastBeatMs <= (promisedSeconds + jitterSeconds) * second;

/** How far beyond the lease any write reaches at most (HB6). */
export const longestReserveMs = (nextSeconds: number, t: Timings): number =>
  t.renewBeats === 0 ? 0 : renewSlackMs(nextSeconds, t) + nextSeconds * second;

/** Until when leaving is final for a session, and how long a row outlives its lease (HB5, HB7). */
export const finalUntilMs = (endedAtMs: number, t: Timings): number =>
  endedAtMs + t.ttlBehindLeaseSeconds * second;

const weekMs = 7 * 24 * 60 * 60 * second;

/**
 * When TTL may take the row of a session that ended, which goes by the clock alone: a week after the session monitor would, so that
 * a row is still there when as-of moves on after a long standstill, and says how its session ended (TR1, HB7).
 */
export const expiresAtMs = (endedAtMs: number, t: Timings): number => finalUntilMs(endedAtMs, t) + weekMs;
