import { asOfFields, facilityMessage, instant } from '../../core/messages';
import { matchesAny } from '../../core/pattern';
import { RequestRefused } from '../../core/problem';
import type { Session } from '../../core/session';
import { endOf } from '../../core/silence';
import type { Timings } from '../../core/timings';
import type { ApiPorts } from './ports';

/** More than these are counted, not listed. */
const sessionsListed = 100;

/** What has become of a session: `waiting` is one whose lease is over, which is not told before as-of allows it (TR3). */
type SessionState = 'live' | 'leaving' | 'waiting' | 'left' | 'timed-out';

/** One facility, and why it has its status: which settle decided it, and what its sessions have said since. */
export async function facilityOf(
  region: string,
  id: string,
  { regions, history, sessions, watermarks, freshness, clock, timings }: ApiPorts,
): Promise<object> {
  const fresh = await freshness();
  const facility = await regions.facility(region, id);
  if (facility === undefined) throw noSuchFacility();
  const [{ head }, decided, { gaps }, listed] = await Promise.all([
    regions.read(region),
    history.lastBefore(region, id, clock.now() + aDayMs),
    watermarks.standing(),
    sessions.list(region, { consistent: false }),
  ]);
  const covering = listed
    .filter(({ covers }) => matchesAny(covers, id))
    .toSorted((a, b) => b.lastBeatAtMs - a.lastBeatAtMs);
  const told = covering.slice(0, sessionsListed).map((session) => {
    const { tellFromMs } = endOf(session, gaps, timings);
    return sessionMessage(session, tellFromMs, fresh.asOfMs, timings);
  });
  return {
    region,
    epoch: head?.epoch ?? null,
    ...facilityMessage(facility),
    ...asOfFields(fresh),
    why: {
      reason: facility.reason,
      decidedAt: instant(facility.decidedAtMs),
      decidedAsOf: instant(facility.decidedAsOfMs),
      ...(decided && { decidedSeq: decided.version }),
      sessions: told,
      ...(covering.length > told.length && { moreSessions: covering.length - told.length }),
    },
  };
}

/** Transitions may be stamped a little ahead of this machine's clock, never by a day. */
const aDayMs = 24 * 60 * 60_000;

/** What is not there and what may not be watched answer alike (AC2). */
export const noSuchFacility = (): RequestRefused =>
  new RequestRefused('not-found', 'There is no such facility for this token.', 'id');

/** The last beat is the last one that was written: renewals that the lease already covers are not (HB6). */
const sessionMessage = (session: Session, tellFromMs: number, asOfMs: number, t: Timings) => ({
  sessionId: session.sessionId,
  user: session.subject,
  state: stateOf(session, tellFromMs, asOfMs),
  startedAt: instant(session.startedAtMs),
  lastBeatAt: instant(session.lastBeatAtMs),
  next: session.nextSeconds,
  allowance: t.allowance,
  leaseUntil: instant(session.leaseUntilMs),
  ...(session.leftAtMs !== undefined && { leftAt: instant(session.leftAtMs) }),
  ...(tellFromMs > session.leaseUntilMs && { toldFromAsOf: instant(tellFromMs) }),
});

function stateOf({ leftAtMs, leaseUntilMs }: Session, tellFromMs: number, asOfMs: number): SessionState {
  const left = leftAtMs !== undefined && leftAtMs <= leaseUntilMs;
  if (tellFromMs <= asOfMs) return left ? 'left' : 'timed-out';
  if (left) return 'leaving';
  return leaseUntilMs <= asOfMs ? 'waiting' : 'live';
}
