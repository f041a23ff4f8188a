import type { FacilityState } from '../../client/live/wire';
import type { FakeAnswer, FakeServer } from '../../client/testing/server';

const dayMs = 24 * 60 * 60_000;

/** What the page asks for besides snapshots and tickets, which the fake server knows; undefined for those. */
export function answerFor(
  server: FakeServer,
  { pathname, searchParams }: URL,
  method: string,
  nowMs: number,
): FakeAnswer | undefined {
  const [, , kind, region = '', leaf, part] = pathname.split('/').map(decodeURIComponent);
  if (kind !== 'regions' || method !== 'GET') return undefined;
  if (region === '') return ok({ regions: [...server.regions.values()].map(listed) });
  const facility = server.region(region).facilities.get(searchParams.get('id') ?? '');
  if (leaf !== 'facility') return undefined;
  if (facility === undefined) return { status: 404 };
  return ok(
    part === 'history'
      ? historyOf(region, facility, Number(new Date(searchParams.get('from') ?? 0)), nowMs)
      : {
          ...facility,
          region,
          ...whoOf(facility, nowMs),
          asOf: new Date(nowMs).toISOString(),
          presenceSeq: 0,
        },
  );
}

const ok = (body: object): FakeAnswer => ({ status: 200, body });

const listed = ({
  id,
  totals,
}: FakeServer['regions'] extends Map<string, infer Region> ? Region : never) => ({
  region: id,
  name: id,
  totals,
});

const whoOf = ({ id, sessions, since, reason, decidedAt }: FacilityState, nowMs: number) => ({
  present: Array.from({ length: sessions }, (_, index) => ({
    user: `${id}-user-${index + 1}`,
    since,
    attributes: { version: '4.2', desk: index + 1, away: index > 1 },
  })),
  why: {
    reason,
    decidedAt,
    decidedAsOf: decidedAt,
    sessions: Array.from({ length: Math.max(1, sessions) }, (_, index) => ({
      sessionId: `tab-${index + 1}`,
      user: `${id}-user-${index + 1}`,
      state: sessions > 0 ? 'live' : reason === 'leave' ? 'left' : 'timed-out',
      startedAt: since,
      lastBeatAt: new Date(sessions > 0 ? nowMs - 12_000 : Date.parse(since) - 95_000).toISOString(),
      next: 30,
      allowance: 3,
      leaseUntil: new Date(sessions > 0 ? nowMs + 83_000 : Date.parse(since)).toISOString(),
    })),
  },
});

/** Offline for two hours of each day, from the beginning of it. */
function historyOf(region: string, { id, status }: FacilityState, fromMs: number, nowMs: number): object {
  const transitions: object[] = [];
  for (let dayMs_ = Math.ceil(fromMs / dayMs) * dayMs; dayMs_ < nowMs; dayMs_ += dayMs) {
    const instants = [dayMs_, dayMs_ + dayMs / 12].filter((atMs) => atMs < nowMs);
    for (const [index, atMs] of instants.entries()) {
      const at = new Date(atMs).toISOString();
      transitions.push({
        ...{ status: index === 0 ? 'offline' : 'online', reason: index === 0 ? 'timeout' : 'heartbeat' },
        ...{ at, decidedAt: at, decidedAsOf: at, version: transitions.length + 1 },
        lastedMs: index === 0 ? (dayMs * 11) / 12 : dayMs / 12,
      });
    }
  }
  const at = (ms: number): string => new Date(ms).toISOString();
  const window = { region, id, from: at(fromMs), to: at(nowMs), asOf: at(nowMs) };
  const onlineMs = ((nowMs - fromMs) * 11) / 12;
  const spent = { onlineMs, offlineMs: nowMs - fromMs - onlineMs, unknownMs: 0, maintenanceMs: 0 };
  return { ...window, statusBefore: status, transitions, availability: { ...spent, ratio: 11 / 12 } };
}
