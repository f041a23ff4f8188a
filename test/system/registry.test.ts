import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Snapshot } from '../../web/wire';
import { seconds } from '../support/builders';
import { LiveFeed } from '../support/live-feed';
import { registryCommand } from '../support/registry-command';
import { Rollcall } from '../support/rollcall';
import { WatchedRegion } from '../support/watched-region';

const tickMs = seconds(1);
/** A registry change is told with the next tick; what a pattern covers is online with it or the one after. */
const toldWithin = 2 * tickMs + seconds(2);
const directory = mkdtempSync(join(tmpdir(), 'rollcall-registry-'));
let rollcall: Rollcall;
let boss: string;

beforeAll(async () => {
  rollcall = await Rollcall.start();
  const everything = { '*': ['*'] };
  boss = await rollcall.token({ watch: everything, manage: everything }, 'boss');
}, seconds(60));

afterAll(async () => {
  await rollcall?.close();
  rmSync(directory, { recursive: true, force: true });
});

function written(name: string, ...lines: readonly string[]): string {
  const file = join(directory, name);
  writeFileSync(file, lines.join('\n'));
  return file;
}

const command = (...words: readonly string[]) => registryCommand(...words, '--api', rollcall.url);
const facilityPath = (region: string, id: string) =>
  `/v1/regions/${region}/facility?id=${encodeURIComponent(id)}`;
const snapshotOf = async (region: string): Promise<Snapshot> =>
  (await rollcall.get<Snapshot>(`/v1/regions/${region}`, boss)).body;

async function watching(region: string): Promise<LiveFeed> {
  const feed = await LiveFeed.open(rollcall, boss);
  await feed.subscribe(region);
  return feed;
}

const awkward = '\u202E𝔩ab <script>alert("1")</script>';

describe('npm run registry', () => {
  test.concurrent(
    'given a provider of all laboratories, when a table of them is imported, then they are online, named, and exported as they came',
    async () => {
      const provider = await rollcall.token({ provide: { import: ['lab/*'] } }, 'provider');
      const authorization = `Bearer ${provider}`;
      await rollcall.post('/heartbeat', { sessionId: 's1', region: 'import', next: 300 }, { authorization });
      const feed = await watching('import');
      const rows = Array.from(
        { length: 60 },
        (_, index) => `import,lab/${index + 100},Laboratory ${index},a;b`,
      );
      const file = written(
        'labs.csv',
        'region,id,name,tags',
        `import,lab/1,"${awkward.replaceAll('"', '""')}",`,
        ...rows,
      );

      expect(await command('import', file)).toEqual({
        code: 0,
        said: '61 created, 0 changed, 0 unchanged, 0 failed.\n',
        complaints: '',
      });
      await feed.first('all of them online', toldWithin, () =>
        feed.entries.find(({ message }) => message.totals.online === 61),
      );

      const { facilities, totals } = await snapshotOf('import');
      expect(totals).toMatchObject({ facilities: 61, online: 61, state: 'up' });
      expect(facilities[0]).toMatchObject({ id: 'lab/1', name: awkward, reason: 'heartbeat' });
      expect((await command('import', file)).said).toBe('0 created, 0 changed, 61 unchanged, 0 failed.\n');
      const out = join(directory, 'labs-out.json');
      expect(await command('export', out, '--region', 'import')).toMatchObject({ code: 0 });
      const exported = JSON.parse(readFileSync(out, 'utf8'));
      expect(exported).toHaveLength(61);
      expect(exported[0]).toEqual({ region: 'import', id: 'lab/1', name: awkward });
      feed.close();
    },
    seconds(25),
  );

  test.concurrent('given a fault, then every one is listed, nothing is sent, and the exit code is 1', async () => {
    const file = written('bad.csv', 'region,id,latitude,longitude', 'faults,a,1,2', 'faults,b c,99,2');
    const { code, complaints } = await command('import', file);
    expect(code).toBe(1);
    expect(complaints).toBe(
      `${file}:3: id: expected the id of a facility\n${file}:3: latitude: expected degrees from -90 to 90\n2 faults; nothing was sent.\n`,
    );
    expect((await snapshotOf('faults')).epoch).toBeNull();
  });

  test.concurrent('AC1 given no token, then only a local runtime is asked for one', async () => {
    const file = written('one.csv', 'region,id', 'nowhere,a');
    const { code, complaints } = await registryCommand('import', file, '--api', 'https://api.example');
    expect({ code, complaints }).toEqual({
      code: 1,
      complaints: 'Say what you may do with --token, or in ROLLCALL_TOKEN.\n',
    });
    const { code: refused, complaints: why } = await command('import', file, '--token', 'forged');
    expect(refused).toBe(1);
    expect(why).toMatch(/nowhere\/a: 401 /);
  });

  test.concurrent('given a facility is moved, then it is in the other region only', async () => {
    await rollcall.send('PUT', facilityPath('move-from', 'a/b'), boss, { name: 'A' });
    const feed = await watching('move-to');
    expect(await command('move', 'move-from/a/b', 'move-to')).toMatchObject({ code: 0 });
    await feed.change('a/b', { reason: 'registered' }, toldWithin);
    expect((await rollcall.get(facilityPath('move-from', 'a/b'), boss)).status).toBe(404);
    expect(await rollcall.get(facilityPath('move-to', 'a/b'), boss)).toMatchObject({
      status: 200,
      body: { name: 'A', registry: { name: 'A' } },
    });
    feed.close();
  });
});

describe('the registry', () => {
  test.concurrent(
    'CD1 given a facility is removed, then watchers hear of it, beats do not bring it back, and a request does',
    async () => {
      const region = await WatchedRegion.of(rollcall, 'removals');
      await region.join('clinic-7');
      await rollcall.send('PUT', facilityPath('removals', 'clinic-7'), boss, { name: 'Clinic seven' });
      const named = await region.feed.change('clinic-7', { version: 2 }, toldWithin);
      expect(named).toMatchObject({ status: 'online', registry: { name: 'Clinic seven' } });

      expect(await rollcall.send('DELETE', facilityPath('removals', 'clinic-7'), boss)).toMatchObject({
        status: 204,
      });
      const gone = await region.feed.change('clinic-7', { reason: 'removed' }, toldWithin);
      expect(gone).toMatchObject({ status: 'offline', sessions: 0, version: 3 });
      await region.beat({ sessionId: 'again', facilities: ['clinic-7'], next: 300 });
      // Another one that comes with the same beat tells that the beat was seen.
      await region.join('ward');
      const { facilities, totals } = await region.snapshot();
      expect(facilities.map(({ id }) => id)).toEqual(['ward']);
      expect(totals).toMatchObject({ facilities: 1, online: 1 });

      const { body } = await rollcall.send<object>('PUT', facilityPath('removals', 'clinic-7'), boss, {});
      expect(body).toMatchObject({ status: 'offline', reason: 'registered', name: 'clinic-7' });
      const back = await region.feed.first('its return', toldWithin, () =>
        region.feed.changes.find(
          ({ facility, status, version }) => facility === 'clinic-7' && status === 'online' && version > 3,
        ),
      );
      expect(back).toMatchObject({ reason: 'heartbeat', sessions: 2 });
      region.feed.close();
    },
    seconds(25),
  );

  test.concurrent('CD1 given a region has thresholds, then its state is told by them at once', async () => {
    const region = await WatchedRegion.of(rollcall, 'thresholds');
    await region.join('a');
    await rollcall.send('PUT', facilityPath('thresholds', 'b'), boss, {});
    await region.feed.change('b', { reason: 'registered' }, toldWithin);
    const registry = { name: 'The whole', thresholds: { upFrom: 0.5, downBelow: 0 } };
    const { status, body } = await rollcall.send('PUT', '/v1/regions/thresholds', boss, registry);
    expect({ status, body }).toMatchObject({ status: 200, body: { ...registry, state: 'up' } });
    const told = await region.feed.first('the state', toldWithin, () =>
      region.feed.entries.find(({ message }) => message.registry !== undefined),
    );
    expect(told.message).toMatchObject({
      registry,
      changes: [],
      regionChange: { state: 'up', previousState: 'partial' },
    });
    region.feed.close();
  });

  test.concurrent('AC2 given a token for laboratories, then it manages nothing else, and learns of nothing', async () => {
    const part = await rollcall.token({ manage: { alike: ['lab/*'] } }, 'part');
    await rollcall.send('PUT', facilityPath('alike', 'clinic-7'), boss, {});
    const hidden = await rollcall.send('DELETE', facilityPath('alike', 'clinic-7'), part);
    expect(hidden.status).toBe(404);
    expect(await rollcall.send('DELETE', facilityPath('alike', 'clinic-8'), part)).toEqual(hidden);
    expect(await rollcall.send('PUT', facilityPath('alike', 'clinic-7'), part, {})).toEqual(hidden);
    expect((await rollcall.send('PUT', facilityPath('alike', 'lab/1'), part, {})).status).toBe(200);
    expect((await rollcall.get(facilityPath('alike', 'clinic-7'), boss)).status).toBe(200);
  });
});
