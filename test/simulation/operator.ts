import type { Environment, Response, SocketEvents } from '../../client/environment';
import type { RegionWatch } from '../../client/live/handles';
import { Live } from '../../client/live/live';
import type { ClientMessage, FeedMessage } from '../../client/live/wire';
import type { Chance } from './chance';
import type { Heard } from './network';
import type { SocketEnd } from './sockets';
import type { SimulatedTime } from './time';
import type { Trace } from './trace';

/** Whom an operator speaks to. */
export interface OperatorParts {
  readonly time: SimulatedTime;
  readonly chance: Chance;
  readonly trace: Trace;
  readonly regions: Iterable<string>;
  readonly ask: (token: string, route: string, region?: string) => Promise<Heard>;
  /** A token that is valid for a few minutes. */
  readonly newToken: () => string;
  /** Opens a socket with a ticket; its id, if it was let in. */
  readonly connect: (ticket: string, end: SocketEnd) => Promise<string | undefined>;
  readonly send: (connectionId: string, message: ClientMessage) => void;
  readonly cut: (connectionId: string) => void;
  /** Sees what the page shows, whenever that may have changed. */
  readonly shown: (region: string, watch: RegionWatch) => void;
  readonly heard: (message: FeedMessage) => void;
}

const apiUrl = 'https://api.example';
const timeEveryMs = 1_500;

/** Somebody who watches all that they may: the browser library itself, with the browser around it simulated. */
export class Operator {
  readonly watches = new Map<string, RegionWatch>();

  constructor(
    readonly name: string,
    private readonly parts: OperatorParts,
  ) {}

  start(): void {
    let token = this.parts.newToken();
    const getToken = ({ refresh }: { refresh: boolean }): string => {
      if (refresh) token = this.parts.newToken();
      return token;
    };
    const live = new Live({ apiUrl, liveUrl: 'wss://live.example', getToken }, this.environment());
    for (const region of this.parts.regions) this.watch(region, live.watchRegion({ region }));
  }

  get isLive(): boolean {
    return [...this.watches.values()].every(({ state }) => state.status === 'live');
  }

  private watch(region: string, watch: RegionWatch): void {
    this.watches.set(region, watch);
    watch.on('change', () => this.parts.shown(region, watch));
    watch.on('state', ({ status }) => {
      this.parts.trace.note(this.name, `${region} is ${status}`);
      this.parts.shown(region, watch);
    });
  }

  private environment(): Environment {
    const { time, chance } = this.parts;
    return {
      now: () => time.now(),
      random: () => chance.between(0, 1_000_000) / 1_000_000,
      ticks: (listener) => this.ticks(listener),
      isHidden: () => false,
      onPage: () => () => {},
      fetch: (url, { headers }) => this.fetch(url.slice(apiUrl.length), headers.authorization ?? ''),
      openSocket: (_, protocols, events) => this.open(protocols[1] ?? '', events),
      tabs: () => undefined,
    };
  }

  private ticks(listener: () => void): () => void {
    const { time } = this.parts;
    const tick = (): void => {
      listener();
      for (const [region, watch] of this.watches) this.parts.shown(region, watch);
      time.at(time.now() + timeEveryMs, tick);
    };
    time.at(time.now() + timeEveryMs, tick);
    return () => {};
  }

  private async fetch(path: string, authorization: string): Promise<Response> {
    const [, region] = /^\/v1\/regions\/([^?/]+)/.exec(path) ?? [];
    const route = region === undefined ? 'POST /v1/tickets' : 'GET /v1/regions/{region}';
    const heard = await this.parts.ask(authorization.slice('Bearer '.length), route, region);
    if (heard === 'nothing') throw new Error('nobody answers');
    return {
      status: heard.statusCode ?? 0,
      headers: { get: () => null },
      text: async () => heard.body ?? '',
    };
  }

  private open(protocol: string, events: SocketEvents) {
    let id: string | undefined;
    let over = false;
    const end = (): void => {
      if (over) return;
      over = true;
      events.closed();
    };
    const receive = (message: object): void => {
      if (over) return;
      this.parts.heard(message as FeedMessage);
      this.parts.trace.note(this.name, 'hears', labelOf(message as FeedMessage));
      events.message(JSON.stringify(message));
    };
    void this.parts.connect(protocol.slice('ticket.'.length), { receive, ended: end }).then((connected) => {
      id = connected;
      if (id === undefined) return end();
      if (over) return this.parts.cut(id);
      events.opened();
    });
    return {
      send: (text: string) => {
        if (id !== undefined && !over) this.parts.send(id, JSON.parse(text));
      },
      close: () => {
        end();
        if (id !== undefined) this.parts.cut(id);
      },
    };
  }
}

const labelOf = (message: FeedMessage): object => ({
  type: message.type,
  ...('toSeq' in message && { toSeq: message.toSeq }),
});
