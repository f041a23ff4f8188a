import { at, hours, minutes, seconds } from '../support/builders';
import { serverShows } from '../support/feed-client';
import { answerOf } from '../support/http';
import { aRegistry } from '../support/registry-scene';

/** A page that has watched from the beginning, beside a provider of all laboratories. */
async function watched() {
  const api = aRegistry();
  await api.joins({ covers: ['lab/*', 'lab/1'], until: at('16:00') });
  await api.tick();
  const page = await api.watcher();
  const agrees = async () => {
    await page.reads();
    await page.waits(seconds(25));
    expect(page.shows('north')).toEqual(await serverShows(api, 'north'));
    expect(page.isProvedRight('north')).toBe(true);
    expect(page.snapshots).toBe(1);
  };
  const passes = async (ms: number) => {
    api.clock.advance(ms);
    api.watermarks.passQuietly();
    await api.tick();
  };
  const names = () => page.facilitiesOf('north').map(({ id, name }) => `${id} ${name}`);
  return { ...api, page, agrees, passes, names };
}

describe('CD1 a facility that is registered', () => {
  test('given a pattern covers it already, when the next tick comes, then it is online since it was registered', async () => {
    const region = await watched();
    region.clock.advance(seconds(30));
    await region.put('lab/2', { name: 'The second' });
    await region.passes(seconds(5));
    expect(await region.ledger.facility('north', 'lab/2')).toMatchObject({
      status: 'online',
      reason: 'heartbeat',
      sinceMs: at('10:00:30'),
      registry: { name: 'The second' },
    });
    await region.agrees();
    expect(region.names()).toEqual(['lab/1 lab/1', 'lab/2 The second']);
  });

  test('given nobody covers it, then it is told as offline, and no core system hears of it', async () => {
    const region = await watched();
    const inbox = await region.socket('c1');
    region.bus.events.length = 0;
    await region.put('clinic-7', { name: 'Clinic seven' });
    await region.passes(seconds(5));
    expect(inbox).toMatchObject([
      {
        type: 'changes',
        changes: [
          {
            facility: 'clinic-7',
            status: 'offline',
            reason: 'registered',
            registry: { name: 'Clinic seven' },
          },
        ],
        totals: { facilities: 2, online: 1 },
        regionChange: { state: 'partial', previousState: 'up' },
      },
    ]);
    expect(region.bus.events.map(({ type }) => type)).toEqual(['RegionStatusChanged']);
    expect((await region.availability('clinic-7')).transitions).toEqual([]);
    await region.agrees();
  });

  test('given it is renamed, then the page shows its new name, and its id when it has none', async () => {
    const region = await watched();
    await region.put('lab/1', { name: 'First' });
    await region.passes(seconds(5));
    await region.agrees();
    expect(region.names()).toEqual(['lab/1 First']);
    await region.put('lab/1', { tags: ['cold'] });
    await region.putRegion({ name: 'The north' });
    await region.passes(seconds(5));
    await region.agrees();
    expect(region.names()).toEqual(['lab/1 lab/1']);
    expect(region.page.nameOf('north')).toBe('The north');
    await region.putRegion({});
    await region.passes(seconds(5));
    await region.agrees();
    expect(region.page.nameOf('north')).toBe('north');
  });
});

test('CD3 given people create and remove without a pause, when a page opens, then it is right after all', async () => {
  const region = await watched();
  const { facilities } = region.ledger;
  let count = 0;
  region.ledger.facilities = async (name) => {
    count += 1;
    await region.put(`f-${count}`, { name: `Facility ${count}` });
    await region.put('lab/1', { name: `Name ${count}` });
    if (count % 2 === 0) await region.remove(`f-${count - 1}`);
    return await facilities.call(region.ledger, name);
  };
  const late = await region.watcher('late');
  region.ledger.facilities = facilities;
  expect(count).toBeGreaterThan(3);
  await region.passes(seconds(5));
  await late.reads();
  await late.waits(seconds(25));
  expect(late.shows('north')).toEqual(await serverShows(region, 'north'));
  expect(late.isProvedRight('north')).toBe(true);
  expect(late.snapshots).toBe(1);
});

describe('CD1 a facility that is removed', () => {
  test('is told, dropped by the page, and the digest agrees', async () => {
    const region = await watched();
    const inbox = await region.socket('c1');
    region.bus.events.length = 0;
    await region.remove('lab/1');
    await region.passes(seconds(5));
    expect(inbox).toMatchObject([
      {
        changes: [{ facility: 'lab/1', status: 'offline', reason: 'removed', sessions: 0, version: 2 }],
        totals: { facilities: 0, state: 'empty' },
      },
    ]);
    expect(region.bus.events).toMatchObject([
      { type: 'FacilityStatusChanged', detail: { facility: 'lab/1', reason: 'removed' } },
      { type: 'RegionStatusChanged', detail: { state: 'empty', previousState: 'up' } },
    ]);
    await region.agrees();
    expect(region.page.shows('north')).toEqual([]);
  });

  test('given its beats go on, then they bring it back an hour later, anew and with a version that grew', async () => {
    const region = await watched();
    await region.put('lab/1', { name: 'First' });
    await region.remove('lab/1');
    for (let minute = 0; minute < 59; minute += 1) await region.passes(minutes(1));
    expect(await region.statuses()).toEqual([]);
    await region.passes(minutes(1));
    expect(await region.ledger.facility('north', 'lab/1')).toMatchObject({
      status: 'online',
      sinceMs: at('11:00'),
      version: 4,
    });
    await region.agrees();
    expect(region.names()).toEqual(['lab/1 lab/1']);
    const { transitions } = await region.availability('lab/1');
    expect(transitions).toMatchObject([
      { status: 'online' },
      { reason: 'removed' },
      { status: 'online', at: '2026-01-05T11:00:00.000Z', lastedMs: hours(1) },
    ]);
  });

  test('given it is put back, then it is there again at once, and online with the next tick', async () => {
    const region = await watched();
    await region.remove('lab/1');
    await region.passes(seconds(5));
    await region.agrees();
    expect((await region.put('lab/1', { name: 'Again' })).body).toMatchObject({
      reason: 'registered',
      version: 3,
    });
    await region.passes(seconds(5));
    await region.agrees();
    expect(region.page.shows('north')).toEqual(['lab/1 online 4']);
    expect(region.names()).toEqual(['lab/1 Again']);
  });

  test('given users are present, then they leave with it, once, and join again with it', async () => {
    const region = await watched();
    const events = async () =>
      (await region.presence.presenceEvents('north', 'lab/1', 0, 10)).map(({ event }) => event);
    await region.remove('lab/1');
    await region.passes(seconds(5));
    expect(await events()).toEqual(['join', 'leave']);
    await region.passes(minutes(10));
    expect(await events()).toEqual(['join', 'leave']);
    await region.put('lab/1');
    await region.passes(seconds(5));
    expect(await events()).toEqual(['join', 'leave', 'join']);
  });

  test('given users are present, then they are no longer there, by name or by pattern', async () => {
    const region = await watched();
    const route = 'GET /v1/user/facilities';
    const where = async () => answerOf(await region.raw(route, { query: { id: 'ann' } })).body.facilities;
    expect(await where()).toMatchObject([{ region: 'north', facility: 'lab/1' }]);
    await region.remove('lab/1');
    expect(await where()).toEqual([]);
  });

  test('HB7 a week later nothing is left of it', async () => {
    const region = await watched();
    await region.put('clinic-7');
    await region.remove('clinic-7');
    await region.passes(hours(7 * 24));
    expect((await region.ledger.rows('north')).map(({ id }) => id)).toEqual(['clinic-7', 'lab/1']);
    await region.passes(minutes(10));
    expect((await region.ledger.rows('north')).map(({ id }) => id)).toEqual(['lab/1']);
  });
});

test('TR5 availability leaves maintenance out', async () => {
  const region = await watched();
  const from = '2026-01-05T10:00:00Z';
  const maintenance = [{ from, to: '2026-01-05T11:00:00Z' }];
  await region.put('lab/1', { maintenance });
  await region.passes(hours(1));
  await region.passes(minutes(30));
  const { availability } = await region.availability('lab/1');
  expect(availability).toMatchObject({
    onlineMs: minutes(30),
    maintenanceMs: hours(1),
    unknownMs: hours(1) + minutes(30),
    ratio: 1,
  });
});
