import { backoffMs } from '../backoff';
import type { Answer } from '../call';
import type { Environment } from '../environment';

/** What a session says of itself: text, numbers and booleans. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** What this page tells the server (the wire's own names). */
export interface Beat {
  readonly sessionId: string;
  readonly region: string;
  readonly facilities?: readonly string[] | undefined;
  readonly seq: number;
  /** Seconds until the next beat; 0 leaves. */
  readonly next: number;
  readonly attributes?: Attributes | undefined;
}

/** What the server says of a beat that it took. */
export interface Receipt {
  readonly next: number;
  readonly serverTime: string;
  readonly leaseUntil: string;
}

/** What every beat of a page has in common. */
export interface Subject {
  readonly region: string;
  readonly facilities: readonly string[] | undefined;
  readonly intervalSeconds: number;
}

/** One session: when it beats next, and what became of its beats so far. */
export interface Schedule {
  readonly sessionId: string;
  readonly seq: number;
  /** Never while a beat is on its way, unless something hurries. */
  readonly dueAtMs: number;
  /** When the last beat was sent. */
  readonly sentAtMs: number;
  readonly sending: boolean;
  /** In a row. */
  readonly failures: number;
  /** The attributes that the server took last. */
  readonly known: Attributes | undefined;
}

/** A hidden page whose timers are throttled is woken once a minute (Chromium, "intensive throttling"). */
const throttledSeconds = 60;
/** A beat of a hidden page that is later than this was throttled. */
const lateMs = 5_000;
/** The server turns away beats that come faster (AC5: 2 s). */
const leastGapMs = 3_000;
/** Two more attempts fit into the lease of 30 s beats after one that failed. */
const longestBackoffMs = 20_000;
/** The range of `next` (HB2). */
export const leastSeconds = 5;
export const mostSeconds = 300;

/** A session that has not beaten yet: its first beat is due at once. Its id need be no secret, only new for its user. */
export const newSchedule = (random: number, nowMs: number): Schedule => ({
  sessionId: `${nowMs}-${random}`,
  seq: 0,
  dueAtMs: nowMs,
  sentAtMs: 0,
  sending: false,
  failures: 0,
  known: undefined,
});

/** A beat is wanted now: somebody looks, the network is back, attributes changed. */
export const hurried = (schedule: Schedule, nowMs: number): Schedule => ({
  ...schedule,
  dueAtMs: Math.min(schedule.dueAtMs, Math.max(nowMs, schedule.sentAtMs + leastGapMs)),
});

/** The beat that is due, if there is one, after the schedule with it on its way. */
export function nextBeat(
  schedule: Schedule,
  { intervalSeconds, ...subject }: Subject,
  { now, isHidden }: Pick<Environment, 'now' | 'isHidden'>,
  attributes: Attributes | undefined,
): readonly [Schedule, Beat] | undefined {
  const { sessionId, known } = schedule;
  const overdueMs = now() - schedule.dueAtMs;
  // Half a tick early is on time, half a tick late is, too.
  if (schedule.sending || overdueMs < -500) return undefined;
  // A timer that comes a moment before the beat is due makes it one whole pause later, hence twice the interval.
  const next =
    isHidden() && overdueMs > lateMs
      ? Math.min(mostSeconds, Math.max(throttledSeconds, 2 * intervalSeconds))
      : intervalSeconds;
  const seq = schedule.seq + 1;
  return [
    { ...schedule, seq, dueAtMs: Infinity, sentAtMs: now(), sending: true },
    { sessionId, seq, next, ...subject, attributes: attributes === known ? undefined : attributes },
  ];
}

/** The last beat of a session; undefined where it never began. */
export const goodbye = ({ sessionId, seq }: Schedule, { region, facilities }: Subject): Beat | undefined =>
  seq > 0 ? { sessionId, seq: seq + 1, next: 0, region, facilities } : undefined;

/**
 * The schedule after an answer: the next beat when the server wants it, or sooner where it was hurried meanwhile; or
 * another attempt.
 * @param beat that was answered
 * @param random from 0 to 1
 */
export function answered(
  schedule: Schedule,
  { intervalSeconds }: Subject,
  answer: Answer,
  beat: Beat,
  random: number,
  nowMs: number,
): Schedule {
  const { sentAtMs, failures, dueAtMs } = schedule;
  const settled = { ...schedule, sending: false };
  if (answer.type === 'done') {
    const { next } = answer.body as Receipt;
    // The server repeats what the beat said unless it wants something else.
    const seconds = next >= leastSeconds && next !== beat.next ? next : intervalSeconds;
    const nextMs = Math.min(dueAtMs, sentAtMs + seconds * 1_000);
    return { ...settled, failures: 0, dueAtMs: nextMs, known: beat.attributes ?? schedule.known };
  }
  return {
    ...settled,
    failures: failures + 1,
    dueAtMs: nowMs + answer.afterMs + backoffMs(failures, random, longestBackoffMs),
  };
}
