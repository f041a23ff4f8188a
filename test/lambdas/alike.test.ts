import { anIdentity, rights } from '../support/builders';
import type { RequestWords } from '../support/http';
import { aWholeRollcall, type WholeRollcall } from '../support/whole';

/** Facilities by region; each beats with a session of its own. */
type World = Readonly<Record<string, readonly string[]>>;

/**
 * A Rollcall where these facilities are online, whose laboratories in the north `limited` may report for and watch. All
 * came with one settle, so that `seq`, which every watcher of a region gets (CD4), is the same for other facilities too.
 */
async function aRollcallWith(world: World): Promise<WholeRollcall> {
  const rollcall = aWholeRollcall();
  const everything = { '*': ['*'] };
  const laboratories = { north: ['lab/*'] };
  rollcall.issue('all', anIdentity({ rights: rights({ provide: everything }) }));
  rollcall.issue(
    'limited',
    anIdentity({ subject: 'eve', rights: rights({ provide: laboratories, watch: laboratories }) }),
  );
  for (const [region, facilities] of Object.entries(world)) {
    for (const id of facilities) {
      await rollcall.beat('all', { sessionId: `s-${id.replace('/', '-')}`, region, facilities: [id] });
    }
  }
  await rollcall.settle();
  return rollcall;
}

interface Place {
  readonly region: string;
  readonly id: string;
}

type Ask = (rollcall: WholeRollcall, place: Place) => Promise<object>;

const getting =
  (route: string, query: (place: Place) => RequestWords['query']): Ask =>
  (rollcall, place) => {
    const asked = query(place);
    return rollcall.get('limited', route, { region: place.region, ...(asked && { query: asked }) });
  };

const beating =
  (given: (place: Place) => object): Ask =>
  (rollcall, place) =>
    rollcall.beat('limited', given(place));

const sending =
  (message: (place: Place) => object): Ask =>
  async (rollcall, place) => {
    const { inbox, sends } = await rollcall.open('limited', 'c1');
    await sends(message(place));
    return { inbox };
  };

const aBeat = ({ region, id }: Place) => ({ sessionId: 's1', region, facilities: [id] });
const window = { from: '2026-01-05T09:00:00Z', to: '2026-01-05T11:00:00Z' };

/** Every call in which a region or a facility is named. */
const calls: readonly [what: string, ask: Ask][] = [
  ['a beat', beating(aBeat)],
  ['a beat among others', beating((place) => [aBeat({ region: 'north', id: 'lab/1' }), aBeat(place)])],
  ['a goodbye', beating((place) => ({ ...aBeat(place), next: 0 }))],
  ['a beat with a field that is wrong', beating((place) => ({ ...aBeat(place), next: 1 }))],
  ['a snapshot', getting('/v1/regions/{region}', () => undefined)],
  ['a page of a snapshot', getting('/v1/regions/{region}', ({ id }) => ({ page: id }))],
  ['the log', getting('/v1/regions/{region}/changes', () => ({ since: '0' }))],
  ['a log that is gone', getting('/v1/regions/{region}/changes', () => ({ since: '0', epoch: 'e0' }))],
  ['a log from nowhere', getting('/v1/regions/{region}/changes', () => ({ since: 'x' }))],
  ['a facility', getting('/v1/regions/{region}/facility', ({ id }) => ({ id }))],
  ['a history', getting('/v1/regions/{region}/facility/history', ({ id }) => ({ id }))],
  ['a window of it', getting('/v1/regions/{region}/facility/history', ({ id }) => ({ id, ...window }))],
  ['no window of it', getting('/v1/regions/{region}/facility/history', ({ id }) => ({ id, from: 'x' }))],
  ['a subscribe', sending(({ region }) => ({ action: 'subscribe', region }))],
  ['a resume', sending(({ region }) => ({ action: 'subscribe', region, since: 0 }))],
  ['a resume from the future', sending(({ region }) => ({ action: 'subscribe', region, since: 9 }))],
  ['an unsubscribe', sending(({ region }) => ({ action: 'unsubscribe', region }))],
];

const bytes = (answer: object): string => JSON.stringify(answer);

describe('AC2 given a token for laboratories in the north, what it may not see answers like what is not there:', () => {
  const world: World = { north: ['lab/1', 'clinic-1'], south: ['lab/1'] };

  test.each(calls)('%s, for another facility of the region', async (_, ask) => {
    const existing = await ask(await aRollcallWith(world), { region: 'north', id: 'clinic-1' });
    const missing = await ask(await aRollcallWith(world), { region: 'north', id: 'clinic-2' });
    expect(bytes(existing)).toBe(bytes(missing));
    expect(bytes(existing)).not.toContain('clinic-1');
  });

  test.each(calls)('%s, for another region', async (_, ask) => {
    const existing = await ask(await aRollcallWith(world), { region: 'south', id: 'lab/1' });
    const missing = await ask(await aRollcallWith(world), { region: 'nowhere', id: 'lab/1' });
    expect(bytes(existing)).toBe(bytes(missing));
    expect(bytes(existing)).not.toContain('south');
  });

  test.each(calls)('%s, whether or not anything else exists', async (_, ask) => {
    for (const place of [
      { region: 'north', id: 'clinic-1' },
      { region: 'south', id: 'lab/1' },
      { region: 'north', id: 'lab/1' },
    ]) {
      const among = await ask(await aRollcallWith(world), place);
      const alone = await ask(await aRollcallWith({ north: ['lab/1'] }), place);
      expect(bytes(among)).toBe(bytes(alone));
    }
  });

  test('while what it may see is there', async () => {
    const rollcall = await aRollcallWith(world);
    const { statusCode } = await rollcall.get('limited', '/v1/regions/{region}/facility', {
      region: 'north',
      query: { id: 'lab/1' },
    });
    expect(statusCode).toBe(200);
  });

  test('the list of regions', async () => {
    const among = await (await aRollcallWith(world)).get('limited', '/v1/regions');
    const alone = await (await aRollcallWith({ north: ['lab/1'] })).get('limited', '/v1/regions');
    expect(bytes(among)).toBe(bytes(alone));
  });

  test('what is pushed when something else goes offline, but for the seq that everybody gets', async () => {
    const rollcall = await aRollcallWith(world);
    const { inbox, sends } = await rollcall.open('limited', 'c1');
    await sends({ action: 'subscribe', region: 'north' });
    await rollcall.beat('all', {
      sessionId: 's-clinic-1',
      region: 'north',
      facilities: ['clinic-1'],
      next: 0,
    });
    await rollcall.settle();
    rollcall.clock.advance(11_000);
    await rollcall.settle();
    await sends({ action: 'ping' });
    expect(inbox).toMatchObject([
      { type: 'tick' },
      { type: 'changes', toSeq: 2, changes: [], totals: { facilities: 1, online: 1 } },
      { type: 'tick', regions: [{ region: 'north', seq: 2 }] },
    ]);
    expect(bytes(inbox)).not.toMatch(/clinic|digest|regionChange/);
  });
});
