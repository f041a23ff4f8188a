import type { Shard, Standing, WatermarkRecord } from './as-of';
import type { Attributes } from './attributes';
import type { AcceptedBeat } from './beat';
import type { StatusEvent } from './events';
import type { Facility, Transition } from './facility';
import type { Window } from './history';
import type { PresenceCommit, PresenceEvent, Present } from './presence';
import type { Commit, Entry, LogPlace, RegionRecord, Sink } from './region';
import type { Identity } from './rights';
import type { Session, SessionKey } from './session';

/**
 * What the core needs from the world. Each port has one contract suite in test/contract, which every implementation
 * must pass; where a memory implementation is kinder than AWS, it is wrong.
 */

/** The only source of time and of waiting; handlers read it once per record or tick and pass the instant on. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** Whether the stream took a beat, or turned it away for load so that the front end should try again. */
export type PutOutcome = 'taken' | 'busy';

/** Where accepted beats go. */
export interface BeatStream {
  /**
   * Puts beats on the stream, those of one session always on the same shard.
   * @returns one outcome per beat, in order.
   */
  put(beats: readonly AcceptedBeat[]): Promise<readonly PutOutcome[]>;
  /** Puts a canary that came through the endpoint, as a beat would be put. */
  putCanary(): Promise<PutOutcome>;
}

/** Canaries, which show how far the stream is processed (TR2). */
export interface Canaries {
  /** The stream's shards; at most a few ticks old. */
  shards(): Promise<readonly Shard[]>;
  /** Puts a canary on each open shard. */
  putOnShards(): Promise<void>;
  /**
   * Posts one through the public endpoint, as a front end would.
   * @returns `busy` for whatever else than taking it the endpoint did, not answering included
   */
  postThroughEndpoint(nowMs: number): Promise<PutOutcome>;
}

/** How far everything is processed, and what may be claimed of it. */
export interface Watermarks {
  /** All of them, strongly consistent. */
  read(): Promise<WatermarkRecord>;
  /** Notes how far a shard is processed; going back is a no-op. */
  advanceShard(shardId: string, watermarkMs: number): Promise<void>;
  /** Notes the arrival of a processed canary of the endpoint; going back is a no-op. */
  advanceEndpoint(arrivalMs: number): Promise<void>;
  /** Notes that the endpoint turned a beat away (TR1). */
  noteRefusal(atMs: number): Promise<void>;
  /** Where the last tick stood; `newStanding` before the first. Strongly consistent. */
  standing(): Promise<Standing>;
  /**
   * Stores where a tick stands, if nobody has since the one that it was made from.
   * @returns whether it was stored; if not, another monitor was faster
   */
  saveStanding(standing: Standing): Promise<boolean>;
  /** Notes that every region was looked at with this as-of; going back is a no-op. */
  noteTold(asOfMs: number): Promise<void>;
  /** As-of that every region was last looked at with: what a page may claim. 0 before the first tick. */
  told(): Promise<number>;
}

/** A text that only those who may read it know. */
export interface Secret {
  read(): Promise<string>;
}

/** The result of a conditional write: `saved` as it is stored now, or what somebody else stored before. */
export type SaveOutcome = { readonly saved: Session } | { readonly conflict: Session | undefined };

/** Sessions by key; liveness is judged by the lease alone, never by a row's presence (HB7). */
export interface SessionStore {
  /**
   * What is stored, in the order of the keys: all that was acknowledged before the call, since what is decided from it may be that
   * nothing need be written (HB6).
   */
  load(keys: readonly SessionKey[]): Promise<readonly (Session | undefined)[]>;
  /**
   * Writes the session if the stored one still has its `revision` (0: there is none), and raises the revision. Attributes
   * are written with it, or not at all.
   */
  save(session: Session, attributes?: Attributes): Promise<SaveOutcome>;
  /** Attributes that were saved with these sessions, or later ones, in the order of the keys. */
  attributes(keys: readonly SessionKey[]): Promise<readonly (Attributes | undefined)[]>;
  /** Sessions of a user, in all regions; may miss those that began just now. */
  ofUser(user: string): Promise<readonly Session[]>;
  /** Every session of a region; `consistent` sees each write that was acknowledged before the call. */
  list(region: string, read: { readonly consistent: boolean }): Promise<readonly Session[]>;
  /** Removes sessions and their attributes unless they changed since they were read. */
  remove(sessions: readonly Session[]): Promise<void>;
}

/** The regions as the feed and the API show them. */
export interface RegionReader {
  /** Every region that has a head or a mark, in one pass; `consistent` sees each write that was acknowledged before the call. */
  overview(read: { readonly consistent: boolean }): Promise<readonly RegionRecord[]>;
  /** One region, strongly consistent; without a head and with mark 0 when nobody has heard of it. */
  read(region: string): Promise<RegionRecord>;
  /** Those that are there; what was removed is not among them. */
  facilities(region: string): Promise<readonly Facility[]>;
  facility(region: string, id: string): Promise<Facility | undefined>;
  /** Entries after `seq` that are still kept, oldest first, at most `limit`. */
  entriesAfter(region: string, seq: number, limit: number): Promise<readonly Entry[]>;
}

/** What became of a facility, for as long as it is kept. */
export interface FacilityHistory {
  /** Transitions that became true in the window, its end not included, oldest first, at most `limit`. */
  transitions(
    region: string,
    facility: string,
    window: Window,
    limit: number,
  ): Promise<readonly Transition[]>;
  /** The last transition that became true before an instant. */
  lastBefore(region: string, facility: string, atMs: number): Promise<Transition | undefined>;
}

/** Who is present in facilities, as it was last told. */
export interface PresenceReader {
  /** Users of a facility in the order of their texts, after one of them, at most `limit`; strongly consistent. */
  present(region: string, facility: string, page: PresencePage): Promise<readonly Present[]>;
  presentUser(region: string, facility: string, user: string): Promise<Present | undefined>;
  /** Events after `seq` that are still kept (an hour), oldest first, at most `limit`. */
  presenceEvents(
    region: string,
    facility: string,
    seq: number,
    limit: number,
  ): Promise<readonly PresenceEvent[]>;
}

export interface PresencePage {
  readonly after?: string;
  readonly limit: number;
}

/** What presence commits write. */
export interface PresenceLedger extends PresenceReader {
  /**
   * Writes standings, events and users; those of one facility in one transaction, in their order.
   * @throws CommitLost when a facility no longer stands as its commit says
   */
  commitPresence(region: string, commits: readonly PresenceCommit[]): Promise<void>;
}

/** Heads, marks, cursors, facilities, change log and history of the regions: what commits write. */
export interface RegionLedger extends RegionReader {
  /** Says that sessions of the region joined, left or changed (CD5). */
  raiseMark(region: string): Promise<void>;
  /** Every facility and what is left of removed ones, strongly consistent: what commits are made from. */
  rows(region: string): Promise<readonly Facility[]>;
  row(region: string, id: string): Promise<Facility | undefined>;
  /**
   * Writes head, entry, facilities and transitions in one transaction (CD1). What the registry says is written only where
   * the entry or a change tells it.
   * @throws CommitLost when the head no longer has the revision that the commit was made from, or yields to a claim.
   */
  commit(commit: Commit): Promise<void>;
  /** Keeps commits that yield away from a region until then, or until the next one that does not. */
  claim(region: string, untilMs: number): Promise<void>;
  /** Removes what is left of removed facilities, unless one has come back since it was read. */
  forget(region: string, remains: readonly Facility[]): Promise<void>;
  /**
   * Notes that a sink took everything up to a place in the log. Going back is a no-op (CD2), and so is what is left of an earlier
   * life of it: a delivery that was under way when a region was lost must not keep the new log from being told.
   */
  advanceCursor(region: string, sink: Sink, to: LogPlace): Promise<void>;
}

/** What became of a message to one socket. */
export type PostOutcome = 'delivered' | 'gone' | 'failed';

/** The sockets themselves. */
export interface FeedGateway {
  /** Sends one message; never throws, so that one bad socket cannot delay others. */
  post(connectionId: string, message: object): Promise<PostOutcome>;
  /** Closes a socket; one that is gone already is fine. */
  disconnect(connectionId: string): Promise<void>;
}

/** Where core systems hear of changes of status. */
export interface EventBus {
  /**
   * Publishes events, at least once each.
   * @throws TryAgainLater when not every one was taken.
   */
  publish(events: readonly StatusEvent[]): Promise<void>;
}

/** A record that no retry can make readable, as it came (HB8). */
export interface DeadLetter {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly arrivalMs: number;
  readonly partitionKey: string;
  /** The payload in base64, since it may be anything. */
  readonly payload: string;
  readonly why: string;
}

export interface DeadLetters {
  store(letter: DeadLetter): Promise<void>;
}

/** Makes a newer run of the session monitor take over from an older one. */
export interface Fence {
  /** Takes over; @returns the turn that is now current. */
  take(): Promise<number>;
  isCurrent(turn: number): Promise<boolean>;
}

/** Proves who a bearer token speaks for. */
export interface TokenVerifier {
  /** @throws AccessRefused when the token is not to be trusted. */
  verify(token: string): Promise<Identity>;
}

/** One line of structured log; never tokens, bodies or tickets. */
export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  error(message: string, error: unknown, fields?: Record<string, unknown>): void;
}

/** What a figure is called where alarms and charts find it, and what it is told in. */
export interface MetricShape {
  readonly name: string;
  readonly unit: 'Count' | 'Milliseconds' | 'Seconds';
}

/** Figures of a stage's own work, for alarms and the dashboard; what they are called there is in the stage's contract. */
export interface Meter<Figure extends string> {
  /** Adds to a sum of this pass, 1 by default. */
  count(figure: Figure, by?: number): void;
  /** Notes one value, in the unit of the contract. */
  measure(figure: Figure, value: number): void;
  /** Ends a pass: hands on what was counted and measured in it. */
  flush(): void;
}
