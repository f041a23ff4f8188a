import { unreachable } from '../../core/errors';
import type { Facility } from '../../core/facility';
import { asOfFields, facilityMessage, instant, presentMessage } from '../../core/messages';
import { matchesAny } from '../../core/pattern';
import { noPresence } from '../../core/presence';
import { RequestRefused } from '../../core/problem';
import type { Session } from '../../core/session';
import { endOf } from '../../core/silence';
import type { Timings } from '../../core/timings';
import type { ApiPorts } from './ports';
import { type Members, pageAfter } from './queries';

/** More than these are counted, not listed. */
const sessionsListed = 100;

/** What has become of a session: `waiting` is one whose lease is over, which is not told before as-of allows it (TR3). */
type SessionState = 'live' | 'leaving' | 'waiting' | 'left' | 'timed-out';

/** One facility, and why it has its status: which settle decided it, and what its sessions have said since. */
export async function facilityOf(
  region: string,
  id: string,
  members: Members,
  ports: ApiPorts,
): Promise<object> {
  const { regions, freshness, clock } = ports;
  const fresh = await freshness();
  const facility = await regions.facility(region, id);
  if (facility === undefined) throw noSuchFacility();
  const [{ head }, who, why] = await Promise.all([
    regions.read(region),
    presentIn(region, id, members, ports),
    members.kind === 'none' ? undefined : whyOf(region, facility, fresh.asOfMs, ports),
  ]);
  return {
    region,
    epoch: head?.epoch ?? null,
    ...facilityMessage(facility, clock.now()),
    ...(facility.registry && { registry: facility.registry }),
    ...asOfFields(fresh),
    presenceSeq: (facility.presence ?? noPresence).seq,
    ...who,
    ...(why && { why }),
  };
}

/** Exact numbers are in the facility itself; who they are comes in pages. */
const usersPerPage = 1_000;

async function presentIn(
  region: string,
  id: string,
  members: Members,
  { presence }: ApiPorts,
): Promise<object> {
  switch (members.kind) {
    case 'none':
      return {};
    case 'one': {
      const found = await presence.presentUser(region, id, members.user);
      return { present: found === undefined ? [] : [presentMessage(found)] };
    }
    case 'page': {
      const page = { limit: usersPerPage + 1, ...(members.after !== undefined && { after: members.after }) };
      const found = await presence.present(region, id, page);
      const last = found.length > usersPerPage ? found[usersPerPage - 1] : undefined;
      return {
        present: found.slice(0, usersPerPage).map(presentMessage),
        ...(last && { next: pageAfter(last.user) }),
      };
    }
    default:
      return unreachable(members);
  }
}

async function whyOf(
  region: string,
  facility: Facility,
  asOfMs: number,
  { history, sessions, watermarks, clock, timings }: ApiPorts,
): Promise<object> {
  const { id } = facility;
  const [decided, { gaps }, listed] = await Promise.all([
    history.lastBefore(region, id, clock.now() + aDayMs),
    watermarks.standing(),
    sessions.list(region, { consistent: false }),
  ]);
  const covering = listed
    .filter(({ covers }) => matchesAny(covers, id))
    .toSorted((a, b) => b.lastBeatAtMs - a.lastBeatAtMs);
  const told = covering.slice(0, sessionsListed).map((session) => {
    const { tellFromMs } = endOf(session, gaps, timings);
    return sessionMessage(session, tellFromMs, asOfMs, timings);
  });
  return {
    reason: facility.reason,
    decidedAt: instant(facility.decidedAtMs),
    decidedAsOf: instant(facility.decidedAsOfMs),
    ...(decided && { decidedSeq: decided.version }),
    sessions: told,
    ...(covering.length > told.length && { moreSessions: covering.length - told.length }),
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
