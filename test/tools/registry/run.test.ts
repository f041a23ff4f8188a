import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MoveRefused } from '../../../registry/move';
import { ApiRefused } from '../../../registry/port';
import type { Reach } from '../../../tools/registry/api';
import { commandFrom } from '../../../tools/registry/options';
import { run } from '../../../tools/registry/run';
import { aRegistry, reachOf } from '../../support/registry-scene';

const directory = mkdtempSync(join(tmpdir(), 'rollcall-registry-'));
afterAll(() => rmSync(directory, { recursive: true }));

function written(name: string, ...lines: readonly string[]): string {
  const file = join(directory, name);
  writeFileSync(file, lines.join('\n'));
  return file;
}

/** A registry, and the command line as `boss`, who may do everything in the north. */
function aCommandLine() {
  const api = aRegistry();
  const reach = reachOf(api);
  const calls = async (words: readonly string[], given: Partial<Reach> = {}) => {
    const said: string[] = [];
    const complaints: string[] = [];
    let text = '';
    const output = {
      say: (line: string) => said.push(line),
      complain: (line: string) => complaints.push(line.replace(directory, '')),
      write: (part: string) => {
        text += part;
      },
    };
    const command = commandFrom([...words, '--token', 'boss'], {});
    return { code: await run(command, output, { ...reach, ...given }), said, complaints, text };
  };
  return { ...api, reach, calls };
}

describe('import', () => {
  test('creates, changes and leaves alone, and says so', async () => {
    const { calls, put, registry } = aCommandLine();
    await put('a', { name: 'same' });
    await put('b', { name: 'old', tags: ['x'] });
    const file = written('three.csv', 'region,id,name', 'north,a,same', 'north,b,new', 'north,c,');
    expect(await calls(['import', file])).toEqual({
      code: 0,
      said: ['1 created, 1 changed, 1 unchanged, 0 failed.'],
      complaints: [],
      text: '',
    });
    expect((await registry()).body.facilities).toEqual([
      { id: 'a', registry: { name: 'same' } },
      { id: 'b', registry: { name: 'new' } },
      { id: 'c', registry: {} },
    ]);
  });

  test('given one fault, then nothing is sent', async () => {
    const { calls, reach } = aCommandLine();
    const file = written('bad.csv', 'region,id,latitude,longitude', 'north,a,1,2', 'north,b,99,2');
    expect(await calls(['import', file])).toMatchObject({
      code: 1,
      complaints: ['/bad.csv:3: latitude: expected degrees from -90 to 90', '1 fault; nothing was sent.'],
    });
    expect(reach.requests).toEqual([]);
  });

  test('given a dry run, then nothing is sent', async () => {
    const { calls, reach } = aCommandLine();
    const file = written('dry.json', JSON.stringify([{ id: 'a' }, { id: 'b', region: 'south' }]));
    const { code, said } = await calls(['import', file, '--dry-run', '--region', 'north']);
    expect({ code, said }).toEqual({
      code: 0,
      said: ['2 facilities of 2 regions can be imported; nothing was sent.'],
    });
    expect(reach.requests).toEqual([]);
  });

  test('given what may not be managed, then it fails alone, with its line', async () => {
    const { calls, registry } = aCommandLine();
    const file = written('two.csv', 'region,id', 'south,a', 'north,b');
    const { code, said, complaints } = await calls(['import', file]);
    expect(code).toBe(1);
    expect(said).toEqual(['1 created, 0 changed, 0 unchanged, 1 failed.']);
    expect(complaints).toEqual(['/two.csv:2: south/a: 404 There is no such region for this token. (region)']);
    expect((await registry()).body.facilities).toMatchObject([{ id: 'b' }]);
  });

  test('a table leaves maintenance windows as they are, a list replaces them', async () => {
    const { calls, put, registry } = aCommandLine();
    const maintenance = [{ from: '2026-01-05T10:00:00Z', to: '2026-01-05T11:00:00Z' }];
    const facilities = async () => (await registry()).body.facilities;
    await put('a', { name: 'old', maintenance });
    await calls(['import', written('windows.csv', 'region,id,name', 'north,a,new')]);
    expect(await facilities()).toEqual([{ id: 'a', registry: { name: 'new', maintenance } }]);
    const { said } = await calls(['import', written('again.csv', 'region,id,name', 'north,a,new')]);
    expect(said).toEqual(['0 created, 0 changed, 1 unchanged, 0 failed.']);
    await calls(['import', written('windows.json', JSON.stringify([{ region: 'north', id: 'a' }]))]);
    expect(await facilities()).toEqual([{ id: 'a', registry: {} }]);
  });

  test('given the API is busy, then it comes back when it was told to', async () => {
    const { calls, reach, clock } = aCommandLine();
    const startedMs = clock.now();
    let turnedAway = 2;
    const busy: Reach['fetch'] = async (url, init) => {
      if (init.method !== 'PUT' || turnedAway === 0) return await reach.fetch(url, init);
      turnedAway -= 1;
      return new Response('{}', { status: 503, headers: { 'retry-after': '5' } });
    };
    const file = written('busy.csv', 'region,id', 'north,a');
    expect(await calls(['import', file], { fetch: busy })).toMatchObject({ code: 0 });
    expect(clock.now() - startedMs).toBe(10_000);
  });

  test('given nobody answers, then each record fails', async () => {
    const { calls } = aCommandLine();
    const file = written('lost.csv', 'region,id', 'north,a', 'north,b');
    const silent = async () => {
      throw new TypeError('fetch failed');
    };
    const { code, complaints } = await calls(['import', file], { fetch: silent });
    expect(code).toBe(1);
    expect(complaints).toEqual([
      '/lost.csv:2: north/a: there was no answer',
      '/lost.csv:3: north/b: there was no answer',
    ]);
  });
});

describe('export', () => {
  const registry = {
    name: '\u202E𝔠linic, "7"',
    coordinates: { latitude: 52.5, longitude: -13.25 },
    address: 'Somewhere 7',
    timeZone: 'Europe/Berlin',
    tags: ['a;b', '\\'],
  };

  test('writes what an import reads, pages included', async () => {
    const { calls, put, joins, tick } = aCommandLine();
    const many = Array.from({ length: 310 }, (_, index) => `f-${index}`);
    await joins({ covers: many });
    await tick();
    await put('clinic-7', registry);
    const { text } = await calls(['export']);
    expect(text.split('\r\n')).toHaveLength(1 + 311 + 1);
    expect(text).toContain(
      'north,clinic-7,"\u202E𝔠linic, ""7""",52.5,-13.25,Somewhere 7,Europe/Berlin,a\\;b;\\\\',
    );
    const other = aCommandLine();
    const file = join(directory, 'whole.csv');
    writeFileSync(file, text);
    expect((await other.calls(['import', file])).said).toEqual([
      '311 created, 0 changed, 0 unchanged, 0 failed.',
    ]);
    expect((await other.facility('clinic-7')).body.registry).toEqual(registry);
  });

  test('into a file, with what a table cannot hold', async () => {
    const { calls, put } = aCommandLine();
    const maintenance = [{ from: '2026-01-05T10:00:00Z', to: '2026-01-05T11:00:00Z' }];
    await put('a', { maintenance });
    const file = join(directory, 'out.json');
    expect((await calls(['export', file, '--region', 'north'])).said).toEqual([
      `1 facility written to ${file}.`,
    ]);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual([{ region: 'north', id: 'a', maintenance }]);
    expect((await calls(['export'])).complaints).toEqual([
      'CSV leaves out the maintenance windows of 1; JSON keeps them.',
    ]);
  });

  test('of what may not be seen is refused', async () => {
    await expect(aCommandLine().calls(['export', '--region', 'south'])).rejects.toThrow(ApiRefused);
  });
});

describe('move', () => {
  /** As if `boss` managed the south too. */
  function twoRegions() {
    const line = aCommandLine();
    line.issue('boss', { north: ['*'], south: ['*'] });
    return line;
  }

  test('puts it there, then removes it here', async () => {
    const { calls, put, reach, facility, registry } = twoRegions();
    await put('a/b', { name: 'A' });
    reach.requests.length = 0;
    expect((await calls(['move', 'north/a/b', 'south'])).said).toEqual(['north/a/b is south/a/b now.']);
    expect(reach.requests.filter((request) => !request.startsWith('GET'))).toEqual([
      'PUT /v1/regions/south/facility a/b',
      'DELETE /v1/regions/north/facility a/b',
    ]);
    expect((await facility('a/b')).status).toBe(404);
    expect((await registry({ region: 'south' })).body.facilities).toEqual([
      { id: 'a/b', registry: { name: 'A' } },
    ]);
  });

  test('given it was cut off in between, then the same call goes on', async () => {
    const { calls, put, facility } = twoRegions();
    await put('a', { name: 'A' });
    await put('a', { name: 'A' }, { region: 'south' });
    expect((await calls(['move', 'north/a', 'south'])).code).toBe(0);
    expect((await facility('a')).status).toBe(404);
  });

  test('given another one is there, or none is here, then nothing changes', async () => {
    const { calls, put, facility } = twoRegions();
    await put('a', { name: 'A' });
    await put('a', { name: 'B' }, { region: 'south' });
    await expect(calls(['move', 'north/a', 'south'])).rejects.toThrow(MoveRefused);
    await expect(calls(['move', 'north/b', 'south'])).rejects.toThrow(MoveRefused);
    expect((await facility('a')).status).toBe(200);
  });
});
