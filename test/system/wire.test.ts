import { seconds } from '../support/builders';
import { Rollcall } from '../support/rollcall';
import { until } from '../support/waiting';
import { WatchedRegion } from '../support/watched-region';
import { describedRoutes, faultsOf, messageFaults, onTheNet, type WireAnswer } from '../support/wire';

const joinsWithin = seconds(5);
const region = 'wire';
const id = 'lab/1';
const long = 300;

let rollcall: Rollcall;
let watched: WatchedRegion;

beforeAll(async () => {
  rollcall = await Rollcall.start();
  watched = await WatchedRegion.of(rollcall, region);
  watched.feed.socket.send(JSON.stringify({ action: 'subscribe', region, facility: id }));
  const beat = {
    sessionId: 's1',
    facilities: [id],
    next: long,
    attributes: { mood: 'happy', ['__proto__']: 1 },
  };
  await watched.beat(beat);
  await watched.feed.change(id, { status: 'online' }, joinsWithin);
});

afterAll(async () => {
  watched?.feed.close();
  await rollcall?.close();
});

/** A request, and the status of its answer. */
type Asked = readonly [route: string, status: number, query: Record<string, string>, body: unknown];

/** Asks as a client would. */
async function asks(
  route: string,
  query: Record<string, string>,
  body?: unknown,
  token?: string,
): Promise<WireAnswer> {
  const [method = '', path = ''] = route.split(' ');
  const url = `${rollcall.url}${path.replace('{region}', region)}?${new URLSearchParams(query)}`;
  return await onTheNet(
    await fetch(url, {
      method,
      headers: { authorization: `Bearer ${token ?? watched.token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }),
  );
}

describe('the running system answers as it is described', () => {
  const beat = { sessionId: 's2', region, facilities: [id], next: long };
  const asked: readonly Asked[] = [
    ['POST /heartbeat', 202, {}, beat],
    ['POST /heartbeat', 202, {}, [beat, { ...beat, next: 1 }]],
    ['POST /heartbeat', 400, {}, { ...beat, next: 1 }],
    ['POST /heartbeat', 403, {}, { ...beat, region: 'elsewhere' }],
    ['GET /v1/regions', 200, {}, undefined],
    ['GET /v1/regions/{region}', 200, {}, undefined],
    ['GET /v1/regions/{region}', 400, { page: 'a b' }, undefined],
    ['GET /v1/regions/{region}/changes', 200, { since: '0' }, undefined],
    ['GET /v1/regions/{region}/changes', 410, { since: '999' }, undefined],
    ['GET /v1/regions/{region}/facility', 200, { id }, undefined],
    ['GET /v1/regions/{region}/facility', 404, { id: 'nowhere' }, undefined],
    ['GET /v1/regions/{region}/facility/history', 200, { id }, undefined],
    ['PUT /v1/regions/{region}/session', 200, { id: 's1' }, { attributes: { mood: 'sad' } }],
    ['PUT /v1/regions/{region}/session', 404, { id: 's9' }, { attributes: {} }],
    ['GET /v1/user/facilities', 200, { id: 'ana' }, undefined],
    ['PUT /v1/regions/{region}', 200, {}, { name: 'Wire', thresholds: { upFrom: 0.9, downBelow: 0.1 } }],
    ['PUT /v1/regions/{region}/facility', 200, { id: 'lab/2' }, { name: '<b>😀', tags: ['night'] }],
    ['PUT /v1/regions/{region}/facility', 400, { id: 'lab/2' }, { name: '' }],
    ['GET /v1/regions/{region}/registry', 200, {}, undefined],
    ['DELETE /v1/regions/{region}/facility', 204, { id: 'lab/2' }, undefined],
    ['DELETE /v1/regions/{region}/facility', 404, { id: 'lab/2' }, undefined],
    ['POST /v1/tickets', 200, {}, {}],
    ['GET /v1/openapi.json', 200, {}, undefined],
  ];

  test.each(asked)('%s: %i to %j', async (route, status, query, body) => {
    const answer = await asks(route, query, body);
    expect(answer.status).toBe(status);
    expect(faultsOf(route, answer)).toEqual([]);
  });

  test('every route was asked', () => {
    expect(new Set(asked.map(([route]) => route))).toEqual(new Set(describedRoutes));
  });

  test('AC1 without a valid token, every route but the description', async () => {
    for (const route of describedRoutes) {
      const isOpen = route === 'GET /v1/openapi.json';
      const answer = await asks(route, {}, route.startsWith('GET') ? undefined : {}, 'forged');
      expect([route, answer.status]).toEqual([route, isOpen ? 200 : 401]);
      expect(faultsOf(route, answer)).toEqual([]);
    }
  });
});

test('the running feed and bus speak as it is described', async () => {
  const { feed } = watched;
  await feed.first('the attributes that were put', joinsWithin, () =>
    feed.heard.find(({ message }) => Reflect.get(message, 'event') === 'updateAttributes'),
  );
  await feed.ping();
  await feed.subscribe(region, { since: 999 });
  feed.socket.send('{"action":"shout"}');
  await feed.first('the refusal', joinsWithin, () =>
    feed.heard.find(({ message }) => message.type === 'error'),
  );

  const messages = feed.heard.map(({ message }) => message as object);
  const types = messages.map((message) => String(Reflect.get(message, 'type')));
  expect(new Set(types)).toEqual(new Set(['changes', 'presence', 'tick', 'resync', 'error']));
  expect(
    messages.flatMap((message, index) => messageFaults('liveFeed', types[index] ?? '', message)),
  ).toEqual([]);

  const events = await until(joinsWithin, 'both kinds of events', async () => {
    const { body } =
      await rollcall.get<readonly { readonly event: Record<string, unknown> }[]>('/dev/events');
    const kinds = new Set(body.map(({ event }) => event['detail-type']));
    return kinds.size === 2 ? body.map(({ event }) => event) : undefined;
  });
  expect(events.flatMap((event) => messageFaults('events', String(event['detail-type']), event))).toEqual([]);
});
