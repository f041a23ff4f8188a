import type { AcceptedBeat } from '../../core/beat';
import { leaseEndMs } from '../../core/lease';
import { matchesAny } from '../../core/pattern';
import { type Session, type SessionKey, sessionKeyText } from '../../core/session';
import type { Timings } from '../../core/timings';

/** A beat that the stream has taken. */
export interface TakenBeat {
  readonly beat: AcceptedBeat;
  readonly arrivalMs: number;
  readonly shardId: string;
  readonly sequenceNumber: string;
  /** Given up by the event source mapping, since it was too old, before anything of it was stored. */
  discarded: boolean;
  /** Whether what it changed was stored, even if nobody was told so: then the mapping gives up what has long been done. */
  stored: boolean;
}

/** What really happened to one session, whatever the system knows of it. */
export interface TrueSession {
  readonly key: SessionKey;
  readonly taken: TakenBeat[];
  /** When beats of it reached the front door, were they taken or not, and for how long each spoke. */
  readonly knocks: {
    readonly atMs: number;
    readonly nextSeconds: number;
    readonly covers: readonly string[];
  }[];
  /** When the front end's own network last lost something, or it did not beat although it should have. */
  ownTroubleMs: number;
  /** When it crashed, fell asleep, or said goodbye. */
  endedMs: number | undefined;
}

const asleep = Number.NEGATIVE_INFINITY;

/** What really happened, which the simulation knows and the system has to find out. */
export class Truth {
  readonly sessions = new Map<string, TrueSession>();
  /** Every record of a beat by its place in the stream. */
  private readonly records = new Map<string, TakenBeat>();

  constructor(private readonly timings: Timings) {}

  session(key: SessionKey): TrueSession {
    const text = sessionKeyText(key);
    const known = this.sessions.get(text);
    if (known !== undefined) return known;
    const { issuer, subject, region, sessionId } = key;
    const fresh: TrueSession = {
      key: { issuer, subject, region, sessionId },
      taken: [],
      knocks: [],
      ownTroubleMs: asleep,
      endedMs: undefined,
    };
    this.sessions.set(text, fresh);
    return fresh;
  }

  noteTaken(beat: AcceptedBeat, arrivalMs: number, shardId: string, sequenceNumber: string): void {
    const taken = { beat, arrivalMs, shardId, sequenceNumber, discarded: false, stored: false };
    this.session(beat).taken.push(taken);
    this.records.set(`${shardId} ${sequenceNumber}`, taken);
  }

  noteDiscarded(shardId: string, first: string, last: string): void {
    for (const taken of this.records.values()) {
      const { sequenceNumber } = taken;
      if (taken.shardId === shardId && sequenceNumber >= first && sequenceNumber <= last)
        taken.discarded = !taken.stored;
    }
  }

  noteStored(session: Session): void {
    const { coversSinceMs, leftAtMs, ceased } = session;
    const changes = new Set([coversSinceMs, leftAtMs, ...ceased.map(({ atMs }) => atMs)]);
    for (const taken of this.session(session).taken) {
      if (changes.has(taken.arrivalMs)) Object.assign(taken, { stored: true, discarded: false });
    }
  }

  inRegion(region: string): readonly TrueSession[] {
    return [...this.sessions.values()].filter(({ key }) => key.region === region);
  }

  /** Whether a beat that was taken covers a facility at an instant, processed or not: S1. */
  isCoveredAt(session: TrueSession, facility: string, atMs: number): boolean {
    const before = session.taken.filter(({ arrivalMs, discarded }) => arrivalMs <= atMs && !discarded);
    if (before.some(({ beat }) => beat.nextSeconds === 0)) return false;
    const last = before.at(-1);
    if (last === undefined || !matchesAny(last.beat.covers, facility)) return false;
    return before.some(
      ({ beat, arrivalMs }) =>
        matchesAny(beat.covers, facility) && atMs < leaseEndMs(arrivalMs, beat.nextSeconds, this.timings),
    );
  }

  /**
   * Whether a front end is at it all the same, although the system may have turned some of its beats away: it has knocked at
   * the front door before the lease of each knock before it ended, and nothing of its own has kept it from that.
   */
  isKnocking(session: TrueSession, facility: string, sinceMs: number, nowMs: number): boolean {
    const { knocks, taken, ownTroubleMs, endedMs } = session;
    if (endedMs !== undefined || taken.length === 0) return false;
    const last = knocks.at(-1);
    if (last === undefined || last.nextSeconds === 0 || !matchesAny(last.covers, facility)) return false;
    const longestMs = leaseEndMs(0, Math.max(...knocks.map(({ nextSeconds }) => nextSeconds)), this.timings);
    if (ownTroubleMs >= sinceMs - 2 * longestMs) return false;
    const from = knocks.findLastIndex(({ atMs }) => atMs <= sinceMs);
    if (from === -1) return false;
    const chain = knocks.slice(from);
    if (chain.some(({ covers }) => !matchesAny(covers, facility))) return false;
    const reached = (index: number): number =>
      leaseEndMs(chain[index]?.atMs ?? 0, chain[index]?.nextSeconds ?? 0, this.timings);
    return chain.every((_, index) => reached(index) > (chain[index + 1]?.atMs ?? nowMs));
  }
}
