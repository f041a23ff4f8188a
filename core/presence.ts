import { chunksOf } from './concurrency';
import type { Coverage, UserCoverage } from './coverage';
import type { SessionKey } from './session';
import { textHash } from './text-hash';

/** A user as told to be present in a facility: all of their sessions there, as one. */
export interface Present {
  /** {@link userText} of the user. */
  readonly user: string;
  /** Arrival of the first beat of the session that made them present. */
  readonly sinceMs: number;
  /** The user's attributes there: those that were set last in any of their sessions. */
  readonly attributes?: PresentAttributes;
}

/** Attributes as they were told, as JSON has them. */
export interface PresentAttributes {
  readonly hash: number;
  readonly values: Readonly<Record<string, string | number | boolean>>;
}

export type PresenceEventName = 'join' | 'leave' | 'timeout' | 'updateAttributes';

/** One event of a facility's presence; `seq` has no gaps within a facility. */
export interface PresenceEvent {
  readonly seq: number;
  readonly event: PresenceEventName;
  readonly user: string;
  /** The instant at which it became true; of attributes, when they were set. */
  readonly atMs: number;
  readonly decidedAtMs: number;
  readonly attributes?: PresentAttributes;
}

/** What a facility's row remembers of its presence; the part that presence commits compare. */
export interface PresenceStanding {
  /** {@link presenceDigest} of what was told. */
  readonly digest: string;
  /** Number of the last event. */
  readonly seq: number;
  /** Number of the first event of the last settle that had any; of those before it, too, that it found unsent. */
  readonly fromSeq: number;
  readonly decidedAtMs: number;
}

/** What one transaction writes of a facility's presence, on the condition that it still stands as it did `before`. */
export interface PresenceCommit {
  readonly facility: string;
  readonly before: PresenceStanding;
  readonly after: PresenceStanding;
  readonly events: readonly PresenceEvent[];
  readonly joined: readonly Present[];
  readonly gone: readonly string[];
}

/** What differs from the presence that was told; attributes are still to be looked up. */
export interface PresenceDifference {
  readonly event: PresenceEventName;
  readonly user: string;
  readonly atMs: number;
  readonly sinceMs: number;
  /** The session whose attributes are the user's; absent where there are none, or nobody is left. */
  readonly attributesOf?: NonNullable<UserCoverage['attributesOf']>;
}

/** Nobody was ever there. */
export const noPresence: PresenceStanding = { digest: '0:0', seq: 0, fromSeq: 1, decidedAtMs: 0 };

/** Two numbers below it add up exactly, so that the order of many does not matter. */
const exactSums = 2 ** 52;

/**
 * A text that changes with who is present and with their attributes, whatever their order: as long as it is the one that
 * was told, a settle need not read who was there.
 */
export const presenceDigest = (coverage: Coverage | undefined): string => digestOf(coverage?.users ?? []);

function digestOf(users: Iterable<readonly [string, UserCoverage]>): string {
  let [count, sum] = [0, 0];
  for (const [user, { attributesOf }] of users) {
    count += 1;
    sum = (sum + (textHash(`${user} ${attributesOf?.attributes.hash ?? ''}`) % exactSums)) % exactSums;
  }
  return `${count}:${sum}`;
}

/**
 * The digest of what is told with the differences. Whoever lingers and never joined is not in it: if they come to stay, that must
 * be another digest.
 */
export function digestOnceTold(told: readonly Present[], coverage: Coverage | undefined): string {
  const before = new Set(told.map(({ user }) => user));
  const users = [...(coverage?.users ?? [])];
  return digestOf(users.filter(([user, { staying }]) => staying > 0 || before.has(user)));
}

/** Compares who is present with who was told to be. */
export function presenceDifferences(
  told: readonly Present[],
  coverage: Coverage | undefined,
  asOfMs: number,
): readonly PresenceDifference[] {
  const before = new Map(told.map((present) => [present.user, present]));
  const now = coverage?.users ?? new Map<string, UserCoverage>();
  const gone = told.filter(({ user }) => !now.has(user)).map((present) => goneOf(present, coverage, asOfMs));
  const here = [...now].flatMap(([user, found]) => hereOf(user, before.get(user), found, asOfMs));
  return [...gone, ...here].sort((a, b) => a.atMs - b.atMs || (a.user < b.user ? -1 : 1));
}

function goneOf(
  { user, sinceMs }: Present,
  coverage: Coverage | undefined,
  asOfMs: number,
): PresenceDifference {
  // Rows that TTL took while no monitor ran leave no end behind.
  const end = coverage?.ended.get(user) ?? { atMs: asOfMs, reason: 'timeout' as const };
  return { event: end.reason, user, atMs: Math.max(end.atMs, sinceMs), sinceMs };
}

/** Whoever only says goodbye, or is waited for, stays so long, but never joins by it (HB4, TR3). */
function hereOf(
  user: string,
  before: Present | undefined,
  { staying, firstBeatAtMs, attributesOf }: UserCoverage,
  asOfMs: number,
): readonly PresenceDifference[] {
  const attributes = attributesOf && { attributesOf };
  if (before === undefined) {
    if (staying === 0) return [];
    return [{ event: 'join', user, atMs: firstBeatAtMs, sinceMs: firstBeatAtMs, ...attributes }];
  }
  if (attributesOf?.attributes.hash === before.attributes?.hash) return [];
  const atMs = attributesOf?.attributes.atMs ?? asOfMs;
  return [{ event: 'updateAttributes', user, atMs, sinceMs: before.sinceMs, ...attributes }];
}

/** A transaction holds 100 items: the facility's row, and two for each event. */
export const maxEventsPerCommit = 49;

/** A difference with its attributes looked up. */
export type PresenceNews = PresenceDifference & { readonly attributes?: PresentAttributes };

/** What the commits of a settle are made of. */
export interface PresenceDecision {
  readonly facility: string;
  readonly before: PresenceStanding;
  readonly news: readonly PresenceNews[];
  readonly digest: string;
  readonly decidedAtMs: number;
  /** Whether the events before these were sent. */
  readonly sentBefore: boolean;
}

/** Makes commits of the news, as many as transactions need; only the last one has the digest of them all. */
export function presenceCommits(decision: PresenceDecision): readonly PresenceCommit[] {
  const { facility, news, digest, decidedAtMs } = decision;
  const fromSeq = decision.sentBefore ? decision.before.seq + 1 : decision.before.fromSeq;
  let { before } = decision;
  return partsOf(news).map((part, index, parts): PresenceCommit => {
    const isLast = index === parts.length - 1;
    const after = {
      digest: isLast ? digest : before.digest,
      seq: before.seq + part.length,
      fromSeq,
      decidedAtMs,
    };
    const commit = {
      facility,
      before,
      after,
      events: part.map((item, offset) => eventOf(item, before.seq + offset + 1, decidedAtMs)),
      joined: part.filter(isHere).map(presentOf),
      gone: part.filter((item) => !isHere(item)).map(({ user }) => user),
    };
    before = after;
    return commit;
  });
}

/** One part at least: a digest may be another although there is nothing to tell. */
const partsOf = (news: readonly PresenceNews[]): readonly (readonly PresenceNews[])[] =>
  news.length === 0 ? [[]] : chunksOf(news, maxEventsPerCommit);

const isHere = ({ event }: PresenceNews): boolean => event === 'join' || event === 'updateAttributes';

const presentOf = ({ user, sinceMs, attributes }: PresenceNews): Present => ({
  user,
  sinceMs,
  ...(attributes && { attributes }),
});

const eventOf = (
  { event, user, atMs, attributes }: PresenceNews,
  seq: number,
  decidedAtMs: number,
): PresenceEvent => ({ seq, event, user, atMs, decidedAtMs, ...(attributes && { attributes }) });

/** Issuer and subject of a {@link userText}; an issuer holds no space. */
export function userOf(user: string): Pick<SessionKey, 'issuer' | 'subject'> {
  const space = user.indexOf(' ');
  return { issuer: user.slice(0, space), subject: user.slice(space + 1) };
}
