import { MemoryConnectionStore } from '../../adapters/memory/connection-store';
import { MemoryPresenceLedger } from '../../adapters/memory/presence-ledger';
import { MemoryRegionLedger } from '../../adapters/memory/region-ledger';
import { MemorySessionStore } from '../../adapters/memory/session-store';
import { VirtualClock } from '../../adapters/memory/virtual-clock';
import { MemoryWatermarks } from '../../adapters/memory/watermarks';
import { defaultTimings } from '../../core/timings';
import { createApi } from '../../lambdas/status-api/api';
import { anIdentity, aSession, at, hours, minutes, rights, type SessionWords } from '../support/builders';
import { answerOf, aRequest, KnownTokens, ListLog, type RequestWords } from '../support/http';
import { settling } from '../support/settling';

/** An API at ten, as of two seconds before, where `ann` watches the north and `part` its laboratories. */
function anApi() {
  const verifier = new KnownTokens();
  verifier.issue('ann', anIdentity({ rights: rights({ watch: { north: ['*'] } }) }));
  verifier.issue('part', anIdentity({ rights: rights({ watch: { north: ['lab/*'] } }) }));
  const ledger = new MemoryRegionLedger();
  const sessions = new MemorySessionStore();
  const ports = {
    regions: ledger,
    history: ledger,
    presence: new MemoryPresenceLedger(ledger),
    marks: ledger,
    sessions,
    watermarks: new MemoryWatermarks(defaultTimings),
    freshness: async () => ({ asOfMs: at('09:59:58'), delayed: false }),
    connections: new MemoryConnectionStore(),
    verifier,
    newSecret: () => 'secret',
    clock: new VirtualClock(at('10:00')),
    log: new ListLog(),
    timings: defaultTimings,
  };
  const handle = createApi(ports);
  const asks = async (path: string, query: Record<string, string>, words: RequestWords = {}) => {
    const route = `GET /v1/regions/{region}/${path}`;
    return answerOf(await handle(aRequest({ route, region: 'north', query, ...words })));
  };
  /** Stores sessions and settles them at that time. */
  const settles = async (time: string, ...given: readonly SessionWords[]) => {
    for (const words of given) await sessions.save(aSession({ revision: 0, ...words }));
    const { head } = await ledger.read('north');
    const input = { sessions: await sessions.list('north'), facilities: await ledger.facilities('north') };
    for (const commit of settling({ ...input, ...(head && { head }), asOfMs: at(time) }).commits)
      await ledger.commit(commit);
  };
  return {
    ...ports,
    settles,
    facility: (id: string, words?: RequestWords) => asks('facility', { id }, words),
    history: (query: Record<string, string>, words?: RequestWords) => asks('facility/history', query, words),
  };
}

describe('TR5 why a facility has its status', () => {
  test('says which settle decided it, as of when, and what each session said', async () => {
    const api = anApi();
    await api.settles('09:58:00', { since: at('09:57:55'), until: at('10:01') });
    const { status, body } = await api.facility('clinic-7');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      region: 'north',
      id: 'clinic-7',
      status: 'online',
      since: '2026-01-05T09:57:55.000Z',
      asOf: '2026-01-05T09:59:58.000Z',
      sessions: 1,
      why: {
        reason: 'heartbeat',
        decidedAt: '2026-01-05T09:58:00.000Z',
        decidedAsOf: '2026-01-05T09:58:00.000Z',
        decidedSeq: 1,
        sessions: [
          {
            sessionId: 's1',
            user: 'ann',
            state: 'live',
            lastBeatAt: '2026-01-05T09:57:55.000Z',
            next: 30,
            leaseUntil: '2026-01-05T10:01:00.000Z',
          },
        ],
      },
    });
  });

  test.each<[string, SessionWords]>([
    ['live', { until: at('10:01') }],
    ['timed-out', { until: at('09:59') }],
    ['leaving', { leftAt: at('09:59:55'), until: at('10:00:05') }],
    ['left', { leftAt: at('09:59:40'), until: at('09:59:50') }],
  ])('a session is %s', async (state, words) => {
    const api = anApi();
    await api.settles('09:58', { session: 'other', until: at('12:00') }, { since: at('09:57'), ...words });
    const { body } = await api.facility('clinic-7');
    const found = body.why.sessions.find(({ sessionId }: { sessionId: string }) => sessionId === 's1');
    expect(found).toMatchObject({ state });
  });

  test('TR3 a session whose lease is over waits when beats may have been lost, and until when is told', async () => {
    const api = anApi();
    await api.settles('09:55', { since: at('09:50'), until: at('09:59') });
    const gaps = [{ fromMs: at('09:55'), untilMs: at('09:58:50') }];
    await api.watermarks.saveStanding({
      asOfMs: at('09:59:58'),
      endpointMs: at('09:59:58'),
      gaps,
      revision: 0,
    });
    const { body } = await api.facility('clinic-7');
    expect(body.why.sessions).toMatchObject([{ state: 'waiting', toldFromAsOf: '2026-01-05T10:00:25.000Z' }]);
  });

  test('a facility of very many sessions lists the latest hundred and counts the others', async () => {
    const api = anApi();
    const many = Array.from({ length: 130 }, (_, index) => ({
      session: `s${index}`,
      since: at('09:50') + index,
      until: at('10:01'),
    }));
    await api.settles('09:58', ...many);
    const { body } = await api.facility('clinic-7');
    expect(body.why.sessions).toHaveLength(100);
    expect(body.why.sessions[0].sessionId).toBe('s129');
    expect(body).toMatchObject({ sessions: 130, why: { moreSessions: 30 } });
  });

  test.each(['clinic-7', 'clinic-8'])(
    'AC2 %s is not there for whoever may not watch it, nor is one that does not exist',
    async (id) => {
      const api = anApi();
      await api.settles('09:58', { until: at('10:01') });
      const hidden = await api.facility(id, { token: 'part' });
      const absent = await api.facility('lab/404', { token: 'part' });
      expect(hidden.status).toBe(404);
      expect(hidden).toEqual(absent);
      const history = await api.history({ id }, { token: 'part' });
      expect(history).toEqual(absent);
    },
  );

  test('AC4 an id outside the contract is named', async () => {
    expect(await anApi().facility('a//b')).toMatchObject({ status: 400, body: { field: 'id' } });
  });
});

describe('TR5 history', () => {
  async function aMorning() {
    const api = anApi();
    await api.settles('08:00', { since: at('07:59:55'), until: at('09:00') });
    await api.settles('09:00:05');
    await api.settles('09:30', { session: 's2', since: at('09:29:55'), until: at('12:00') });
    return api;
  }

  test('holds each transition, how long the state before it lasted, and the availability of the window', async () => {
    const api = await aMorning();
    const { body } = await api.history({
      id: 'clinic-7',
      from: '2026-01-05T08:00:00Z',
      to: '2026-01-05T10:00:00Z',
    });
    expect(body).toMatchObject({
      statusBefore: 'online',
      transitions: [
        {
          status: 'offline',
          at: '2026-01-05T09:00:00.000Z',
          decidedAt: '2026-01-05T09:00:05.000Z',
          reason: 'timeout',
          version: 2,
          lastedMs: hours(1) + 5_000,
        },
        {
          status: 'online',
          at: '2026-01-05T09:29:55.000Z',
          reason: 'heartbeat',
          lastedMs: minutes(30) - 5_000,
        },
      ],
      availability: { offlineMs: minutes(30) - 5_000, unknownMs: 2_000 },
    });
    expect(body.availability.ratio).toBeCloseTo((7_200_000 - 2_000 - 1_795_000) / (7_200_000 - 2_000), 10);
  });

  test('is of the last day unless asked otherwise', async () => {
    const api = await aMorning();
    const { body } = await api.history({ id: 'clinic-7' });
    expect(body).toMatchObject({
      from: '2026-01-04T10:00:00.000Z',
      to: '2026-01-05T10:00:00.000Z',
      statusBefore: null,
    });
    expect(body.transitions).toHaveLength(3);
  });

  test.each([
    [{ from: 'yesterday' }, 'from'],
    [{ to: '2026-01-05' }, 'to'],
    [{ from: '2026-01-05T11:00:00Z', to: '2026-01-05T10:00:00Z' }, 'from'],
    [{ from: '2024-01-05T11:00:00Z', to: '2026-01-05T10:00:00Z' }, 'from'],
    [{ from: '2026-13-05T10:00:00Z' }, 'from'],
  ])('AC4 a window of %p is refused by name', async (window, field) => {
    const api = await aMorning();
    expect(await api.history({ id: 'clinic-7', ...window })).toMatchObject({ status: 400, body: { field } });
  });
});
