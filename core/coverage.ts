import { isPrefix, type Pattern, prefixOf } from './pattern';
import { type Session, type SessionKey, userText } from './session';
import type { SessionEnd } from './silence';

/** What the sessions say of one facility at one as-of. */
export interface Coverage {
  /** Sessions within their lease that have not said goodbye. */
  staying: number;
  /**
   * Sessions that count but bring nobody online: within the grace of their goodbye, waited for after their lease, or such as
   * covered it until an instant that as-of has not reached.
   */
  lingering: number;
  /** Those who have such a session, by {@link userText}. */
  readonly users: Map<string, UserCoverage>;
  /** Those whose sessions no longer cover it, with the end of the last one that did. */
  readonly ended: Map<string, End>;
  /** Arrival of the earliest beat since which a staying session covers it. */
  firstBeatAtMs: number;
  /** The end of the session that covered it last, of those that no longer do. */
  lastEnd?: End;
}

/** What one user's sessions say of one facility. */
export interface UserCoverage {
  /** Their sessions within their lease that have not said goodbye. */
  staying: number;
  /** Arrival of the earliest beat since which such a session covers it. */
  firstBeatAtMs: number;
  /** The session whose attributes were set last: they are the user's. */
  attributesOf?: SessionKey & { readonly attributes: NonNullable<Session['attributes']> };
}

export type End = Pick<SessionEnd, 'atMs' | 'reason' | 'despiteGaps'>;

/**
 * Rolls sessions up into facilities: n:m, a session covers facilities by name and by prefix (TR4). A facility that no
 * session names or reaches is absent.
 * @param facilities ids that exist, which prefixes are matched against; literal ids register themselves.
 * @param endOf when a session ends, and from which as-of on that may be told; until then it is live (TR1, TR3)
 */
export function rollUp(
  sessions: readonly Session[],
  facilities: readonly string[],
  asOfMs: number,
  endOf: (session: Session) => SessionEnd,
): ReadonlyMap<string, Coverage> {
  const roll = new Map<string, Coverage>();
  const resolve = resolver(withNamed(facilities, sessions, asOfMs));
  for (const session of sessions) {
    const end = endOf(session);
    if (end.tellFromMs > asOfMs) {
      const stays = isStaying(session, asOfMs);
      for (const id of resolve(session.covers)) addLive(coverageOf(roll, id), session, stays);
    } else {
      for (const id of resolve(session.covers)) addEnd(coverageOf(roll, id), session, end);
    }
    if (session.ceased.length > 0) addCeased(roll, session, asOfMs, resolve);
  }
  return roll;
}

type Resolve = (patterns: readonly Pattern[]) => Iterable<string>;

/** Where as-of has not reached the end, whoever came to cover it before that may not have been read yet (TR1). */
function addCeased(roll: Map<string, Coverage>, session: Session, asOfMs: number, resolve: Resolve): void {
  const counted = new Set(resolve(session.covers));
  for (const { pattern, ...end } of session.ceased) {
    for (const id of resolve([pattern])) {
      if (end.atMs <= asOfMs) addEnd(coverageOf(roll, id), session, { ...end, despiteGaps: false });
      else if (!counted.has(id)) addLive(coverageOf(roll, id), session, false);
      if (end.atMs > asOfMs) counted.add(id);
    }
  }
}

/** Prefixes reach what comes into being in this very roll-up, too: nothing else would make the region due for it. */
function withNamed(
  facilities: readonly string[],
  sessions: readonly Session[],
  asOfMs: number,
): readonly string[] {
  if (!sessions.some(({ covers }) => covers.some(isPrefix))) return facilities;
  const staying = sessions.filter((session) => isStaying(session, asOfMs));
  const named = staying.flatMap(({ covers }) => covers.filter((pattern) => !isPrefix(pattern)));
  return [...new Set([...facilities, ...named])];
}

/** What was told offline once must not come back because a gap that is found later makes its sessions wait (TR3). */
const isStaying = ({ leftAtMs, leaseUntilMs }: Session, asOfMs: number): boolean =>
  leftAtMs === undefined && leaseUntilMs > asOfMs;

function addLive(coverage: Coverage, session: Session, stays: boolean): void {
  const user = userCoverageOf(coverage, userText(session));
  const { attributes } = session;
  if (attributes !== undefined && attributes.atMs >= (user.attributesOf?.attributes.atMs ?? 0)) {
    user.attributesOf = { ...session, attributes };
  }
  if (!stays) {
    coverage.lingering += 1;
    return;
  }
  coverage.staying += 1;
  coverage.firstBeatAtMs = Math.min(coverage.firstBeatAtMs, session.coversSinceMs);
  user.staying += 1;
  user.firstBeatAtMs = Math.min(user.firstBeatAtMs, session.coversSinceMs);
}

function userCoverageOf({ users }: Coverage, user: string): UserCoverage {
  const known = users.get(user);
  if (known !== undefined) return known;
  const fresh: UserCoverage = { staying: 0, firstBeatAtMs: Number.POSITIVE_INFINITY };
  users.set(user, fresh);
  return fresh;
}

function addEnd(coverage: Coverage, session: Session, end: End): void {
  if (isLater(end, coverage.lastEnd)) coverage.lastEnd = end;
  const user = userText(session);
  if (isLater(end, coverage.ended.get(user))) coverage.ended.set(user, end);
}

const isLater = (end: End, than: End | undefined): boolean => than === undefined || end.atMs > than.atMs;

function coverageOf(roll: Map<string, Coverage>, facility: string): Coverage {
  const found = roll.get(facility);
  if (found !== undefined) return found;
  const fresh: Coverage = {
    staying: 0,
    lingering: 0,
    users: new Map(),
    ended: new Map(),
    firstBeatAtMs: Number.POSITIVE_INFINITY,
  };
  roll.set(facility, fresh);
  return fresh;
}

/** Turns patterns into ids, each once. What a prefix reaches is found once for all sessions that share it. */
function resolver(facilities: readonly string[]): Resolve {
  const reached = new Map<Pattern, readonly string[]>();
  const reach = (pattern: Pattern): readonly string[] => {
    if (!isPrefix(pattern)) return [pattern];
    const known = reached.get(pattern);
    if (known !== undefined) return known;
    const ids = facilities.filter((id) => id.startsWith(prefixOf(pattern)));
    reached.set(pattern, ids);
    return ids;
  };
  return (patterns) => {
    const [only, ...more] = patterns;
    if (only === undefined) return patterns;
    return more.length === 0 ? reach(only) : new Set(patterns.flatMap(reach));
  };
}
