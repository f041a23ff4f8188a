import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { defaultLimits } from '../../core/limits';
import type { Problem } from '../../core/problem';
import type { ClientMessage, FeedMessage } from '../../web/wire';
import { anIdentity, rights, seconds } from '../support/builders';
import { shakeHands, ticketFor } from '../support/handshake';
import { LiveFeed } from '../support/live-feed';
import { LocalIssuer } from '../support/local-issuer';
import { type Claim, Rollcall } from '../support/rollcall';
import { inSeconds } from '../support/token-issuer';
import { signedWithPublicKey, unsigned } from '../support/tokens';
import { until } from '../support/waiting';
import { WatchedRegion } from '../support/watched-region';
import { aWholeRollcall } from '../support/whole';

const data = mkdtempSync(join(tmpdir(), 'rollcall-access-'));
/** Every token and ticket of these tests: none may appear in the log. */
const secrets: string[] = [];
const sockets: WebSocket[] = [];
let rollcall: Rollcall;
let issuer: LocalIssuer;

const listedOrigin = 'https://status.example.com';
const settings = join(data, 'settings.json');

beforeAll(async () => {
  writeFileSync(settings, JSON.stringify({ pageOrigins: [listedOrigin] }));
  rollcall = await Rollcall.start({ data, settings, verbose: true });
  issuer = await LocalIssuer.of(rollcall, data);
}, seconds(60));

afterAll(async () => {
  for (const socket of sockets) socket.terminate();
  await rollcall?.close();
  rmSync(data, { recursive: true, force: true });
});

const kept = <T extends string>(secret: T): T => {
  secrets.push(secret);
  return secret;
};

const tokenFor = async (claim: Claim, sub?: string, expiresIn?: number): Promise<string> =>
  kept(await rollcall.token(claim, sub, expiresIn));

async function watching(name: string): Promise<WatchedRegion> {
  const region = await WatchedRegion.of(rollcall, name);
  kept(region.token);
  sockets.push(region.feed.socket);
  return region;
}

/** A handshake with this ticket. @returns its status */
async function statusWith(ticket: string, origin?: string): Promise<number> {
  const { status, socket } = await shakeHands(rollcall, kept(ticket), origin);
  sockets.push(socket);
  return status;
}

const ticketOf = async (sub: string): Promise<string> =>
  kept(await ticketFor(rollcall, await tokenFor({ watch: { town: ['*'] } }, sub)));

describe('AC3 a page of another origin', () => {
  test.each([
    ['Rollcall’s own', 101, () => rollcall.url],
    ['one of the list', 101, () => listedOrigin],
    ['another one', 403, () => 'https://evil.example'],
    ['one that begins like one of the list', 403, () => `${listedOrigin}.evil.example`],
    ['one of the list over plain http', 403, () => listedOrigin.replace('https', 'http')],
    ['a page that hides it', 403, () => 'null'],
    ['none, as a program has', 403, () => 'none'],
  ])('%s: %i', async (_, status, origin) => {
    const ticket = await ticketOf('pages');
    expect(await statusWith(ticket, origin())).toBe(status);
    // It was offered: whoever saw it there cannot use it either.
    expect(await statusWith(ticket)).toBe(401);
  });
});

describe('AC3 a ticket', () => {
  test('opens one socket, once', async () => {
    const ticket = await ticketFor(rollcall, await tokenFor({ watch: { town: ['*'] } }));
    expect(await statusWith(ticket)).toBe(101);
    expect(await statusWith(ticket)).toBe(401);
  });

  test.each(['Zm9yZWlnbi10aWNrZXQtb2Ytc29tZWJvZHktZWxzZQ', '~', '__proto__', 'x'.repeat(500)])(
    'that was made up opens none: %s',
    async (madeUp) => expect((await shakeHands(rollcall, madeUp)).status).toBe(401),
  );

  test('that another Rollcall sold opens none', async () => {
    const another = aWholeRollcall();
    another.issue('token', anIdentity({ rights: rights({ watch: { town: ['*'] } }) }));
    expect(await statusWith(await another.ticket('token'))).toBe(401);
  });

  test('AC5 opens no more than 20 sockets of one subject', async () => {
    const token = await tokenFor({ watch: { town: ['*'] } }, 'many');
    const tickets = Array.from({ length: defaultLimits.connectionsPerSubject }, () =>
      ticketFor(rollcall, token),
    );
    const statuses = await Promise.all((await Promise.all(tickets)).map((ticket) => statusWith(ticket)));
    expect(new Set(statuses)).toEqual(new Set([101]));

    const beyond = await ticketFor(rollcall, token);
    expect(await statusWith(beyond)).toBe(429);
    sockets.at(-2)?.close();
    await until(seconds(5), 'a place for one more', async () =>
      (await statusWith(await ticketFor(rollcall, token))) === 101 ? true : undefined,
    );
    expect(await statusWith(beyond)).toBe(401);
  });
});

describe('AC1 a token that proves nothing', () => {
  const forgeries: readonly [what: string, forge: () => string | Promise<string>][] = [
    ['of another issuer', () => issuer.token({ iss: 'https://else.example' })],
    ['for another audience', () => issuer.token({ aud: 'else' })],
    ['that has expired', () => issuer.token({ exp: inSeconds(-1) })],
    ['that is not valid yet', () => issuer.token({ nbf: inSeconds(60) })],
    ['signed with another key', () => issuer.forged()],
    ['with alg none', async () => unsigned(await issuer.token())],
    [
      'signed with the public key as a secret',
      async () => signedWithPublicKey(await issuer.token(), issuer.publicKey),
    ],
    ['that is garbage', () => 'garbage.that.is.no.token'],
  ];

  test.each(forgeries)('%s is refused like any other', async (_, forge) => {
    const headers = { authorization: `Bearer ${kept(await forge())}` };
    const beat = { sessionId: 's1', region: 'town', facilities: ['forged'] };
    const answers = [
      await rollcall.post('/heartbeat', beat, headers),
      await rollcall.post('/v1/tickets', {}, headers),
      await rollcall.get('/v1/regions/town', secrets.at(-1)),
    ];
    const refusal = {
      status: 401,
      mediaType: 'application/problem+json',
      body: (await rollcall.get('/v1/regions', 'nothing')).body,
    };
    expect(answers).toEqual([refusal, refusal, refusal]);
    expect(refusal.body).toMatchObject({ status: 401 });
  });
});

describe('AC3 when the token that bought the ticket expires', () => {
  test('then the open socket is told so, and closed', async () => {
    const feed = await LiveFeed.open(rollcall, await tokenFor({ watch: { town: ['*'] } }, 'ana', 3));
    await feed.subscribe('town');
    const closed = new Promise<boolean>((resolve) => feed.socket.on('close', () => resolve(true)));
    const last = await until(seconds(6), 'the end of the token', () => {
      if (feed.socket.readyState === feed.socket.OPEN) feed.socket.send('{"action":"ping"}');
      return feed.heard.map(({ message }) => message).find(({ type }) => type === 'error');
    });
    expect(last).toMatchObject({ type: 'error', code: 'token-expired' });
    expect(await closed).toBe(true);
  });
});

/** An answer to the byte, but for when it was made and how the connection goes on. */
async function bytesOf(path: string, token: string, body?: object): Promise<string> {
  const response = await fetch(`${rollcall.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  const headers = [...response.headers].filter(([name]) => name !== 'date');
  return JSON.stringify([response.status, headers, await response.text()]);
}

describe('AC2 a token for laboratories in the north', () => {
  let token: string;

  beforeAll(async () => {
    const all = await watching('north');
    const elsewhere = await watching('south');
    await all.beat({ sessionId: 's1', facilities: ['clinic-1', 'lab/1'], next: 300 });
    await elsewhere.beat({ sessionId: 's1', facilities: ['lab/1'], next: 300 });
    for (const { feed } of [all, elsewhere]) await feed.change('lab/1', { status: 'online' }, seconds(5));
    token = await tokenFor({ provide: { north: ['lab/*'] }, watch: { north: ['lab/*'] } }, 'limited');
  });

  test.each([
    ['a facility', '/facility?id='],
    ['a history', '/facility/history?id='],
    ['a window that is none', '/facility/history?from=x&id='],
  ])('is told of %s of others what it is told of one that is missing', async (_, path) => {
    const there = await bytesOf(`/v1/regions/north${path}clinic-1`, token);
    expect(there).toBe(await bytesOf(`/v1/regions/north${path}clinic-2`, token));
    expect(JSON.parse(there)[0]).toBe(404);
    const elsewhere = await bytesOf(`/v1/regions/south${path}lab/1`, token);
    expect(elsewhere).toBe(await bytesOf(`/v1/regions/nowhere${path}lab/1`, token));
    expect(await bytesOf(`/v1/regions/north/facility?id=lab/1`, token)).toMatch(/^\[200/);
  });

  test.each([
    ['a snapshot', ''],
    ['the log', '/changes?since=0'],
  ])('is told of %s of another region what it is told of one that is missing', async (_, path) => {
    const there = await bytesOf(`/v1/regions/south${path}`, token);
    expect(there).toBe(await bytesOf(`/v1/regions/nowhere${path}`, token));
    expect(JSON.parse(there)[0]).toBe(404);
    const own = await bytesOf(`/v1/regions/north${path}`, token);
    expect(own).toContain('lab/1');
    expect(own).not.toMatch(/clinic|digest/);
  });

  test('reports for others as for those that are missing', async () => {
    const beat = (region: string, facility: string) =>
      bytesOf('/heartbeat', token, { sessionId: 's1', region, facilities: [facility] });
    const there = await beat('north', 'clinic-1');
    expect(there).toBe(await beat('north', 'clinic-2'));
    expect(JSON.parse(there)[0]).toBe(403);
    expect(await beat('south', 'lab/1')).toBe(await beat('nowhere', 'lab/1'));
  });

  test('subscribes to others as to those that are missing', async () => {
    const feed = await LiveFeed.open(rollcall, token);
    sockets.push(feed.socket);
    const told = async (message: ClientMessage): Promise<FeedMessage> => {
      const before = feed.heard.length;
      feed.socket.send(JSON.stringify(message));
      return await feed.first('an answer', seconds(5), () => feed.heard[before]?.message);
    };
    const there = await told({ action: 'subscribe', region: 'south', since: 0 });
    expect(there).toEqual(await told({ action: 'subscribe', region: 'nowhere', since: 0 }));
    expect(there).toMatchObject({ type: 'error', code: 'forbidden' });
  });
});

describe('AC5 a session that beats faster than it may', () => {
  test('is turned away and told when to come back, while others and goodbyes are taken', async () => {
    const region = await watching('hasty');
    const beat = { sessionId: 's1', facilities: ['clinic-1'], next: 30 };
    await region.beat(beat);
    // The function runs in two copies at most, which do not know of each other's beats.
    const answers = [await region.beat(beat), await region.beat(beat)];

    expect(answers.at(-1)).toMatchObject({
      status: 429,
      mediaType: 'application/problem+json',
      body: { type: 'urn:rollcall:problem:too-fast', retryAfter: expect.any(Number) },
    });
    expect((await region.beat({ ...beat, sessionId: 's2' })).status).toBe(202);
    expect((await region.beat({ ...beat, next: 0 })).status).toBe(202);
  });
});

describe('AC4 given ids that mean something to JavaScript or look like paths', () => {
  const ids = ['__proto__', 'constructor', 'a/b/c', 'x'.repeat(128)];

  test.each(['__proto__', 'constructor', 'r'.repeat(64)])(
    'then in the region %s they come back unchanged from every call',
    async (name) => {
      const region = await watching(name);
      const sessions = ['__proto__', 'constructor', 's'.repeat(64), '~'];
      const attributes = JSON.parse('{"__proto__":"x","constructor":1}');
      const { body } = await region.beats(
        ids.map((id, index) => ({
          sessionId: sessions[index] ?? '',
          facilities: [id],
          next: 300,
          attributes,
        })),
      );
      expect(body.results.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
      for (const id of ids) await region.feed.change(id, { status: 'online' }, seconds(5));
      const { facilities } = await region.snapshot();
      expect(facilities.map(({ id }) => id)).toEqual(ids.toSorted());
      for (const [index, id] of ids.entries()) {
        const path = `/v1/regions/${name}/facility`;
        const query = `?id=${encodeURIComponent(id)}`;
        const { body: facility } = await rollcall.get(`${path}${query}`, region.token);
        expect(facility).toMatchObject({
          region: name,
          id,
          why: { sessions: [{ sessionId: sessions[index] }] },
        });
        const { body: history } = await rollcall.get(`${path}/history${query}`, region.token);
        expect(history).toMatchObject({ region: name, id, transitions: [{ status: 'online' }] });
      }
      const { body: list } = await rollcall.get<{ regions: object[] }>('/v1/regions', region.token);
      expect(list.regions).toMatchObject([{ region: name, totals: { online: 4 } }]);
      const { body: problem } = await rollcall.get<Problem>(
        `/v1/regions/${name}/facility?id=toString`,
        region.token,
      );
      expect(problem.status).toBe(404);
    },
  );
});

/** Begins with the first test of this file and runs beside the others. */
test.concurrent('AC3 a ticket opens a socket within 30 s, and none afterwards', async () => {
  const [soon, late] = [await ticketOf('patient'), await ticketOf('patient')];
  const boughtMs = Date.now();
  await sleep(boughtMs + seconds(25) - Date.now());
  expect(await statusWith(soon)).toBe(101);
  await sleep(boughtMs + seconds(31) - Date.now());
  expect(await statusWith(late)).toBe(401);
}, 60_000);

describe('AC1, AC3 the log', () => {
  test('says why each was refused, and holds no token and no ticket', () => {
    for (const why of [
      'the token is of another issuer',
      'the token is for another audience',
      'the token has expired',
      'the token is not valid yet',
      'the token is signed with another key',
      'the token is no signed JWT',
      'the token is signed in a way that does not fit its key',
      'the ticket is unknown, used, or too old',
      'too many sockets of one subject',
      'a page of another origin',
    ]) {
      expect(rollcall.printed).toContain(why);
    }
    expect(secrets.length).toBeGreaterThan(30);
    for (const secret of secrets) {
      for (const part of [secret, ...secret.split('.').filter((text) => text.length > 20)]) {
        expect(rollcall.printed).not.toContain(part);
      }
    }
  });
});
