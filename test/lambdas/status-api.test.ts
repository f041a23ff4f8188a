import { MemoryConnectionStore } from '../../adapters/memory/connection-store';
import { MemoryPresenceLedger } from '../../adapters/memory/presence-ledger';
import { MemoryRegionLedger } from '../../adapters/memory/region-ledger';
import { MemorySessionStore } from '../../adapters/memory/session-store';
import { VirtualClock } from '../../adapters/memory/virtual-clock';
import { MemoryWatermarks } from '../../adapters/memory/watermarks';
import { digestOf } from '../../core/facility';
import type { Commit } from '../../core/region';
import { defaultTimings } from '../../core/timings';
import { createApi } from '../../lambdas/status-api/api';
import { anIdentity, aSession, at, grants, issuer, rights } from '../support/builders';
import { answerOf, aRequest, KnownTokens, ListLog, type RequestWords } from '../support/http';
import { withHistory } from '../support/region-history';
import { applied, settling } from '../support/settling';

class FaultyLedger extends MemoryRegionLedger {
  /** What is committed between reading a head and reading its facilities. */
  readonly meanwhile: Commit[] = [];
  /** Entries up to this one are no longer kept. */
  prunedTo = 0;

  override async facilities(region: string) {
    const commit = this.meanwhile.shift();
    if (commit !== undefined) await this.commit(commit);
    return await super.facilities(region);
  }

  override async entriesAfter(region: string, seq: number, limit: number) {
    const entries = await super.entriesAfter(region, seq, limit + this.prunedTo);
    return entries.filter((entry) => entry.seq > this.prunedTo).slice(0, limit);
  }
}

/** An API at ten: `ann` watches the north, `part` one facility of it, `eve` nothing. */
function anApi() {
  const verifier = new KnownTokens();
  verifier.issue('ann', anIdentity({ rights: rights({ watch: { north: ['*'] } }) }));
  verifier.issue('part', anIdentity({ rights: rights({ watch: { north: ['f-001'] } }) }));
  verifier.issue('eve', anIdentity({ subject: 'eve' }));
  let secrets = 0;
  const regions = new FaultyLedger();
  const ports = {
    regions,
    history: regions,
    presence: new MemoryPresenceLedger(regions),
    marks: regions,
    sessions: new MemorySessionStore(),
    watermarks: new MemoryWatermarks(defaultTimings),
    freshness: async () => ({ asOfMs: at('09:59:58'), delayed: false }),
    timings: defaultTimings,
    connections: new MemoryConnectionStore(),
    verifier,
    newSecret: () => {
      secrets += 1;
      return `secret-${secrets}`;
    },
    clock: new VirtualClock(at('10:00')),
    log: new ListLog(),
  };
  const handle = createApi(ports);
  const asks = (route: string, words: RequestWords = {}) => handle(aRequest({ route, ...words }));
  const north: RequestWords = { region: 'north' };
  return {
    ...ports,
    asks,
    history: (entries: number) => withHistory(ports.regions, entries),
    regionList: async (words: RequestWords = {}) => answerOf(await asks('GET /v1/regions', words)),
    snapshot: async (words: RequestWords = {}) =>
      answerOf(await asks('GET /v1/regions/{region}', { ...north, ...words })),
    changes: async (query: Readonly<Record<string, string>>, words: RequestWords = {}) =>
      answerOf(await asks('GET /v1/regions/{region}/changes', { ...north, query, ...words })),
    ticket: async (words: RequestWords = {}) => answerOf(await asks('POST /v1/tickets', words)),
  };
}

describe('CD3 a snapshot', () => {
  test('holds each facility, totals, and the digest that proves it', async () => {
    const api = anApi();
    const { head } = await api.history(2);
    const { status, body } = await api.snapshot();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      region: 'north',
      name: 'north',
      epoch: 'e1',
      seq: 2,
      asOf: '2026-01-05T09:59:58.000Z',
      digest: head.digest,
      totals: { facilities: 2, online: 2, offline: 0, state: 'up' },
      state: 'up',
    });
    expect(body.facilities[0]).toEqual({
      id: 'f-000',
      name: 'f-000',
      status: 'online',
      since: '2026-01-05T10:00:00.000Z',
      decidedAt: '2026-01-05T10:05:00.000Z',
      reason: 'heartbeat',
      sessions: 1,
      users: 1,
      version: 1,
    });
    expect(digestOf(body.facilities)).toEqual(body.digest);
    expect(body).not.toHaveProperty('next');
  });

  test('of a region that has no facility yet is empty, without epoch', async () => {
    const { status, body } = await anApi().snapshot();
    expect(status).toBe(200);
    expect(body).toMatchObject({ epoch: null, seq: 0, facilities: [], state: 'empty' });
  });

  test('AC2 of a limited watcher has only what it may see, totals included, and no digest', async () => {
    const api = anApi();
    await api.history(3);
    const { body } = await api.snapshot({ token: 'part' });
    expect(body.facilities).toMatchObject([{ id: 'f-001' }]);
    expect(body.totals).toMatchObject({ facilities: 1, online: 1 });
    expect(body).not.toHaveProperty('digest');
  });

  test('of a large region comes in pages that together hold each facility once', async () => {
    const api = anApi();
    const covers = Array.from({ length: 2_500 }, (_, index) => `f-${index}`);
    const { commits } = settling({ sessions: [aSession({ covers, until: at('12:00') })] });
    for (const commit of commits) await api.regions.commit(commit);
    const first = (await api.snapshot()).body;
    expect(first.facilities).toHaveLength(2_000);
    const second = (await api.snapshot({ query: { page: first.next } })).body;
    expect(second).not.toHaveProperty('next');
    const ids = [...first.facilities, ...second.facilities].map(({ id }: { id: string }) => id);
    expect(ids).toEqual(covers.toSorted());
    expect(second.totals).toEqual(first.totals);
  });

  test('given a commit falls between its reads, when they disagree, then it is read again', async () => {
    const api = anApi();
    const standing = await api.history(1);
    const sessions = [aSession({ covers: ['f-000', 'ward'], until: at('12:00') })];
    api.regions.meanwhile.push(...settling({ sessions, ...standing }).commits);
    const { body } = await api.snapshot();
    expect(body).toMatchObject({ seq: 2, totals: { facilities: 2 } });
    expect(digestOf(body.facilities)).toEqual(body.digest);
  });

  test('given commits never stop, then it is that of the head, with rows that may be newer, and without digest', async () => {
    const api = anApi();
    let standing = await api.history(1);
    const { facilities } = api.regions;
    api.regions.facilities = async (region) => {
      const covers = [...standing.facilities.map(({ id }) => id), `g-${standing.head.seq}`];
      const settlement = settling({ sessions: [aSession({ covers, until: at('12:00') })], ...standing });
      for (const commit of settlement.commits) await api.regions.commit(commit);
      standing = applied(standing.facilities, settlement);
      return await facilities.call(api.regions, region);
    };
    const { status, body } = await api.snapshot();
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('digest');
    const versions = body.facilities.map(({ version }: { version: number }) => version);
    expect(Math.max(...versions)).toBeGreaterThan(body.seq);
    const log = (await api.changes({ since: String(body.seq) })).body;
    expect(log.entries[0].fromSeq).toBe(body.seq + 1);
  });

  test.each(['', 'a b', '*'])('AC4 page %p is outside the contract', async (page) => {
    const { status, body } = await anApi().snapshot({ query: { page } });
    expect({ status, field: body.field }).toEqual({ status: 400, field: 'page' });
  });
});

describe('CD3 the change log', () => {
  test('leads from a seq to now', async () => {
    const api = anApi();
    await api.history(4);
    const { status, body } = await api.changes({ since: '2', epoch: 'e1' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ region: 'north', epoch: 'e1', since: 2, toSeq: 4, seq: 4 });
    expect(body.entries).toMatchObject([{ fromSeq: 3 }, { fromSeq: 4 }]);
    expect(body).not.toHaveProperty('next');
  });

  test('is cut after a hundred entries, and says where to go on', async () => {
    const api = anApi();
    await api.history(130);
    const first = (await api.changes({ since: '0' })).body;
    expect(first).toMatchObject({ toSeq: 100, seq: 130, next: 100 });
    const second = (await api.changes({ since: String(first.next) })).body;
    expect(second.entries).toHaveLength(30);
    expect(second).not.toHaveProperty('next');
  });

  test('is empty for who has everything', async () => {
    const api = anApi();
    await api.history(1);
    expect((await api.changes({ since: '1' })).body).toMatchObject({ entries: [], toSeq: 1 });
  });

  test('CD4 gives a limited watcher every seq, but only what it may see', async () => {
    const api = anApi();
    await api.history(2);
    const { body } = await api.changes({ since: '0' }, { token: 'part' });
    expect(body.entries).toMatchObject([{ changes: [] }, { changes: [{ facility: 'f-001' }] }]);
  });

  test.each([
    ['from before what is kept', { since: '1' }, 2],
    ['of another epoch', { since: '3', epoch: 'e0' }, 0],
    ['from the future', { since: '9' }, 0],
  ])('%s is gone', async (_, query, prunedTo) => {
    const api = anApi();
    await api.history(4);
    api.regions.prunedTo = prunedTo;
    const { status, body } = await api.changes(query);
    expect(body).toMatchObject({ type: 'urn:rollcall:problem:gone', status: 410, field: 'since' });
    expect(status).toBe(410);
  });

  test.each([{}, { since: '' }, { since: '-1' }, { since: '1.5' }, { since: '9'.repeat(16) }])(
    'AC4 %p is outside the contract',
    async (query) => {
      const { status, body } = await anApi().changes(query);
      expect({ status, field: body.field }).toEqual({ status: 400, field: 'since' });
    },
  );
});

describe('AC2 forbidden and unknown answer alike', () => {
  test.each(['snapshot', 'changes'] as const)('for a %s', async (what) => {
    const api = anApi();
    await api.history(1);
    const asking = (words: RequestWords) =>
      what === 'snapshot' ? api.snapshot(words) : api.changes({ since: '0' }, words);
    const forbidden = await asking({ token: 'eve' });
    expect(forbidden.status).toBe(404);
    expect(await asking({ region: 'nowhere' })).toEqual(forbidden);
    expect(await asking({ region: '__proto__' })).toEqual(forbidden);
    expect(await asking({ region: 'a b' })).toEqual(forbidden);
  });

  test('regions that may not be watched are not listed', async () => {
    const api = anApi();
    await api.history(2);
    await api.regions.raiseMark('south');
    expect((await api.regionList()).body).toEqual({
      regions: [
        {
          region: 'north',
          name: 'north',
          state: 'up',
          totals: { facilities: 2, online: 2, offline: 0, state: 'up' },
          epoch: 'e1',
          seq: 2,
          asOf: '2026-01-05T09:59:58.000Z',
        },
      ],
    });
    expect((await api.regionList({ token: 'part' })).body.regions).toMatchObject([
      { totals: { facilities: 1 } },
    ]);
    expect((await api.regionList({ token: 'eve' })).body).toEqual({ regions: [] });
  });
});

describe('AC3 a ticket', () => {
  test('is sold for half a minute, with the rights and the end of its token, and opens once', async () => {
    const api = anApi();
    const { status, body } = await api.ticket();
    expect(status).toBe(200);
    expect(body).toEqual({ ticket: 'secret-1', expiresAt: '2026-01-05T10:00:30.000Z' });
    expect(await api.connections.redeemTicket('secret-1', at('10:00:29'))).toEqual({
      issuer,
      subject: 'ann',
      watch: grants({ north: ['*'] }),
      expiresAtMs: at('11:00'),
    });
    expect(await api.connections.redeemTicket('secret-1', at('10:00:29'))).toBeUndefined();
  });

  test('ends with its token', async () => {
    const api = anApi();
    api.clock.advance(at('10:59:50') - at('10:00'));
    expect((await api.ticket()).body.expiresAt).toBe('2026-01-05T11:00:00.000Z');
  });

  test('is not sold to who watches nothing', async () => {
    expect((await anApi().ticket({ token: 'eve' })).status).toBe(403);
  });

  test('is not sold to a subject that no row can hold', async () => {
    const api = anApi();
    const subject = '\ud800';
    api.verifier.issue('odd', anIdentity({ subject, rights: rights({ watch: { north: ['*'] } }) }));
    expect((await api.ticket({ token: 'odd' })).status).toBe(403);
  });
});

describe('AC1 every request carries a verified token', () => {
  test.each(['GET /v1/regions', 'GET /v1/regions/{region}', 'POST /v1/tickets', 'GET /nowhere'])(
    '%s is refused without',
    async (route) => {
      const api = anApi();
      expect((await api.asks(route, { region: 'north', token: 'forged' })).statusCode).toBe(401);
      expect(api.log.infos).toEqual(['token refused']);
    },
  );

  test('a route that does not exist is not found', async () => {
    expect((await anApi().asks('GET /v1/secrets')).statusCode).toBe(404);
  });
});
