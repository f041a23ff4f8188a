import type { ClientMessage } from '../../client/live/wire';
import type { TokenVerifier } from '../../core/ports';
import { AccessRefused } from '../../core/problem';
import type { Timings } from '../../core/timings';
import { freshnessReader } from '../../lambdas/freshness';
import { createEndpoint } from '../../lambdas/heartbeat-endpoint/endpoint';
import type { HttpEvent, HttpResult } from '../../lambdas/http';
import { createFeed } from '../../lambdas/live-feed/feed';
import { createApi } from '../../lambdas/status-api/api';
import { type Heard, Network } from './network';
import { limits, type Tokens } from './pipeline';
import { Process, Wire } from './processes';
import type { SocketEnd } from './sockets';
import { type Stage, secret } from './stage';

const served = ['heartbeats', 'api', 'feed'] as const;

/** The functions that are asked from outside, and the way to them. */
export class Doors {
  private readonly network: Network;
  private readonly endpoint: (event: HttpEvent) => Promise<HttpResult>;
  private readonly api: (event: HttpEvent) => Promise<HttpResult>;
  private readonly feed: ReturnType<typeof createFeed>;
  private sockets = 0;
  private tickets = 0;

  constructor(
    private readonly stage: Stage,
    private readonly tokens: Tokens,
    timings: Timings,
  ) {
    const { time, weather, log, stream, watermarks, ledger, presence, connections, sessions, chance } = stage;
    this.network = new Network(time, chance.of('network'));
    const [toEndpoint, toApi, toFeed] = served.map(
      (name) => new Wire(new Process(time), time, weather, chance.of(name)),
    ) as [Wire, Wire, Wire];
    const freshness = freshnessReader(watermarks, time, timings);
    const { verifier } = this;
    const shared = { verifier, clock: time, log, limits };
    this.endpoint = createEndpoint(
      { ...toEndpoint.to({ stream, watermarks }), ...shared, canarySecret: secret },
      timings,
    );
    const stores = { presence, connections };
    this.api = createApi({
      ...toApi.to({ ...stores, regions: ledger, history: ledger, marks: ledger, sessions, watermarks }),
      ...shared,
      freshness,
      newSecret: () => this.newTicket(),
      timings,
    });
    const reached = toFeed.to({ ...stores, regions: ledger, feed: stage.sockets });
    this.feed = createFeed({ ...reached, ...shared, freshness, pageOrigins: [] });
    stage.sockets.onDisconnect = (connectionId) => void this.ofSocket(connectionId, '$disconnect');
    stage.postCanary = (event) => this.throughFrontDoor(event);
  }

  /** A beat that has reached the front door. */
  async postBeat(token: string, body: object): Promise<Heard> {
    return await this.throughFrontDoor(eventOf('POST', token, { body: JSON.stringify(body) }));
  }

  async ask(token: string, route: string, words: Partial<HttpEvent> = {}): Promise<Heard> {
    if (this.stage.chance.happens(this.stage.weather.apiLost)) return 'nothing';
    const event = eventOf(route.split(' ')[0] ?? '', token, { routeKey: route, ...words });
    return await this.network.ask(() => this.api(event), this.stage.weather.apiLost);
  }

  /** Opens a socket; its id, if it was let in. */
  async connect(ticket: string, end: SocketEnd): Promise<string | undefined> {
    this.sockets += 1;
    const connectionId = `socket-${this.sockets}`;
    const headers = { 'sec-websocket-protocol': `rollcall.v1, ticket.${ticket}` };
    const event = { headers, requestContext: { connectionId, routeKey: '$connect' } };
    const { statusCode } = await this.feed(event).catch(() => ({ statusCode: 502 }));
    if (statusCode !== 200) return undefined;
    this.stage.sockets.open(connectionId, end);
    return connectionId;
  }

  send(connectionId: string, message: ClientMessage): void {
    const { time, sockets } = this.stage;
    time.at(time.now() + 20, () => {
      if (sockets.isOpen(connectionId))
        void this.ofSocket(connectionId, message.action, JSON.stringify(message));
    });
  }

  private async ofSocket(connectionId: string, routeKey: string, body?: string): Promise<void> {
    const event = { requestContext: { connectionId, routeKey }, ...(body !== undefined && { body }) };
    await this.feed(event).catch((error: unknown) => this.stage.log.error('live-feed failed', error));
  }

  private newTicket(): string {
    this.tickets += 1;
    return `ticket-${this.tickets}`;
  }

  private async throughFrontDoor(event: HttpEvent): Promise<Heard> {
    const { weather, time } = this.stage;
    if (weather.endpoint === 'down') {
      await time.sleep(3_000);
      return 'nothing';
    }
    if (weather.endpoint === 'refusing') return { statusCode: 503 };
    return await this.network.ask(() => this.endpoint(event), weather.answersLost);
  }

  private readonly verifier: TokenVerifier = {
    verify: async (token) => {
      const identity = this.tokens.find(token);
      if (identity === undefined) throw new AccessRefused('unknown or expired');
      return identity;
    },
  };
}

const eventOf = (method: string, token: string, words: Partial<HttpEvent>): HttpEvent => ({
  requestContext: { http: { method } } as HttpEvent['requestContext'],
  isBase64Encoded: false,
  headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
  ...words,
});
