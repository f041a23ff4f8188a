import { type Attributes, hashOf } from './attributes';
import { type ArrivedBeat, beatLimits } from './beat';
import {
  expiresAtMs,
  finalUntilMs,
  graceEndMs,
  isPunctual,
  leaseEndMs,
  renewSlackMs,
  reserveMs,
} from './lease';
import { canonical, type Pattern, samePatterns } from './pattern';
import type { Timings } from './timings';

/** What makes a session one: nobody can touch another's (HB5). */
export interface SessionKey {
  readonly issuer: string;
  readonly subject: string;
  readonly region: string;
  readonly sessionId: string;
}

/** One open instance of an app as it is stored. */
export interface Session extends SessionKey {
  /** Facilities and patterns that the session stands for, in canonical order; none for a tombstone. */
  readonly covers: readonly Pattern[];
  /** Arrival of the beat since which it has covered exactly these without a pause. */
  readonly coversSinceMs: number;
  /** What it has ceased to cover lately, as far as somebody may not have been told yet. */
  readonly ceased: readonly Ceased[];
  readonly startedAtMs: number;
  readonly lastBeatAtMs: number;
  readonly nextSeconds: number;
  /** Until when it counts as live; the stored lease, renewal slack included (HB6). */
  readonly leaseUntilMs: number;
  /** Arrival of the beat that said goodbye. */
  readonly leftAtMs?: number;
  /** What is known here of the attributes, which are kept apart: their hash, and when they were set. */
  readonly attributes?: { readonly hash: number; readonly atMs: number };
  /** The front end's own counter, of the newest beat that carried one. */
  readonly seq?: number;
  /** Raised by every write; a write on another revision than the one read is refused. */
  readonly revision: number;
}

/** Something that a session covered once, and how that ended: it said something else, or only after its lease. */
export interface Ceased {
  readonly pattern: Pattern;
  readonly atMs: number;
  readonly reason: 'leave' | 'timeout';
}

/** What a beat does to a session. */
export interface Merge {
  readonly session: Session;
  /** Whether the store must learn of it; a renewal that the stored lease already covers needs no write (HB6). */
  readonly write: boolean;
  /** Whether the region must be looked at: the session joined, came back, left, or covers something else (CD5). */
  readonly marks: boolean;
  /** Attributes that must be stored with it; absent where they stay as they are. */
  readonly attributes?: Attributes;
}

/** A text that two sessions share only if they are the same; issuer and session id hold no space. */
export const sessionKeyText = (key: SessionKey): string =>
  `${key.region} ${key.issuer} ${key.subject} ${key.sessionId}`;

/** Two sessions of the same user count as one user. */
export const userText = (key: Pick<SessionKey, 'issuer' | 'subject'>): string =>
  `${key.issuer} ${key.subject}`;

/**
 * Merges a beat into what is stored. Idempotent, and insensitive to the order of renewals, so that duplicates, replays
 * and late records are no-ops; the arrival time is the only clock (HB1, HB5).
 */
export function mergeBeat(stored: Session | undefined, beat: ArrivedBeat, t: Timings): Merge {
  if (stored === undefined || isForgotten(stored, beat, t)) return begun(stored, beat, t);
  if (stored.leftAtMs !== undefined)
    return { session: stored, write: false, marks: stored.leftAtMs === beat.arrivalMs };
  return beat.nextSeconds === 0 ? changed(left(stored, beat, t)) : renew(stored, beat, t);
}

/**
 * Whether a beat is the very next one after what somebody remembers of a session, so that what they remember is what is stored,
 * save for a lease that has grown. Attributes may also have been set without a beat. One without `seq` tells nothing of its order.
 */
export const isNextBeat = (known: Session, { seq, attributes }: ArrivedBeat): boolean =>
  known.seq !== undefined && seq === known.seq + 1 && attributes === undefined;

/** Folds several beats of one session, oldest first, into one write. */
export function mergeBeats(
  stored: Session | undefined,
  beats: readonly [ArrivedBeat, ...ArrivedBeat[]],
  t: Timings,
): Merge {
  if (beats.length === 1) return mergeBeat(stored, beats[0], t);
  const [first, ...rest] = beats;
  return rest.reduce(
    (merged, beat) => {
      const step = mergeBeat(merged.session, beat, t);
      return {
        session: step.session,
        write: merged.write || step.write,
        marks: merged.marks || step.marks,
        ...carried(step.attributes ?? merged.attributes),
      };
    },
    mergeBeat(stored, first, t),
  );
}

const changed = (session: Session): Merge => ({ session, write: true, marks: true });

const carried = (attributes: Attributes | undefined): Pick<Merge, 'attributes'> =>
  attributes === undefined ? {} : { attributes };

/** Setting what is set already is no news: of several sessions of a user the one that set something else last counts. */
function withAttributes(merge: Merge, { attributes, arrivalMs }: ArrivedBeat): Merge {
  if (attributes === undefined) return merge;
  const hash = hashOf(attributes);
  if (merge.session.attributes?.hash === hash) return merge;
  const session = { ...merge.session, attributes: { hash, atMs: arrivalMs } };
  return { session, write: true, marks: true, attributes };
}

/** Leaving is judged by its instant, not by the row, which TTL may remove early or late (HB5, HB7). */
const isForgotten = (stored: Session, beat: ArrivedBeat, t: Timings): boolean =>
  stored.leftAtMs !== undefined && beat.arrivalMs >= finalUntilMs(stored.leftAtMs, t);

/** One that had left long before begins anew; how it ended is still needed while as-of has not come that far (TR1). */
function begun(before: Session | undefined, beat: ArrivedBeat, t: Timings): Merge {
  const leaves = beat.nextSeconds === 0;
  const session = leaves ? tombstone(beat) : joined(beat, t);
  const merge = changed(
    before === undefined
      ? session
      : { ...session, revision: before.revision, ceased: ceasedAfter(before, session.covers, beat, t) },
  );
  return leaves ? merge : withAttributes(merge, beat);
}

function joined(beat: ArrivedBeat, t: Timings): Session {
  return {
    ...keyOf(beat),
    covers: canonical(beat.covers),
    coversSinceMs: beat.arrivalMs,
    ceased: [],
    startedAtMs: beat.arrivalMs,
    lastBeatAtMs: beat.arrivalMs,
    nextSeconds: beat.nextSeconds,
    leaseUntilMs: leaseEndMs(beat.arrivalMs, beat.nextSeconds, t) + renewSlackMs(beat.nextSeconds, t),
    ...seqOf(beat.seq),
    revision: 0,
  };
}

/** A goodbye that overtook its own session: it keeps the late beats from bringing anything online (HB4). */
const tombstone = (beat: ArrivedBeat): Session => ({
  ...keyOf(beat),
  covers: [],
  coversSinceMs: beat.arrivalMs,
  ceased: [],
  startedAtMs: beat.arrivalMs,
  lastBeatAtMs: beat.arrivalMs,
  nextSeconds: 0,
  leaseUntilMs: beat.arrivalMs,
  leftAtMs: beat.arrivalMs,
  ...seqOf(beat.seq),
  revision: 0,
});

const left = (known: Session, beat: ArrivedBeat, t: Timings): Session => ({
  ...known,
  lastBeatAtMs: Math.max(known.lastBeatAtMs, beat.arrivalMs),
  leaseUntilMs: Math.min(known.leaseUntilMs, graceEndMs(beat.arrivalMs, t)),
  leftAtMs: beat.arrivalMs,
  ...seqOf(highest(known.seq, beat.seq)),
});

/** A session that is still being made. */
type Draft = { -readonly [Name in keyof Session]: Session[Name] };

function renew(known: Session, beat: ArrivedBeat, t: Timings): Merge {
  const newer = isNewer(known, beat);
  const covers = newer ? canonical(beat.covers) : known.covers;
  const moved = !samePatterns(covers, known.covers);
  const restored = known.leaseUntilMs < beat.arrivalMs;
  const tooShort = leaseEndMs(beat.arrivalMs, beat.nextSeconds, t) > known.leaseUntilMs;
  const begins = moved || restored;
  const session: Draft = {
    ...known,
    covers,
    coversSinceMs: begins ? beat.arrivalMs : known.coversSinceMs,
    ceased: begins ? ceasedAfter(known, covers, beat, t) : known.ceased,
    lastBeatAtMs: Math.max(known.lastBeatAtMs, beat.arrivalMs),
    nextSeconds: newer ? beat.nextSeconds : known.nextSeconds,
    leaseUntilMs: tooShort ? renewedLeaseMs(known, beat, t) : known.leaseUntilMs,
  };
  const seq = highest(known.seq, beat.seq);
  // Set rather than spread: this is done for every beat there is, and a second spread takes as long as all the rest.
  if (seq !== undefined) session.seq = seq;
  // A retry of the beat that changed something finds its work done, but perhaps not its mark (CD5).
  const merge = {
    session,
    write: begins || tooShort,
    marks: begins || known.coversSinceMs === beat.arrivalMs,
  };
  if (newer) return withAttributes(merge, beat);
  // A retry of the beat that set them finds its work done, but perhaps not its mark (CD5).
  const isRetry = beat.attributes !== undefined && known.attributes?.atMs === beat.arrivalMs;
  return { ...merge, marks: merge.marks || isRetry };
}

/** Sets a live session's attributes without a beat; its lease stays what it is. `undefined` when it is not live. */
export function setAttributes(stored: Session, attributes: Attributes, nowMs: number): Merge | undefined {
  if (stored.leftAtMs !== undefined || stored.leaseUntilMs <= nowMs) return undefined;
  const hash = hashOf(attributes);
  if (stored.attributes?.hash === hash) return { session: stored, write: false, marks: false };
  const atMs = Math.max(nowMs, (stored.attributes?.atMs ?? 0) + 1);
  return { session: { ...stored, attributes: { hash, atMs } }, write: true, marks: true, attributes };
}

/**
 * What ceased before is carried on for as long as rows of sessions that ended are kept, and for the same reason: the next beat may come
 * before any settle has told it, and as-of may stand still for long (TR1, HB7).
 */
function ceasedAfter(
  known: Session,
  covers: readonly Pattern[],
  { arrivalMs }: ArrivedBeat,
  t: Timings,
): readonly Ceased[] {
  const end = endBefore(known, arrivalMs);
  const all = new Map<Pattern, Ceased>();
  for (const ceased of known.ceased) {
    if (expiresAtMs(ceased.atMs, t) > arrivalMs) all.set(ceased.pattern, ceased);
  }
  for (const pattern of known.covers) all.set(pattern, { pattern, ...end });
  for (const pattern of covers) all.delete(pattern);
  return [...all.values()].slice(-beatLimits.coversPerSession);
}

/** How a session ended before a beat, or ceases to cover something with it. */
function endBefore(
  { leaseUntilMs, leftAtMs = Number.POSITIVE_INFINITY }: Session,
  arrivalMs: number,
): Omit<Ceased, 'pattern'> {
  const changedAtMs = Math.min(leftAtMs, arrivalMs);
  return leaseUntilMs < changedAtMs
    ? { atMs: leaseUntilMs, reason: 'timeout' }
    : { atMs: changedAtMs, reason: 'leave' };
}

/** `seq` orders what a session says of itself where both sides have one; otherwise arrival does (HB5). */
const isNewer = (known: Session, beat: ArrivedBeat): boolean =>
  known.seq !== undefined && beat.seq !== undefined
    ? beat.seq > known.seq
    : beat.arrivalMs > known.lastBeatAtMs;

const highest = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : Math.max(a, b);

const seqOf = (seq: number | undefined): { seq?: number } => (seq === undefined ? {} : { seq });

function renewedLeaseMs(known: Session, { arrivalMs, nextSeconds }: ArrivedBeat, t: Timings): number {
  const reserve = isPunctual(arrivalMs - known.lastBeatAtMs, known.nextSeconds)
    ? reserveMs(nextSeconds, known.revision, t)
    : renewSlackMs(nextSeconds, t);
  return leaseEndMs(arrivalMs, nextSeconds, t) + reserve;
}

const keyOf = ({ issuer, subject, region, sessionId }: SessionKey): SessionKey => ({
  issuer,
  subject,
  region,
  sessionId,
});
