import { randomBytes } from 'node:crypto';
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Log } from '../core/ports';
import { GatewaySocket } from './gateway-socket';
import type { Invocation, Invoke } from './invoke';
import { connectEvent, disconnectEvent, messageEvent, type SocketIdentity } from './websocket-event';

export interface WebSocketGatewayOptions {
  /** Path that sockets are opened at; its first segment is the stage. */
  readonly path: string;
  readonly now: () => number;
  readonly log: Log;
  /** Without a message in either direction the socket is closed; 10 minutes. */
  readonly idleMs?: number;
  /** After this it is closed in any case; 2 hours. */
  readonly lifeMs?: number;
}

/** API Gateway guide, "Quotas for configuring and running a WebSocket API". */
const mostMessageBytes = 128 * 1_024;
const idleMs = 10 * 60_000;
const lifeMs = 2 * 3_600_000;

/** A WebSocket API: sockets on one side, invocations by route on the other. */
export class WebSocketGateway {
  private readonly sockets = new Map<string, GatewaySocket>();
  private readonly admitted = new WeakMap<IncomingMessage, Admitted>();
  private routes: ReadonlyMap<string, Invoke> = new Map();
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: mostMessageBytes,
    // Asked once the handshake is known to be one, as with API Gateway: what is none reaches no function.
    verifyClient: ({ req }, decide) => this.decide(req, decide),
    handleProtocols: (_offered, request) => this.admitted.get(request)?.protocol ?? false,
  });

  constructor(private readonly options: WebSocketGatewayOptions) {}

  get connectionCount(): number {
    return this.sockets.size;
  }

  /** From now on, events go to these functions; apart from the constructor, since they in turn need the sockets. */
  routeTo(routes: ReadonlyMap<string, Invoke>): void {
    this.routes = routes;
  }

  /** An open socket by connection id. */
  find(connectionId: string): GatewaySocket | undefined {
    return this.sockets.get(connectionId);
  }

  /** Opens a socket if the function of `$connect` agrees; otherwise its status answers the handshake. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A client that is gone while the function decides is nobody's error.
    socket.on('error', () => socket.destroy());
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname !== this.options.path) refuse(socket, 403);
    else this.server.handleUpgrade(request, socket, head, (opened) => this.register(opened, socket, request));
  }

  async close(): Promise<void> {
    this.routes = new Map();
    for (const socket of this.sockets.values()) socket.terminate();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private decide(request: IncomingMessage, decide: Decide): void {
    this.admit(request, decide).catch((error: unknown) => {
      this.options.log.error('a handshake failed', error);
      request.destroy();
    });
  }

  private async admit(request: IncomingMessage, decide: Decide): Promise<void> {
    const identity = this.identityOf(request);
    const answer = connectAnswer(await this.invoke('$connect', connectEvent(request, identity, this.now())));
    if (answer.status < 200 || answer.status > 299) return decide(false, answer.status);
    this.admitted.set(request, { identity, protocol: answer.protocol });
    decide(true);
    // Whoever has hung up meanwhile is not registered.
    if (!this.sockets.has(identity.connectionId)) await this.end(identity, { code: 1006, reason: '' });
  }

  private register(opened: WebSocket, raw: Duplex, request: IncomingMessage): void {
    const { identity } = this.admitted.get(request) ?? { identity: this.identityOf(request) };
    const { connectionId } = identity;
    const socket = new GatewaySocket(opened, raw, identity, {
      now: this.options.now,
      idleMs: this.options.idleMs ?? idleMs,
      lifeMs: this.options.lifeMs ?? lifeMs,
      onMessage: (text) => void this.receive(text, socket),
      onEnd: (end) => {
        this.sockets.delete(connectionId);
        void this.end(identity, end);
      },
    });
    this.sockets.set(connectionId, socket);
  }

  private async receive(text: string, socket: GatewaySocket): Promise<void> {
    const routeKey = this.routeOf(text);
    const { connectionId } = socket.identity;
    const outcome = await this.invoke(routeKey, messageEvent(text, routeKey, socket.identity, this.now()));
    if (outcome.kind === 'returned') return;
    const message = outcome.kind === 'throttled' ? 'Limit Exceeded' : 'Internal server error';
    await socket.send(JSON.stringify({ message, connectionId }));
  }

  private async end(identity: SocketIdentity, end: { code: number; reason: string }): Promise<void> {
    if (this.routes.size > 0) await this.invoke('$disconnect', disconnectEvent(identity, end, this.now()));
  }

  /** The selection expression `$request.body.action`. */
  private routeOf(text: string): string {
    const action = actionIn(text);
    return action !== undefined && !action.startsWith('$') && this.routes.has(action) ? action : '$default';
  }

  private async invoke(routeKey: string, event: unknown): Promise<Invocation> {
    const route = this.routes.get(routeKey);
    if (route !== undefined) return await route(event);
    return { kind: 'failed', errorType: 'NoRoute', errorMessage: routeKey };
  }

  private identityOf({ headers, socket }: IncomingMessage): SocketIdentity {
    return {
      connectionId: `${randomBytes(11).toString('base64url')}=`,
      connectedAtMs: this.now(),
      stage: this.options.path.split('/')[1] ?? '',
      sourceIp: socket.remoteAddress ?? '127.0.0.1',
      userAgent: headers['user-agent'] ?? '',
      domainName: headers.host ?? 'localhost',
    };
  }

  private now(): number {
    return this.options.now();
  }
}

function actionIn(text: string): string | undefined {
  try {
    const body: unknown = JSON.parse(text);
    const action = typeof body === 'object' && body !== null && 'action' in body ? body.action : undefined;
    return typeof action === 'string' ? action : undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/** Tells the library whether a handshake succeeds, or else the status that answers it. */
type Decide = (admits: boolean, status?: number) => void;

/** A handshake that the function agreed to. */
interface Admitted {
  readonly identity: SocketIdentity;
  readonly protocol: string | undefined;
}

interface ConnectAnswer {
  readonly status: number;
  readonly protocol?: string;
}

/** What the function says to a new socket; without an answer from it, the gateway's own status. */
function connectAnswer(outcome: Invocation): ConnectAnswer {
  if (outcome.kind === 'throttled') return { status: 429 };
  if (outcome.kind === 'failed') return { status: 502 };
  const { statusCode = 200, headers = {} } = (outcome.value ?? {}) as {
    statusCode?: number;
    headers?: Record<string, string>;
  };
  const name = Object.keys(headers).find((key) => key.toLowerCase() === 'sec-websocket-protocol');
  const protocol = name === undefined ? undefined : headers[name];
  return { status: statusCode, ...(protocol !== undefined && { protocol }) };
}

const refuse = (socket: Duplex, status: number): void => {
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
};
