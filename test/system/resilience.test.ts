import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Problem } from '../../core/problem';
import { seconds } from '../support/builders';
import { deadLettersIn, textOf } from '../support/dead-letters';
import { LocalServices } from '../support/local-services';
import { Rollcall } from '../support/rollcall';
import { patience, quickest, until } from '../support/waiting';
import { WatchedRegion } from '../support/watched-region';

/** What an operator may expect (DESIGN, section 7), with a tick of a second. */
const joinsWithin = seconds(3);
const long = 300;
const megabyte = 1_024 * 1_024;

const data = mkdtempSync(join(tmpdir(), 'rollcall-data-'));
let rollcall: Rollcall;
let region: WatchedRegion;
let services: LocalServices;

beforeAll(async () => {
  rollcall = await Rollcall.start({ by: 'npm', data, fleet: 100 });
  region = await WatchedRegion.of(rollcall, 'my-town');
  services = await LocalServices.of(rollcall);
});

afterAll(async () => {
  services?.close();
  region?.feed.close();
  await rollcall?.close();
  rmSync(data, { recursive: true, force: true });
});

/** A beat that would be taken if it were not for what is given. */
const almost = (given: object): object => ({ sessionId: 'bad', region: 'my-town', next: long, ...given });

/** Text that no answer may repeat. */
const secret = 'xyzzy';

describe('AC4 given input outside the contract, then the answer is a problem that names the field', () => {
  test.each<[what: string, body: unknown, status: number, field: string]>([
    ['invalid JSON', '{"sessionId": "xyzzy"', 400, 'body'],
    ['no object', '"xyzzy"', 400, 'body'],
    ['a list of something else', ['xyzzy'], 202, '[0]'],
    ['a missing session', { region: 'my-town' }, 400, 'sessionId'],
    ['an unknown field', almost({ colour: secret }), 400, 'colour'],
    [
      'a prototype as a field',
      '{"sessionId":"bad","region":"my-town","__proto__":"xyzzy"}',
      400,
      '__proto__',
    ],
    ['a text for a number', almost({ next: secret }), 400, 'next'],
    ['a fraction', almost({ next: 7.5 }), 400, 'next'],
    ['too short an interval', almost({ next: 4 }), 400, 'next'],
    ['a negative number', almost({ seq: -1 }), 400, 'seq'],
    ['a text for a list', almost({ facilities: secret }), 400, 'facilities'],
    ['a number for an id', almost({ facilities: ['clinic-1', 7] }), 400, 'facilities[1]'],
    ['an id that climbs', almost({ facilities: ['../xyzzy'] }), 400, 'facilities[0]'],
    ['a session id with a space', almost({ sessionId: 'x yzzy' }), 400, 'sessionId'],
    ['a region with a slash', almost({ region: 'xyzzy/my-town' }), 400, 'region'],
    ['an unknown region', almost({ region: secret }), 403, 'region'],
    ['attributes within attributes', almost({ attributes: { mood: { secret } } }), 400, 'attributes.mood'],
    ['too many attributes', almost({ attributes: { a: secret.repeat(500) } }), 400, 'attributes'],
    [
      'too many facilities',
      almost({ facilities: Array.from({ length: 201 }, (_, i) => `f-${i}`) }),
      400,
      'facilities',
    ],
    ['too many beats', Array.from({ length: 501 }, (_, i) => almost({ sessionId: `bad-${i}` })), 413, 'body'],
    ['a body of more than a megabyte', almost({ attributes: { a: 'x'.repeat(megabyte) } }), 413, 'body'],
  ])('given %s', async (_, body, status, field) => {
    const answer = await region.send<Problem & { results?: Problem[] }>(body);

    expect(answer.status).toBe(status);
    const problem = answer.body.results?.[0] ?? answer.body;
    expect(problem).toMatchObject({ field, type: expect.stringMatching(/^urn:rollcall:problem:/) });
    expect(JSON.stringify(answer.body)).not.toContain(secret);
    if (status >= 400) expect(answer.mediaType).toBe('application/problem+json');
  });

  test.each<[what: string, headers: Record<string, string>, status: number, field: string | undefined]>([
    ['another media type', { 'content-type': 'text/plain' }, 415, 'content-type'],
    ['no token', { authorization: '' }, 401, undefined],
    ['a token of nobody', { authorization: 'Bearer xyzzy' }, 401, undefined],
  ])('given %s', async (_, headers, status, field) => {
    const answer = await region.send<Problem>(almost({}), headers);

    expect(answer).toMatchObject({ status, mediaType: 'application/problem+json' });
    expect(answer.body.field).toBe(field);
  });

  test('when it is over, then nothing of it was written, and others were not delayed', async () => {
    expect(await quickest(joinsWithin, (round) => region.join(`good-${round}`))).toBeLessThan(joinsWithin);

    const ours = (await services.records()).filter((text) => text.includes('my-town'));
    expect(ours.filter((text) => !text.includes('"sessionId":"good-'))).toEqual([]);
    const sessions = (await services.items('Sessions')).filter(({ bucket }) => bucket === 'my-town#0');
    expect(sessions).toHaveLength(ours.length);
    expect(ours).not.toHaveLength(0);
    expect(await services.items('Sessions')).not.toContainEqual(
      expect.objectContaining({ session: expect.stringContaining('bad') }),
    );
  });

  test('given one bad beat among 500, then it fails alone, and the others come online', async () => {
    const ids = Array.from({ length: 500 }, (_, index) => `ward-${index}`);

    const { status, body } = await region.beats(
      ids.map((id, index) => ({ sessionId: id, facilities: [id], next: index === 250 ? 1 : long })),
    );
    const bad = body.results.flatMap((result, index) => (result.status === 202 ? [] : [[index, result]]));
    const told = () => region.feed.changes.filter(({ facility }) => facility.startsWith('ward-'));
    await region.feed.first('499 facilities', patience, () => told().length >= 499 || undefined);

    expect(status).toBe(202);
    expect(bad).toMatchObject([[250, { status: 400, field: '[250].next' }]]);
    expect(new Set(told().map(({ facility }) => facility))).toEqual(
      new Set(ids.filter((_, index) => index !== 250)),
    );
  });
});

describe('HB8 given records on the stream that nobody can read', () => {
  const poison = ['no JSON', '{"v":0}', '{"v":1,"issuer":"https://x","sessionId":"s1"}', '\u0000'];

  test('then each is kept with its payload, and the sessions behind them go on', async () => {
    const poisonThenJoin = async (round: number): Promise<number> => {
      for (const text of poison) await services.putRecord(text, 'anybody');
      return await region.join(`behind-${round}`);
    };

    expect(await quickest(joinsWithin, poisonThenJoin)).toBeLessThan(joinsWithin);

    const letters = await until(patience, 'the dead letters', () => {
      const found = deadLettersIn(data);
      return found.length >= poison.length ? found : undefined;
    });
    expect(new Set(letters.map(textOf))).toEqual(new Set(poison));
    expect(letters.map(({ why }) => why)).not.toContain('');
  });
});

describe('given npm start', () => {
  test('then it says within 20 s that it is live', () => {
    expect(rollcall.readyMs).toBeLessThan(seconds(20));
  });

  test('when it is interrupted, then within 2 s nothing of it runs, and its port is free', async () => {
    const before = rollcall.printed;
    const interruptedMs = Date.now();
    rollcall.signal('SIGINT');

    const code = await rollcall.end();
    await rollcall.untilGone();

    expect(Date.now() - interruptedMs).toBeLessThan(seconds(2));
    expect(code).toBe(0);
    expect(rollcall.printed).toBe(before);
    expect(rollcall.temporaryFiles).toEqual([]);
    const server = createServer().listen(rollcall.port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
  });

  test('when its port is taken, then it says so in one sentence and ends with 1', async () => {
    const other = createServer().listen(rollcall.port, '127.0.0.1');
    await once(other, 'listening');
    const second = Rollcall.launch({ by: 'npm', port: rollcall.port });
    try {
      expect(await second.end()).toBe(1);
      const said = second.printed.split('\n').filter((line) => line !== '' && !line.startsWith('>'));
      expect(said).toEqual([
        `Port ${rollcall.port} is taken; stop what uses it or choose another one with --port.`,
      ]);
    } finally {
      await second.close();
      other.close();
    }
  });
});
