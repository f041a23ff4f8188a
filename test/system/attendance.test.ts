import type { HeardPresence } from '../support/live-feed';
import { Rollcall } from '../support/rollcall';
import { WatchedRegion } from '../support/watched-region';

const second = 1_000;
const joinMs = 2 * second + 2 * second;
/** leaveGrace + 2 × tick + 4 s, at a tick of one second, and a second for this machine. */
const leaveMs = 17 * second;
/** Lease and reserve of a beat every six seconds, two ticks, four seconds, and one for this machine. */
const timeoutMs = (23 + 16 + 2 + 4 + 1) * second;

let rollcall: Rollcall;
let region: WatchedRegion;

beforeAll(async () => {
  rollcall = await Rollcall.start();
  region = await WatchedRegion.of(rollcall, 'town');
  for (const facility of ['two', 'killed', 'mood']) {
    await region.feed.watch('town', facility);
  }
});

afterAll(async () => {
  region.feed.close();
  await rollcall.close();
});

const event = (facility: string, wanted: HeardPresence['event'], withinMs: number): Promise<HeardPresence> =>
  region.feed.first(`${wanted} in ${facility}`, withinMs, () =>
    region.feed.presence(facility).find((message) => message.event === wanted),
  );

const beat = (sessionId: string, facility: string, more: object = {}) =>
  region.beat({ sessionId, facilities: [facility], next: 5, ...more });

const names = (facility: string) => region.feed.presence(facility).map((message) => message.event);

test.concurrent('PR1 two devices of one user: one join, one leave with the second one', async () => {
  await Promise.all([beat('two-a', 'two', { next: 60 }), beat('two-b', 'two', { next: 60 })]);
  await event('two', 'join', joinMs);
  await beat('two-a', 'two', { next: 0 });
  await region.feed.change('two', { sessions: 1 }, leaveMs);
  expect(names('two')).toEqual(['join']);
  await beat('two-b', 'two', { next: 0 });
  const leave = await event('two', 'leave', leaveMs);
  expect(leave).toMatchObject({ user: 'ana', presenceSeq: 2 });
  expect(names('two')).toEqual(['join', 'leave']);
}, 60_000);

test.concurrent('PR1 two devices that are killed in turn: one timeout, at the lease of the second', async () => {
  await beat('killed-a', 'killed');
  await event('killed', 'join', joinMs);
  const { body } = await beat('killed-b', 'killed', { next: 6 });
  const timeout = await event('killed', 'timeout', timeoutMs);
  const leaseMs = Date.parse(body.leaseUntil);
  expect(Date.parse(timeout.at)).toBeGreaterThanOrEqual(leaseMs);
  expect(Date.parse(timeout.at)).toBeLessThanOrEqual(leaseMs + 17 * second);
  expect(names('killed')).toEqual(['join', 'timeout']);
}, 90_000);

test.concurrent('PR2 attributes come with the join, change by a beat and by PUT, and are found by a query', async () => {
  await beat('mood-a', 'mood', { next: 60, attributes: { mood: 'happy', ['__proto__']: 1 } });
  expect(await event('mood', 'join', joinMs)).toMatchObject({ attributes: { mood: 'happy' } });
  const authorization = `Bearer ${region.token}`;
  const put = await fetch(`${rollcall.url}/v1/regions/town/session?id=mood-a`, {
    method: 'PUT',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ attributes: { mood: 'sad' } }),
  });
  expect(put.status).toBe(200);
  expect(await event('mood', 'updateAttributes', joinMs)).toMatchObject({
    attributes: { mood: 'sad' },
    presenceSeq: 2,
  });
  const { body } = await rollcall.get<{ present: object[]; presenceSeq: number }>(
    '/v1/regions/town/facility?id=mood',
    region.token,
  );
  expect(body).toMatchObject({
    presenceSeq: 2,
    users: 1,
    present: [{ user: 'ana', attributes: { mood: 'sad' } }],
  });
  const where = await rollcall.get<{ facilities: object[] }>('/v1/user/facilities?id=ana', region.token);
  expect(where.body.facilities).toContainEqual(expect.objectContaining({ region: 'town', facility: 'mood' }));
}, 60_000);
