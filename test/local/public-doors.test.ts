import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pageFiles } from '../../local/page-files';
import { PublicServer } from '../../local/public-server';
import { WebSocketGateway } from '../../local/websocket-gateway';
import { endingFrames } from '../fuzz/frames';
import { RawSocket } from '../fuzz/raw-socket';
import { Sender } from '../fuzz/sender';
import { ListLog } from '../support/http';
import { until } from '../support/waiting';

/** Routes of the gateway that were asked, in order. */
let asked: string[];
let log: ListLog;
let server: PublicServer;
let gateway: WebSocketGateway;
let sender: Sender;
const directory = mkdtempSync(join(tmpdir(), 'rollcall-doors-'));
writeFileSync(join(directory, 'index.html'), 'hello');

const route = (key: string) =>
  [
    key,
    async () => {
      asked.push(key);
      return { kind: 'returned' as const, value: { statusCode: 200 } };
    },
  ] as const;

beforeEach(async () => {
  asked = [];
  log = new ListLog();
  server = await PublicServer.listen(0, log);
  gateway = new WebSocketGateway({ path: '/live', now: Date.now, log });
  gateway.routeTo(new Map(['$connect', '$disconnect', '$default'].map(route)));
  server.open(pageFiles(directory, ''), (...upgrade) => gateway.upgrade(...upgrade));
  sender = new Sender(server.port);
});

afterEach(async () => {
  sender.close();
  await gateway.close();
  await server.close();
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('the public port', () => {
  test.each([
    ['GET //[ HTTP/1.1', 400],
    ['GET // HTTP/1.1', 400],
    ['GET http://[::1/ HTTP/1.1', 400],
    ['GET /%zz HTTP/1.1', 404],
    ['GET /%00 HTTP/1.1', 404],
    ['GET /../index.html HTTP/1.1', 200],
  ])('answers %s with %i and complains of nothing', async (line, status) => {
    const heard = await sender.sendBytes(`${line}\r\nHost: localhost\r\nConnection: close\r\n\r\n`, 2_000);
    expect(heard).toMatch(new RegExp(`^HTTP/1.1 ${status}`));
    expect(log.lines).toEqual([]);
  });

  test('complains of nobody who hangs up in the middle of a body', async () => {
    const served: Promise<unknown>[] = [];
    server.open(
      async (request) => {
        const body = (async () => {
          for await (const _ of request);
        })();
        served.push(body.catch(() => {}));
        await body;
      },
      () => {},
    );
    await sender.sendBytes('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{', 100);
    await Promise.all(served);
    expect(served).toHaveLength(1);
    expect(log.lines).toEqual([]);
  });
});

describe('the gateway of the live feed', () => {
  test.each([
    ['without a key', { 'Sec-WebSocket-Key': undefined }],
    ['of an old version', { 'Sec-WebSocket-Version': '12' }],
    ['of another protocol', { Upgrade: 'h2c' }],
  ])('AC3 given a handshake %s, then it asks no function, so that no ticket is used up', async (_, words) => {
    const { status, socket } = await RawSocket.open(server.port, 'abc', words);
    socket.cut();
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(asked).toEqual([]);
  });

  test('given a good one, then it opens, and its end is told', async () => {
    const { status, socket } = await RawSocket.open(server.port, 'abc');
    expect(status).toBe(101);
    socket.cut();
    await until(2_000, 'the end', () => asked.includes('$disconnect') || undefined);
    expect(asked).toEqual(['$connect', '$disconnect']);
  });

  test('given its client is gone while the function decides, then its end is told all the same', async () => {
    let cut = (): void => {};
    const vanish = async () => {
      asked.push('$connect');
      cut();
      await sleep(50);
      return { kind: 'returned' as const, value: { statusCode: 200 } };
    };
    gateway.routeTo(new Map([['$connect', vanish], route('$disconnect')]));
    const client = connect(server.port, '127.0.0.1').on('error', () => {});
    cut = () => client.resetAndDestroy();
    const key = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==';
    client.write(
      `GET /live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}\r\n\r\n`,
    );
    await until(2_000, 'the end', () => asked.includes('$disconnect') || undefined);
    expect(asked).toEqual(['$connect', '$disconnect']);
  });

  test.each(Object.entries(endingFrames))('closes a socket for %s', async (_, [frames, codes]) => {
    const { socket } = await RawSocket.open(server.port, 'abc');
    for (const bytes of frames) socket.send(bytes);
    expect(codes).toContain(await socket.closeCode(2_000));
    socket.cut();
    expect(asked).not.toContain('$default');
  });
});
