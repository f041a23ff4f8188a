import { CommitLost, TryAgainLater } from '../../core/errors';
import { at, seconds } from '../support/builders';
import { aRegistry } from '../support/registry-scene';

const whole = {
  name: '\u202E𝔠linic <script>alert("7")</script>',
  coordinates: { latitude: 52.520008, longitude: 13.404954 },
  address: 'Somewhere 7',
  timeZone: 'Europe/Berlin',
  tags: ['__proto__', 'constructor'],
  maintenance: [{ from: '2026-01-05T09:30+00:00', to: '2026-01-05T10:30:00Z', note: 'new cables' }],
};

describe('PUT of a facility', () => {
  test('CD1 creates it, offline and registered, and answers as GET does', async () => {
    const api = aRegistry();
    const { status, body } = await api.put('clinic-7', whole);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      region: 'north',
      id: 'clinic-7',
      name: whole.name,
      status: 'offline',
      reason: 'registered',
      since: '2026-01-05T10:00:00.000Z',
      sessions: 0,
      version: 1,
      maintenance: true,
    });
    expect(body.registry).toEqual(whole);
    expect((await api.facility('clinic-7', { query: { id: 'clinic-7', members: 'none' } })).body).toEqual(
      body,
    );
  });

  test.each(['__proto__', 'constructor', 'a/b/c', 'x'.repeat(128), '~.-_'])(
    'AC4 of %s comes back unchanged from every call',
    async (id) => {
      const api = aRegistry();
      await api.put(id, whole);
      expect((await api.facility(id)).body).toMatchObject({ id, name: whole.name });
      expect((await api.facility(id)).body.registry).toEqual(whole);
      expect((await api.registry()).body.facilities).toEqual([{ id, registry: whole }]);
      expect((await api.snapshot()).body.facilities).toMatchObject([{ id, name: whole.name }]);
      expect((await api.remove(id)).status).toBe(204);
      expect((await api.snapshot()).body.facilities).toEqual([]);
    },
  );

  test('CD1 replaces all that the registry says and nothing of the status', async () => {
    const api = aRegistry();
    await api.joins({ until: at('12:00') });
    await api.tick();
    await api.put('clinic-7', whole);
    const before = (await api.facility('clinic-7')).body;
    const { body } = await api.put('clinic-7', { tags: [] });
    expect(body).toMatchObject({
      name: 'clinic-7',
      status: 'online',
      sessions: 1,
      version: before.version + 1,
    });
    expect(body).toMatchObject({ since: before.since, decidedAt: before.decidedAt, reason: 'heartbeat' });
    expect(body.registry).toEqual({ tags: [] });
  });

  test('CD3 the same again changes nothing, but has the region looked at', async () => {
    const api = aRegistry();
    const first = (await api.put('clinic-7', whole)).body;
    const { mark } = await api.ledger.read('north');
    expect((await api.put('clinic-7', whole)).body).toEqual(first);
    expect(await api.ledger.read('north')).toMatchObject({ mark: mark + 1, head: { seq: 1 } });
  });

  test('AC2 shows nobody who is there, nor why, to whom may only manage', async () => {
    const api = aRegistry();
    await api.joins({ until: at('12:00') });
    await api.tick();
    const { status, body } = await api.put('clinic-7', whole, { token: 'keeper' });
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('present');
    expect(body).not.toHaveProperty('why');
  });

  test.each([
    ['a field that is none', { status: 'online' }, 400, 'status'],
    ['no JSON', '{', 400, 'body'],
    ['a list', [], 400, 'body'],
    ['a long body', JSON.stringify({ name: 'x'.repeat(200_000) }), 413, 'body'],
  ])('AC4 %s is refused and changes nothing', async (_, body, status, field) => {
    const api = aRegistry();
    const answer = await api.put('clinic-7', body);
    expect({ status: answer.status, field: answer.body.field }).toEqual({ status, field });
    expect(await api.ledger.read('north')).not.toHaveProperty('head');
  });

  test.each(['', 'a//b', '*', '../x'])('AC4 %p is no id', async (id) => {
    expect(await aRegistry().put(id)).toMatchObject({ status: 400, body: { field: 'id' } });
  });
});

describe('DELETE of a facility', () => {
  test('TR5 answers 204 and nothing; then it is nowhere, but for its history', async () => {
    const api = aRegistry();
    await api.joins({ until: at('12:00') });
    await api.tick();
    api.clock.advance(seconds(60));
    expect(await api.raw('DELETE /v1/regions/{region}/facility', { query: { id: 'clinic-7' } })).toEqual({
      statusCode: 204,
      headers: { 'cache-control': 'no-store' },
    });
    expect((await api.facility('clinic-7')).status).toBe(404);
    expect((await api.snapshot()).body).toMatchObject({
      facilities: [],
      state: 'empty',
      digest: { count: 0 },
    });
    const { transitions } = await api.availability('clinic-7');
    expect(transitions).toMatchObject([
      { status: 'online' },
      { status: 'offline', reason: 'removed', at: '2026-01-05T10:01:00.000Z', lastedMs: 60_000 },
    ]);
  });

  test('AC2 of what is not there and of what may not be managed answer alike', async () => {
    const api = aRegistry();
    await api.put('clinic-7');
    await api.put('lab/1');
    const forbidden = await api.remove('clinic-7', { token: 'part' });
    expect(forbidden).toMatchObject({ status: 404, body: { field: 'id' } });
    expect(await api.remove('clinic-8', { token: 'part' })).toEqual(forbidden);
    expect(await api.remove('lab/2', { token: 'part' })).toEqual(forbidden);
    expect(await api.remove('lab/1', { token: 'part', region: 'south' })).toEqual(forbidden);
    expect(await api.remove('lab/1', { token: 'part', region: 'a b' })).toEqual(forbidden);
    expect(await api.remove('clinic-7', { token: 'eve' })).toEqual(forbidden);
    expect((await api.remove('lab/1', { token: 'part' })).status).toBe(204);
    expect(await api.remove('lab/1', { token: 'part' })).toEqual(forbidden);
  });

  test('AC2 nor may anything be put there', async () => {
    const api = aRegistry();
    await api.put('clinic-7', whole);
    const forbidden = await api.put('clinic-7', {}, { token: 'part' });
    expect(forbidden.status).toBe(404);
    expect(await api.put('clinic-8', {}, { token: 'part' })).toEqual(forbidden);
    expect(await api.put('clinic-8', 'not even JSON', { token: 'part' })).toEqual(forbidden);
    expect(await api.put('lab/1', {}, { token: 'part', region: 'south' })).toEqual(forbidden);
    expect((await api.facility('clinic-7')).body.registry).toEqual(whole);
    expect((await api.put('lab/1', {}, { token: 'part' })).status).toBe(200);
  });
});

describe('PUT of a region', () => {
  const thresholds = { upFrom: 0.5, downBelow: 0.25 };

  test('CD1 creates it, empty, and answers as the list does', async () => {
    const api = aRegistry();
    const { status, body } = await api.putRegion({ name: '𝔫orth', thresholds });
    expect(status).toBe(200);
    expect(body).toMatchObject({ region: 'north', name: '𝔫orth', thresholds, state: 'empty', seq: 1 });
    const list = JSON.parse((await api.raw('GET /v1/regions')).body ?? '');
    expect(list.regions).toEqual([body]);
    expect((await api.snapshot()).body).toMatchObject({ name: '𝔫orth', thresholds, seq: 1, facilities: [] });
    expect((await api.registry()).body).toEqual({
      region: 'north',
      name: '𝔫orth',
      thresholds,
      facilities: [],
    });
  });

  test('CD1 its state is that of its thresholds at once', async () => {
    const api = aRegistry();
    await api.joins({ until: at('12:00') });
    await api.tick();
    await api.put('ward');
    expect((await api.snapshot()).body.state).toBe('partial');
    expect((await api.putRegion({ thresholds })).body).toMatchObject({ state: 'up', name: 'north' });
    expect((await api.putRegion({})).body.state).toBe('partial');
    expect((await api.putRegion({})).body).not.toHaveProperty('thresholds');
  });

  test('AC2 is for those who manage all of it; for others it is not there', async () => {
    const api = aRegistry();
    await api.putRegion({ name: 'North' });
    const forbidden = await api.putRegion({ name: 'Mine' }, { token: 'part' });
    expect(forbidden).toMatchObject({ status: 404, body: { field: 'region' } });
    expect(await api.putRegion({}, { token: 'eve' })).toEqual(forbidden);
    expect(await api.putRegion({}, { region: 'south' })).toEqual(forbidden);
    expect(await api.putRegion({}, { region: '..' })).toEqual(forbidden);
    expect((await api.snapshot()).body.name).toBe('North');
  });

  test('AC4 fields outside the contract are refused by name', async () => {
    const api = aRegistry();
    const answer = await api.putRegion({ thresholds: { upFrom: 0.1, downBelow: 0.2 } });
    expect(answer).toMatchObject({ status: 400, body: { field: 'thresholds.downBelow' } });
  });
});

describe('GET of the registry', () => {
  test('AC2 is for who watches or manages, and shows what they may see, without status', async () => {
    const api = aRegistry();
    await api.put('clinic-7', whole);
    await api.joins({ covers: ['lab/1'], until: at('12:00') });
    await api.tick();
    const all = [
      { id: 'clinic-7', registry: whole },
      { id: 'lab/1', registry: {} },
    ];
    for (const token of ['boss', 'keeper', 'eve']) {
      expect((await api.registry({ token })).body).toEqual({ region: 'north', facilities: all });
    }
    expect((await api.registry({ token: 'part' })).body.facilities).toEqual(all.slice(1));
    expect((await api.registry({ region: 'south' })).status).toBe(404);
    expect((await api.registry({ region: 'south', token: 'eve' })).status).toBe(404);
  });

  test('comes in pages that together hold each facility once', async () => {
    const api = aRegistry();
    const covers = Array.from({ length: 650 }, (_, index) => `f-${String(index).padStart(3, '0')}`);
    await api.joins({ covers, until: at('12:00') });
    await api.tick();
    const ids: string[] = [];
    let page: string | undefined;
    let pages = 0;
    do {
      const { body } = await api.registry(page === undefined ? {} : { query: { page } });
      ids.push(...body.facilities.map(({ id }: { id: string }) => id));
      page = body.next;
      pages += 1;
    } while (page !== undefined);
    expect(ids).toEqual(covers);
    expect(pages).toBe(3);
    expect(await api.registry({ query: { page: 'a b' } })).toMatchObject({
      status: 400,
      body: { field: 'page' },
    });
  });
});

describe('CD1 when somebody else changes the region at the same time', () => {
  test('given they were faster now and then, then it is made again from what they left', async () => {
    const api = aRegistry();
    const { commit } = api.ledger;
    const others = ['a', 'b', 'c'];
    api.ledger.commit = async (given) => {
      const other = others.pop();
      if (other !== undefined) await api.put(other);
      await commit.call(api.ledger, given);
    };
    expect((await api.put('clinic-7', whole)).status).toBe(200);
    expect((await api.snapshot()).body).toMatchObject({ seq: 4, totals: { facilities: 4 } });
  });

  test('given a settle has claimed the region, then it waits until that is over', async () => {
    const api = aRegistry();
    await api.put('ward');
    await api.ledger.claim('north', at('10:00:05'));
    expect((await api.put('clinic-7', whole)).status).toBe(200);
    expect(api.clock.now()).toBeGreaterThanOrEqual(at('10:00:05'));
    expect(api.clock.now()).toBeLessThan(at('10:00:08'));
  });

  test('given they never stop, then it is busy, and nothing was changed', async () => {
    const api = aRegistry();
    api.ledger.commit = async () => {
      throw new CommitLost('somebody else committed first');
    };
    expect(await api.put('clinic-7', whole)).toMatchObject({ status: 503 });
    expect(api.log.errors).toEqual([expect.any(TryAgainLater)]);
  });
});
