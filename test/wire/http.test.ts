import fc from 'fast-check';
import { parseBeat } from '../../core/beat';
import { isFacilityId, isIssuer, isRegionId, isSessionId, isSubject } from '../../core/ids';
import { FieldRefused } from '../../core/shape';
import { property } from '../support/builders';
import type { RequestWords } from '../support/http';
import {
  describedRoutes,
  describedStatuses,
  faultsBy,
  faultsBySchema,
  faultsOf,
  onTheWire,
  parameterSchema,
} from '../support/wire';
import {
  crowded,
  delayed,
  empty,
  endpoint,
  hurried,
  large,
  long,
  peopled,
  type World,
} from '../support/wire-worlds';

const heartbeat = 'POST /heartbeat';
const regions = 'GET /v1/regions';
const region = 'GET /v1/regions/{region}';
const changes = 'GET /v1/regions/{region}/changes';
const facility = 'GET /v1/regions/{region}/facility';
const history = 'GET /v1/regions/{region}/facility/history';
const session = 'PUT /v1/regions/{region}/session';
const user = 'GET /v1/user/facilities';
const tickets = 'POST /v1/tickets';
const openapi = 'GET /v1/openapi.json';
const putRegion = 'PUT /v1/regions/{region}';
const putFacility = 'PUT /v1/regions/{region}/facility';
const deleteFacility = 'DELETE /v1/regions/{region}/facility';
const registry = 'GET /v1/regions/{region}/registry';

const id = 'clinic-7';
const north = { region: 'north' };
const beat = { sessionId: 's1', region: 'north', facilities: [id] };
const mine = { ...north, token: 'ann', query: { id: 's1' } };
const set = { ...mine, body: { attributes: { mood: 'sad', score: 1.5, away: false } } };
const known = { ...north, query: { id } };
const everything = {
  name: '<b>‮😀',
  coordinates: { latitude: 1.5, longitude: -180 },
  address: 'Street 1',
  timeZone: 'Europe/Madrid',
  tags: ['night'],
  maintenance: [{ from: '2026-01-05T10:00Z', to: '2026-01-05T11:00:00Z', note: 'paint' }],
};
const ofRegion = { name: 'North', thresholds: { upFrom: 0.9, downBelow: 0.5 } };
const tooLong = ' '.repeat(131_073);
const text = { headers: { 'content-type': 'text/plain' } };

type Case = [route: string, what: string, status: number, world: () => Promise<World>, words: RequestWords];

const cases: readonly Case[] = [
  [heartbeat, 'one', 202, endpoint(), { body: { ...beat, next: 60, seq: 3, attributes: { a: 1 } } }],
  [heartbeat, 'a goodbye', 202, endpoint(), { body: { ...beat, next: 0 } }],
  [heartbeat, 'several, some bad', 202, endpoint(), { body: [beat, beat, { ...beat, region: 'x' }, 7] }],
  [heartbeat, 'several, too busy', 202, endpoint(true), { body: [beat] }],
  [heartbeat, 'none', 202, endpoint(), { body: [] }],
  [heartbeat, 'a bad field', 400, endpoint(), { body: { ...beat, next: 3 } }],
  [heartbeat, 'no JSON', 400, endpoint(), { body: '{' }],
  [heartbeat, 'a forged token', 401, endpoint(), { body: beat, token: 'forged' }],
  [heartbeat, 'a foreign facility', 403, endpoint(), { body: { ...beat, facilities: ['x'] } }],
  [heartbeat, 'a GET', 405, endpoint(), { method: 'GET' }],
  [heartbeat, 'too many', 413, endpoint(), { body: Array(501).fill(beat) }],
  [heartbeat, 'text', 415, endpoint(), text],
  [heartbeat, 'too soon', 429, () => hurried(beat), { body: beat }],
  [heartbeat, 'several, too soon', 202, () => hurried(beat), { body: [beat] }],
  [heartbeat, 'too busy', 503, endpoint(true), { body: beat }],

  [regions, 'whole', 200, peopled, {}],
  [regions, 'of a limited watcher', 200, peopled, { token: 'part' }],
  [regions, 'delayed', 200, delayed, {}],
  [regions, 'none', 200, empty, {}],

  [region, 'whole', 200, peopled, north],
  [region, 'with an awkward id', 200, peopled, { region: '__proto__' }],
  [region, 'of a limited watcher', 200, peopled, { ...north, token: 'part' }],
  [region, 'the first page', 200, large, north],
  [region, 'the last page', 200, large, { ...north, query: { page: 'f-998' } }],
  [region, 'flapping', 200, long, { region: 'south' }],
  [region, 'delayed', 200, delayed, north],
  [region, 'empty', 200, empty, north],
  [region, 'a bad page', 400, empty, { ...north, query: { page: 'a b' } }],
  [region, 'not for this token', 404, peopled, { ...north, token: 'eve' }],

  [changes, 'whole', 200, peopled, { ...north, query: { since: '0' } }],
  [changes, 'of a limited watcher', 200, peopled, { ...north, query: { since: '0' }, token: 'part' }],
  [changes, 'the first page', 200, long, { ...north, query: { since: '0', epoch: 'e1' } }],
  [changes, 'nothing new', 200, long, { ...north, query: { since: '130' } }],
  [changes, 'all there is to a change', 200, long, { region: 'south', query: { since: '0' } }],
  [changes, 'decided while delayed', 200, delayed, { ...north, query: { since: '0' } }],
  [changes, 'of nothing', 200, empty, { ...north, query: { since: '0' } }],
  [changes, 'without since', 400, empty, north],
  [changes, 'not for this token', 404, peopled, { ...north, token: 'eve' }],
  [changes, 'from the future', 410, peopled, { ...north, query: { since: '99' } }],

  [facility, 'whole', 200, peopled, { ...north, query: { id } }],
  [facility, 'that timed out', 200, peopled, { ...north, query: { id: 'ward' } }],
  [facility, 'with awkward ids', 200, peopled, { region: '__proto__', query: { id: 'constructor' } }],
  [facility, 'one user', 200, peopled, { ...north, query: { id, user: 'ann' } }],
  [facility, 'nobody', 200, peopled, { ...north, query: { id, user: 'zoe', issuer: 'https://other/' } }],
  [facility, 'numbers alone', 200, peopled, { ...north, query: { id, members: 'none' } }],
  [facility, 'a crowd', 200, crowded, { ...north, query: { id } }],
  [facility, 'flapping', 200, long, { region: 'south', query: { id } }],
  [facility, 'delayed', 200, delayed, { ...north, query: { id } }],
  [facility, 'without id', 400, peopled, north],
  [facility, 'that is not there', 404, peopled, { ...north, query: { id: 'clinic-8' } }],

  [history, 'of a day', 200, peopled, { ...north, query: { id } }],
  [history, 'of a minute', 200, peopled, { ...north, query: { id: 'ward', from: '2026-01-05T10:09Z' } }],
  [history, 'of a first transition alone', 200, long, { region: 'south', query: { id } }],
  [history, 'of before it was', 200, peopled, { ...north, query: { id, to: '2025-01-05T10:09Z' } }],
  [history, 'delayed', 200, delayed, { ...north, query: { id } }],
  [history, 'backwards', 400, peopled, { ...north, query: { id, from: '2027-01-05T10:09Z' } }],
  [history, 'of what is not there', 404, peopled, { ...north, query: { id: 'clinic-8' } }],

  [session, 'mine', 200, peopled, set],
  [session, 'with a bad attribute', 400, peopled, { ...mine, body: { attributes: { a: {} } } }],
  [session, 'without JSON', 400, peopled, { ...mine, body: '{' }],
  [session, 'that is not mine', 404, peopled, { ...set, query: { id: 's2' } }],
  [session, 'too large', 413, peopled, { ...mine, body: ' '.repeat(8_193) }],
  [session, 'as text', 415, peopled, { ...mine, ...text }],

  [putRegion, 'all that can be said', 200, peopled, { ...north, body: ofRegion }],
  [putRegion, 'a new one', 200, empty, { ...north, body: {} }],
  [putRegion, 'upside down', 400, peopled, { ...north, body: { thresholds: { upFrom: 0, downBelow: 1 } } }],
  [putRegion, 'of a watcher', 404, peopled, { ...north, body: ofRegion, token: 'part' }],
  [putRegion, 'too large', 413, peopled, { ...north, body: tooLong }],
  [putRegion, 'as text', 415, peopled, { ...north, ...text }],

  [putFacility, 'all that can be said', 200, peopled, { ...known, body: everything }],
  [putFacility, 'a new one', 200, empty, { ...known, body: {} }],
  [putFacility, 'a bad name', 400, peopled, { ...known, body: { name: '' } }],
  [putFacility, 'of a watcher', 404, peopled, { ...known, body: everything, token: 'part' }],
  [putFacility, 'too large', 413, peopled, { ...known, body: tooLong }],
  [putFacility, 'as text', 415, peopled, { ...known, ...text }],

  [deleteFacility, 'one', 204, peopled, known],
  [deleteFacility, 'without id', 400, peopled, north],
  [deleteFacility, 'that is not there', 404, empty, known],

  [registry, 'of nobody', 200, empty, north],
  [registry, 'whole', 200, peopled, north],
  [registry, 'a bad page', 400, peopled, { ...north, query: { page: 'a b' } }],
  [registry, 'not for this token', 404, peopled, { ...north, token: 'eve' }],

  [user, 'here and there', 200, peopled, { query: { id: 'ann' } }],
  [user, 'nowhere', 200, peopled, { query: { id: 'zoe' } }],
  [user, 'with an awkward name', 200, peopled, { query: { id: '😀 "x"' } }],
  [user, 'delayed', 200, delayed, { query: { id: 'ann' } }],
  [user, 'without id', 400, peopled, {}],

  [tickets, 'one', 200, empty, {}],
  [tickets, 'for who watches nothing', 403, empty, { token: 'eve' }],

  [openapi, 'without a token', 200, empty, { headers: { authorization: '' } }],

  ...describedRoutes
    .filter((route) => route !== heartbeat && route !== openapi)
    .flatMap((route): Case[] => [
      [route, 'a forged token', 401, empty, { ...north, token: 'forged' }],
      [route, 'a server that is out of order', 503, empty, { ...north, token: 'slow' }],
    ]),
];

describe('an answer is as it is described', () => {
  test.each(cases)('%s: %s: %i', async (route, _, status, world, words) => {
    const answer = onTheWire(await (await world())({ route, ...words }));
    expect(answer.status).toBe(status);
    expect(faultsOf(route, answer)).toEqual([]);
  });

  test.each(describedRoutes)('%s gives every answer that is described', (route) => {
    const given = cases.filter(([asked]) => asked === route).map(([, , status]) => String(status));
    expect([...new Set(given)].sort()).toEqual([...describedStatuses(route)].sort());
  });

  test('the open description is that of the wire, may be kept for a while, and needs no token', async () => {
    const answer = onTheWire(await (await empty())({ route: openapi, headers: { authorization: '' } }));
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
    expect(Object.keys((answer.body as { paths: object }).paths)).toContain('/v1/regions/{region}');
  });
});

test('a snapshot with thresholds of the region’s own is as it is described', async () => {
  const ask = await peopled();
  await ask({ route: putRegion, ...north, body: ofRegion });
  const answer = onTheWire(await ask({ route: region, ...north }));
  expect(answer.body).toMatchObject({ thresholds: ofRegion.thresholds });
  expect(faultsOf(region, answer)).toEqual([]);
});

describe('a parameter that is described as wrong is refused, and no other', () => {
  const right: Record<string, Record<string, string>> = { [changes]: { since: '0' }, [user]: { id: 'ann' } };
  const usual = { id };

  test.each<[route: string, name: string, values: readonly string[]]>([
    [region, 'page', ['f-1', 'a//b', '', '..', 'a/../b', '...', 'x'.repeat(128), 'x'.repeat(129)]],
    [changes, 'epoch', ['e1', '', 'x'.repeat(64), 'x'.repeat(65)]],
    [changes, 'since', ['0', '999999999999999', '1000000000000000', '-1', '1.5', '']],
    [facility, 'id', ['lab/1', 'constructor', './x', 'x/', '*', 'é']],
    [facility, 'members', ['none', 'some', '']],
    [facility, 'user', ['ann', '', 'a\u0000b', 'a\nb', 'x'.repeat(255), 'x'.repeat(256), '😀', '‮evil']],
    [facility, 'issuer', ['https://x/', '', 'a b', 'x'.repeat(256)]],
    [facility, 'page', ['YQ', '', '?', 'x'.repeat(1_200), 'x'.repeat(1_201)]],
    [history, 'from', ['2026-01-05T09:00Z', '2026-01-05T09:00:00.5+01:00', '2026-01-05', 'yesterday', '']],
    [history, 'to', ['2026-01-05T10:00:00Z', '2026-01-05T10:00:00', '2026-01-05T10:00:00.1234Z']],
    [user, 'id', ['ann', '', 'a\u007fb', '😀']],
    [user, 'issuer', ['https://x/', 'a\tb']],
    [session, 'id', ['s1', 'a/b', '', '~', 'x'.repeat(65)]],
  ])('%s %s', async (route, name, values) => {
    const ask = await peopled();
    for (const value of values) {
      const others = name === 'issuer' && route === facility ? { id, user: 'ann' } : (right[route] ?? usual);
      const more = route === session ? { token: 'ann', body: set.body } : {};
      const { statusCode } = await ask({ route, ...north, query: { ...others, [name]: value }, ...more });
      const described = faultsBy(parameterSchema(route, name), name === 'since' ? numberIn(value) : value);
      expect([value, statusCode !== 400]).toEqual([value, described.length === 0]);
    }
  });

  test.each([
    ['page', { members: 'none', page: '?' }],
    ['user', { members: 'none', user: '' }],
    ['issuer', { issuer: 'a b' }],
  ])('%s of a facility, also where it means nothing', async (name, query) => {
    const ask = await peopled();
    const { statusCode, body } = await ask({ route: facility, ...north, query: { id, ...query } });
    expect([statusCode, JSON.parse(body ?? '').field]).toEqual([400, name]);
  });

  const numberIn = (value: string): unknown => (/^\d+$/.test(value) ? Number(value) : value);
});

describe('what is described as an id is one', () => {
  const awkward = fc.string({
    unit: fc.constantFrom(...'aZ0._~-/*', ' ', 'é', '\n', '\u0000', '😀'),
    maxLength: 9,
  });

  test.each<[string, (value: string) => boolean]>([
    ['RegionId', isRegionId],
    ['FacilityId', isFacilityId],
    ['SessionId', isSessionId],
    ['Subject', isSubject],
    ['Issuer', isIssuer],
  ])('%s', (name, isOne) => {
    fc.assert(
      fc.property(awkward, (value) => {
        expect(faultsBySchema('openapi.yaml', name, value).length === 0).toBe(isOne(value));
      }),
      property,
    );
  });
});

test('AC4 a beat is taken if and only if it is as described', () => {
  const anything = fc.constantFrom<unknown>(
    'a',
    '',
    'a b',
    '*',
    0,
    4,
    5,
    30,
    300,
    301,
    1.5,
    -1,
    null,
    true,
    [],
    {},
  );
  const beats = fc.record(
    {
      sessionId: fc.oneof(fc.constant('s1'), anything),
      region: fc.oneof(fc.constant('north'), anything),
      facilities: fc.oneof(
        fc.array(fc.constantFrom<unknown>('lab/1', 'a//b', 7), { maxLength: 3 }),
        anything,
      ),
      seq: fc.oneof(fc.nat(), fc.constant(2 ** 53), anything),
      next: fc.oneof(fc.integer({ min: 0, max: 302 }), anything),
      attributes: fc.oneof(fc.dictionary(fc.string({ maxLength: 3 }), anything), anything),
      mood: anything,
    },
    { requiredKeys: ['sessionId', 'region'] },
  );
  fc.assert(
    fc.property(beats, (value) => {
      expect([value, faultsBySchema('openapi.yaml', 'Beat', value).length === 0]).toEqual([
        value,
        isTaken(value),
      ]);
    }),
    { ...property, numRuns: 2_000, verbose: false },
  );
});

test.each<[field: string, values: readonly unknown[]]>([
  ['next', [-1, 0, 1, 4, 5, 300, 301, '30', 5.5]],
  ['seq', [-1, 0, 2 ** 53 - 1, 2 ** 53, 1.5]],
  [
    'facilities',
    [[], Array(200).fill('a'), Array(201).fill('a'), ['x'.repeat(128)], ['x'.repeat(129)], ['*']],
  ],
  ['sessionId', ['x'.repeat(64), 'x'.repeat(65), '']],
  ['region', ['x'.repeat(64), 'x'.repeat(65), 'a~']],
  [
    'attributes',
    [{}, { a: null }, { ['x'.repeat(128)]: 1 }, { ['x'.repeat(129)]: 1 }, { '': 1 }, [], { a: [] }],
  ],
  ['mood', ['happy']],
])('AC4 the limits of %s in a beat are those described', (field, values) => {
  for (const value of values) {
    const body = { sessionId: 's1', region: 'north', [field]: value };
    expect([value, faultsBySchema('openapi.yaml', 'Beat', body).length === 0]).toEqual([
      value,
      isTaken(body),
    ]);
  }
});

function isTaken(value: unknown): boolean {
  try {
    parseBeat(value, '');
    return true;
  } catch (error) {
    if (error instanceof FieldRefused) return false;
    throw error;
  }
}
