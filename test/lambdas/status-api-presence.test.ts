import { userText } from '../../core/session';
import { createApi } from '../../lambdas/status-api/api';
import { apiPortsOver, aSettledMonitor, type MoodyWords } from '../support/api-scene';
import { anIdentity, aSession, at, issuer, rights, type SessionWords } from '../support/builders';
import { answerOf, aRequest, KnownTokens, type RequestWords } from '../support/http';

/** An API beside a monitor that has settled these sessions at ten; `boss` watches all, `part` laboratories, `ann` beats. */
async function anApi(...sessions: readonly MoodyWords[]) {
  const monitor = await aSettledMonitor(...sessions);
  const verifier = new KnownTokens();
  verifier.issue('boss', anIdentity({ subject: 'boss', rights: rights({ watch: { '*': ['*'] } }) }));
  verifier.issue('part', anIdentity({ subject: 'part', rights: rights({ watch: { north: ['lab/*'] } }) }));
  verifier.issue('odd', anIdentity({ subject: 'a\nb' }));
  verifier.issue('ann', anIdentity({ rights: rights({ provide: { north: ['*'] } }) }));
  verifier.issue('narrowed', anIdentity({ rights: rights({ provide: { north: ['lab/*', 'clinic-7'] } }) }));
  verifier.issue('watching', anIdentity({ rights: rights({ watch: { '*': ['*'] } }) }));
  const handle = createApi(apiPortsOver(monitor, verifier));
  const asks = async (route: string, words: RequestWords) =>
    answerOf(await handle(aRequest({ route, region: 'north', token: 'boss', ...words })));
  return {
    ...monitor,
    facility: (query: Record<string, string>, words: RequestWords = {}) =>
      asks('GET /v1/regions/{region}/facility', { query: { id: 'clinic-7', ...query }, ...words }),
    userFacilities: (query: Record<string, string>, words: RequestWords = {}) =>
      asks('GET /v1/user/facilities', { query, ...words }),
    put: (body: unknown, words: RequestWords = {}) =>
      asks('PUT /v1/regions/{region}/session', {
        method: 'PUT',
        token: 'ann',
        query: { id: 's1' },
        body,
        ...words,
      }),
  };
}

describe('users in a facility', () => {
  test('each once, with since when and their attributes, and the number of the last event', async () => {
    const api = await anApi({ mood: 'happy' }, { session: 's2' }, { of: 'bob', since: at('09:59') });
    const { body } = await api.facility({});
    expect(body).toMatchObject({
      sessions: 3,
      users: 2,
      presenceSeq: 2,
      present: [
        { user: 'ann', since: '2026-01-05T09:58:00.000Z', attributes: { mood: 'happy' } },
        { user: 'bob', since: '2026-01-05T09:59:00.000Z', attributes: {} },
      ],
    });
    expect(body).not.toHaveProperty('next');
  });

  test('one of them, by id', async () => {
    const api = await anApi({ mood: 'happy' }, { of: 'an' }, { of: 'ana' });
    expect((await api.facility({ user: 'ann' })).body.present).toEqual([
      { user: 'ann', since: '2026-01-05T09:58:00.000Z', attributes: { mood: 'happy' } },
    ]);
    expect((await api.facility({ user: 'nobody' })).body.present).toEqual([]);
    expect((await api.facility({ user: 'ann', issuer: 'https://other.example/' })).body.present).toEqual([]);
  });

  test('how many, without who', async () => {
    const api = await anApi({}, { of: 'bob' });
    const { body } = await api.facility({ members: 'none' });
    expect(body).toMatchObject({ sessions: 2, users: 2, presenceSeq: 2 });
    expect(body).not.toHaveProperty('present');
    expect(body).not.toHaveProperty('why');
  });

  test('more than a thousand come in pages, and their number is exact', async () => {
    const users = Array.from({ length: 1_001 }, (_, index) => ({ of: `u${String(index).padStart(4, '0')}` }));
    const api = await anApi(...users);
    const first = (await api.facility({})).body;
    expect(first).toMatchObject({ users: 1_001, presenceSeq: 1_001 });
    expect(first.present).toHaveLength(1_000);
    const second = (await api.facility({ page: first.next })).body;
    expect(second.present.map(({ user }: { user: string }) => user)).toEqual(['u1000']);
    expect(second).not.toHaveProperty('next');
  });

  test.each([
    [{ members: 'some' }, 'members'],
    [{ user: 'a\u0000b' }, 'user'],
    [{ page: '?' }, 'page'],
  ])('AC4 %p is refused by name', async (query, field) => {
    const api = await anApi({});
    expect(await api.facility(query)).toMatchObject({ status: 400, body: { field } });
  });
});

describe('facilities of a user', () => {
  const sessions = [
    { covers: ['clinic-7', 'lab/1'] },
    { session: 's2', covers: ['lab/*'] },
    { session: 's3', region: 'south', covers: ['ward'] },
    { of: 'bob', covers: ['lab/2'] },
  ];

  test('where they are now, by name and by pattern, in all regions', async () => {
    const api = await anApi(...sessions);
    const { body } = await api.userFacilities({ id: 'ann' });
    expect(body.user).toBe('ann');
    const found = body.facilities.map(({ region, facility, sessions: n }: Record<string, unknown>) => [
      region,
      facility,
      n,
    ]);
    expect(found).toEqual([
      ['north', 'clinic-7', 1],
      ['north', 'lab/1', 2],
      ['north', 'lab/2', 1],
      ['south', 'ward', 1],
    ]);
  });

  test('AC2 only what the caller may watch', async () => {
    const api = await anApi(...sessions);
    const { body } = await api.userFacilities({ id: 'ann' }, { token: 'part' });
    expect(body.facilities.map(({ facility }: { facility: string }) => facility)).toEqual(['lab/1', 'lab/2']);
  });

  test('TR3 whoever is waited for after a gap is where their facility is online for them', async () => {
    const api = await anApi({ since: at('09:57'), until: at('09:59') });
    expect((await api.userFacilities({ id: 'ann' })).body.facilities).toEqual([]);
    const gaps = [{ fromMs: at('09:57:05'), untilMs: at('09:58:50'), lossy: true as const }];
    await api.watermarks.saveStanding({ ...(await api.watermarks.standing()), gaps });
    const { facilities } = (await api.userFacilities({ id: 'ann' })).body;
    expect(facilities).toMatchObject([{ facility: 'clinic-7', sessions: 1 }]);
  });

  test('nobody is nowhere', async () => {
    const api = await anApi(...sessions);
    expect((await api.userFacilities({ id: 'nobody' })).body.facilities).toEqual([]);
    expect(await api.userFacilities({})).toMatchObject({ status: 400, body: { field: 'id' } });
  });
});

describe('HB5 setting the attributes of a session', () => {
  const user = userText({ issuer, subject: 'ann' });

  test('replaces them as a whole, and the next tick tells it', async () => {
    const api = await anApi({ mood: 'happy' });
    const answer = await api.put({ attributes: { place: 'desk', ['__proto__']: 1 } });
    expect(answer.status).toBe(200);
    await api.tick();
    expect(await api.presence.presentUser('north', 'clinic-7', user)).toMatchObject({
      attributes: { values: { place: 'desk' } },
    });
    const [event] = (await api.presence.presenceEvents('north', 'clinic-7', 1, 9)).map(
      ({ event: name }) => name,
    );
    expect(event).toBe('updateAttributes');
  });

  test('AC2 of a session within what the token provides', async () => {
    const api = await anApi({ covers: ['clinic-7', 'lab/north/*', 'lab/1'] });
    const { status } = await api.put({ attributes: { mood: 'sad' } }, { token: 'narrowed' });
    expect(status).toBe(200);
  });

  test('leaves its lease as it is', async () => {
    const api = await anApi({});
    const before = await api.sessions.load([aSession()]);
    await api.put({ attributes: { mood: 'sad' } });
    const after = await api.sessions.load([aSession()]);
    expect(after[0]?.leaseUntilMs).toBe(before[0]?.leaseUntilMs);
  });

  test.each<[string, SessionWords, RequestWords]>([
    ['that is somebody else’s', { of: 'bob' }, {}],
    ['that there never was', {}, { query: { id: 'other' } }],
    ['of another region', {}, { region: 'south' }],
    ['of a subject that makes no key', { of: 'a\nb' }, { token: 'odd' }],
    ['that has left', { leftAt: at('09:59'), until: at('10:00:05') }, {}],
    ['that has ended', { until: at('09:59:30') }, {}],
    ['of a token that provides nothing any more', {}, { token: 'watching' }],
    ['that covers more than its token provides by now', { covers: ['clinic-8'] }, { token: 'narrowed' }],
    ['that covers a wider prefix', { covers: ['clinic-7', 'la*'] }, { token: 'narrowed' }],
  ])('a session %s is not there', async (_, session, words) => {
    const api = await anApi({ session: 'keeper', of: 'cid' }, session);
    const { status, body } = await api.put({ attributes: { mood: 'sad' } }, words);
    expect({ status, type: body.type }).toEqual({ status: 404, type: 'urn:rollcall:problem:not-found' });
  });

  test.each<[string, unknown, string]>([
    ['no attributes', {}, 'attributes'],
    ['a nested one', { attributes: { a: {} } }, 'attributes.a'],
    ['more than 2 KB', { attributes: { a: 'x'.repeat(2_048) } }, 'attributes'],
    ['another field', { attributes: {}, next: 5 }, 'next'],
  ])('AC4 %s is refused by name', async (_, body, field) => {
    const api = await anApi({});
    expect(await api.put(body)).toMatchObject({ status: 400, body: { field } });
  });

  test('given a beat writes the session meanwhile, when they are set, then both are kept', async () => {
    const api = await anApi({});
    const [stored] = await api.sessions.load([aSession()]);
    const { save } = api.sessions;
    api.sessions.save = async (...given) => {
      api.sessions.save = save;
      if (stored) await save.call(api.sessions, { ...stored, leaseUntilMs: at('13:00') });
      return await save.apply(api.sessions, given);
    };
    expect((await api.put({ attributes: { mood: 'sad' } })).status).toBe(200);
    expect(await api.sessions.load([aSession()])).toMatchObject([
      { leaseUntilMs: at('13:00'), attributes: {} },
    ]);
  });
});
