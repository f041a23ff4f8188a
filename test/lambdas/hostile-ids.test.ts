import type { Attributes } from '../../core/attributes';
import { anIdentity, at, grants, seconds } from '../support/builders';
import { answerOf } from '../support/http';
import { aWholeRollcall } from '../support/whole';

/** Names that mean something to JavaScript, look like paths, or are as long as may be. */
const facilityIds = ['__proto__', 'constructor', 'a/b/c', '__proto__/constructor', 'x'.repeat(128), '~.-_'];
const regionIds = ['__proto__', 'constructor', 'hasOwnProperty', 'r'.repeat(64), '...'];
const sessionIds = ['__proto__', 'constructor', 's'.repeat(64), '..', '~'];
const subjects = ['__proto__', '<script>alert(1)</script>', '\u202egnp.exe', '🦉', 'a b'];

const everyId = facilityIds.flatMap((id, index) =>
  regionIds.map((region, place) => ({
    id,
    region,
    sessionId: sessionIds[(index + place) % sessionIds.length] ?? '',
    subject: subjects[(index + place) % subjects.length] ?? '',
  })),
);

describe.each(everyId)('AC4 given the facility $id of $region, reported by $subject', (words) => {
  const { id, region, sessionId, subject } = words;

  /** A Rollcall in which it is online, beside another one, and an operator who watches from the beginning. */
  async function online() {
    const rollcall = aWholeRollcall();
    const may = grants({ [region]: [id, 'other'] });
    const own = new Map([[region, may.get(region) ?? []]]);
    rollcall.issue('token', anIdentity({ subject, rights: { provide: own, watch: own, manage: grants() } }));
    const socket = await rollcall.open('token', 'c1');
    await socket.sends({ action: 'subscribe', region });
    const said = { region, attributes: { ['__proto__']: 'x', constructor: 1 } };
    const beats = [
      { ...said, sessionId, facilities: [id] },
      { ...said, sessionId: 'other', facilities: ['other'] },
    ];
    const { body } = answerOf(await rollcall.beat('token', beats));
    expect(body.results).toMatchObject([{ status: 202 }, { status: 202 }]);
    await rollcall.settle();
    const ask = async (path: string, query?: Record<string, string>) => {
      const route = `/v1/regions/{region}${path}`;
      return answerOf(await rollcall.get('token', route, { region, ...(query && { query }) }));
    };
    return { ...rollcall, ...socket, ask };
  }

  test('then a beat brings both online, with its attributes as they were', async () => {
    const { stream, ask } = await online();
    const attributes: Attributes = new Map<string, string | number>([
      ['__proto__', 'x'],
      ['constructor', 1],
    ]);
    expect(stream.beats[0]).toMatchObject({ subject, region, sessionId, covers: [id], attributes });
    const { status, body } = await ask('');
    expect(status).toBe(200);
    expect(body).toMatchObject({ region, totals: { facilities: 2, online: 2 } });
    expect(body.facilities.map((facility: { id: string }) => facility.id)).toEqual([id, 'other'].toSorted());
  });

  test('then the list, the log, the facility and its history speak of it', async () => {
    const rollcall = await online();
    const { body: list } = answerOf(await rollcall.get('token', '/v1/regions'));
    expect(list.regions).toMatchObject([{ region, totals: { facilities: 2 } }]);
    const { body: log } = await (await online()).ask('/changes', { since: '0' });
    expect(log.entries[0].changes).toContainEqual(expect.objectContaining({ facility: id }));
    const facility = await (await online()).ask('/facility', { id });
    expect(facility).toMatchObject({
      status: 200,
      body: { region, id, name: id, why: { sessions: [{ sessionId, user: subject }] } },
    });
    const history = await (await online()).ask('/facility/history', { id });
    expect(history).toMatchObject({ status: 200, body: { region, id, transitions: [{ status: 'online' }] } });
  });

  test('then who watches is told, also when it leaves, and so are core systems', async () => {
    const { inbox, sends, beat, settle, clock, bus } = await online();
    await beat('token', { sessionId, region, facilities: [id], next: 0 });
    await settle();
    clock.advance(at('10:00:11') - at('10:00'));
    await settle();
    await sends({ action: 'ping' });
    const told = inbox.flatMap((message) => ('changes' in message ? (message.changes as object[]) : []));
    expect(told).toContainEqual(expect.objectContaining({ facility: id, status: 'online' }));
    expect(told).toContainEqual(
      expect.objectContaining({ facility: id, status: 'offline', reason: 'leave' }),
    );
    expect(inbox.at(-1)).toMatchObject({ type: 'tick', regions: [{ region }] });
    expect(JSON.stringify(bus.events)).toContain(JSON.stringify(id));
  });

  test('then nobody else is', async () => {
    const rollcall = await online();
    rollcall.issue(
      'stranger',
      anIdentity({ rights: { provide: grants(), watch: grants(), manage: grants() } }),
    );
    rollcall.clock.advance(seconds(5));
    const asked = await rollcall.get('stranger', '/v1/regions/{region}', { region });
    expect(asked.statusCode).toBe(404);
    expect((await rollcall.beat('stranger', { sessionId, region, facilities: [id] })).statusCode).toBe(403);
    expect((await rollcall.ask('/facility', { id: 'toString' })).status).toBe(404);
  });
});
