import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ChangesMessage } from '../../client/live/wire';
import { FakeServer } from '../../client/testing';
import { contentSecurityPolicy } from '../../lib/operators-page';
import { DevIssuer } from '../../local/dev-issuer';
import { DevSignIn } from '../../local/dev-sign-in';
import { pageFiles } from '../../local/page-files';
import type { Serve } from '../../local/public-server';
import { buildPage } from '../../web/build';
import { answerFor } from './answers';

const lookEveryMs = 1_000;

/** The operators' page on a port of this machine, as it is deployed, in front of made-up facilities instead of a region's. */
export class PageServer {
  readonly fake = new FakeServer();
  private readonly directory = mkdtempSync(join(tmpdir(), 'rollcall-page-'));
  private readonly http = createServer((request, response) => {
    // A server that is down answers nobody.
    this.serve(request, response).catch(() => response.destroy());
  });
  private readonly sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'rollcall.v1' });
  private readonly open = new Set<WebSocket>();
  private files: ReturnType<typeof pageFiles> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private signIn: ReadonlyMap<string, Serve> = new Map();
  private config: object = {};
  private discovery: object = {};

  /** Builds the page and serves it. @returns where */
  async start(port = 0): Promise<string> {
    buildPage(this.directory);
    await new Promise<void>((resolve) => this.http.listen(port, '127.0.0.1', resolve));
    const { port: taken } = this.http.address() as AddressInfo;
    this.files = pageFiles(this.directory, contentSecurityPolicy([`ws://localhost:${taken}`]));
    this.http.on('upgrade', (request, socket, head) =>
      this.sockets.handleUpgrade(request, socket, head, (opened) => this.connect(opened, request)),
    );
    this.fake.answer = (url, { method }) => answerFor(this.fake, new URL(url), method, Date.now());
    const url = `http://localhost:${taken}`;
    const now = (): number => Date.now();
    const issuer = await DevIssuer.create({ issuer: url, audience: 'page', now });
    this.signIn = new DevSignIn(issuer, now).routes;
    this.discovery = issuer.discovery();
    this.config = {
      heartbeatUrl: `${url}/heartbeat`,
      apiUrl: url,
      liveUrl: `ws://localhost:${taken}/live`,
      auth: { mode: 'dev', issuer: url, clientId: issuer.clientId, scopes: ['openid'] },
    };
    this.look();
    this.timer = setInterval(() => this.look(), lookEveryMs);
    return url;
  }

  /** Tells several entries of a region's log as one message, which no real server would make so long. */
  tellTogether(entries: readonly ChangesMessage[]): void {
    const [first] = entries;
    const last = entries.at(-1);
    if (first === undefined || last === undefined) return;
    const changes = entries.flatMap((entry) => entry.changes);
    const message = { ...last, fromSeq: first.fromSeq, changes };
    for (const socket of this.open) socket.send(JSON.stringify(message));
  }

  close(): void {
    clearInterval(this.timer);
    for (const socket of this.open) socket.terminate();
    this.http.closeAllConnections();
    this.http.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private look(): void {
    this.fake.look(Date.now());
  }

  private connect(socket: WebSocket, request: IncomingMessage): void {
    const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(/, */);
    const feed = this.fake.openSocket('', protocols, {
      opened: () => this.open.add(socket),
      message: (words) => socket.send(words),
      closed: () => socket.close(),
    });
    socket.on('message', (data) => feed.send(String(data)));
    socket.on('close', () => {
      this.open.delete(socket);
      feed.close();
    });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { host = 'localhost' } = request.headers;
    const { pathname } = new URL(request.url ?? '/', `http://${host}`);
    const signIn = this.signIn.get(pathname);
    if (pathname === '/config.json') sendJson(response, 200, this.config);
    else if (pathname === '/.well-known/openid-configuration') sendJson(response, 200, this.discovery);
    else if (signIn !== undefined) await signIn(request, response);
    else if (pathname.startsWith('/v1/')) await this.answer(request, response, `http://${host}`);
    else await this.files?.(request, response);
  }

  private async answer(request: IncomingMessage, response: ServerResponse, origin: string): Promise<void> {
    const method = request.method === 'GET' ? 'GET' : 'POST';
    const { authorization = '' } = request.headers;
    const body = method === 'POST' ? await text(request) : null;
    const asked = { method, headers: { authorization }, body, keepalive: false } as const;
    const answer = await this.fake.fetch(`${origin}${request.url}`, asked);
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  }
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
