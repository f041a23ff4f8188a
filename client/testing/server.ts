import type { Request, Response, Socket, SocketEvents } from '../environment';
import type { Beat } from '../heartbeat/schedule';
import { userOf } from '../heartbeat/user';
import { keyOf } from '../live/feed';
import type { ChangesMessage, ClientMessage, FeedMessage, PresenceMessage, Topic } from '../live/wire';
import type { FakeNetwork } from './browser';
import { type FacilityWords, FakeRegion } from './region';
import { FakeSessions } from './sessions';

/** An answer in place of the one that the server would give. */
export interface FakeAnswer {
  readonly status: number;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What is sent to a socket, in which order: drop, repeat and swap as you like. */
export type Tamper = (message: FeedMessage) => readonly FeedMessage[];

interface Connection {
  readonly events: SocketEvents;
  readonly topics: Map<string, Topic>;
  isOpen: boolean;
}

/** What API Gateway sends when the function behind it failed. */
const gatewayError = JSON.stringify({ message: 'Internal server error', connectionId: 'c', requestId: 'r' });

/** The server resumes at most so far; beyond, a snapshot is shorter. */
const longestResume = 200;

/** A server that speaks the protocol, all of it in memory, with faults that a test switches on. */
export class FakeServer implements FakeNetwork {
  readonly heartbeatUrl = 'https://rollcall.test/heartbeat';
  readonly apiUrl = 'https://rollcall.test';
  readonly liveUrl = 'wss://rollcall.test/live';
  readonly regions = new Map<string, FakeRegion>();
  readonly sessions = new FakeSessions();
  /** Facilities and regions that nobody may watch, as `region` or `region facility`. */
  readonly forbidden = new Set<string>();
  /** Requests that came, with what was answered. */
  readonly requests: { readonly url: string; readonly status: number }[] = [];
  /** While it is set, nobody answers. */
  isDown = false;
  /** Requests arrive, and no answer ever does. */
  hangs = false;
  /** Pushes are committed but not sent. */
  isMute = false;
  /** What the server knows is old, since then. */
  delayedSince: string | undefined;
  /** Whether a token counts. */
  accepts: (token: string) => boolean = () => true;
  /** Answers in place of the server; undefined leaves it to it. */
  answer: (url: string, request: Request) => FakeAnswer | undefined = () => undefined;
  tamper: Tamper = (message) => [message];
  /** Messages of pages that fail in the server, which the gateway says in words of its own. */
  fails: (message: ClientMessage) => boolean = () => false;
  /** Told of whatever happens at each step of a socket's life; may cut it. */
  onStep: (step: string) => void = () => undefined;
  private nowMs = 0;
  private tickets = 0;
  private readonly connections = new Set<Connection>();

  get openSockets(): number {
    return [...this.connections].filter(({ isOpen }) => isOpen).length;
  }

  region(id: string): FakeRegion {
    const known = this.regions.get(id) ?? new FakeRegion(id, () => this.nowMs);
    this.regions.set(id, known);
    return known;
  }

  /** Sets a facility and tells whoever watches. */
  set(region: string, facility: string, words: FacilityWords = {}): void {
    this.push(this.region(region).set(facility, words));
  }

  remove(region: string, facility: string): void {
    this.push(this.region(region).remove(facility));
  }

  join(topic: Required<Topic>, user: string, attributes: Readonly<Record<string, string>> = {}): void {
    this.push(this.region(topic.region).presenceIn(topic.facility).set(user, attributes));
  }

  part(topic: Required<Topic>, user: string, event: 'leave' | 'timeout' = 'leave'): void {
    this.push(this.region(topic.region).presenceIn(topic.facility).end(user, event));
  }

  /** The region begins anew, as after a restore: another epoch, other numbers. */
  beginAnew(id: string): FakeRegion {
    const life = Number(this.region(id).epoch.slice('epoch-'.length)) + 1;
    const region = new FakeRegion(id, () => this.nowMs, life);
    this.regions.set(id, region);
    return region;
  }

  /** Every socket ends, without a word. */
  cutSockets(): void {
    for (const connection of [...this.connections]) this.drop(connection);
  }

  /** Tells every socket that its token has expired, and ends it. */
  expireTokens(): void {
    for (const connection of [...this.connections]) {
      this.send(connection, { type: 'error', code: 'token-expired', message: '' });
      this.drop(connection);
    }
  }

  look(nowMs: number): void {
    this.nowMs = nowMs;
    for (const [region, facility] of this.sessions.facilities) this.settle(region, facility);
  }

  async fetch(url: string, request: Request): Promise<Response> {
    if (this.isDown) throw new TypeError('Failed to fetch');
    if (this.hangs) return await new Promise<never>(() => undefined);
    this.onStep(`request ${new URL(url).pathname}`);
    const { status, body = {}, headers = {} } = this.answer(url, request) ?? (await this.serve(url, request));
    this.requests.push({ url, status });
    return {
      status,
      headers: { get: (name) => headers[name] ?? null },
      text: async () => JSON.stringify(body),
    };
  }

  openSocket(_url: string, protocols: readonly string[], events: SocketEvents): Socket {
    const connection: Connection = { events, topics: new Map(), isOpen: false };
    const isWelcome = !this.isDown && protocols[0] === 'rollcall.v1' && protocols[1]?.startsWith('ticket.');
    this.connections.add(connection);
    void Promise.resolve().then(() => {
      if (!this.connections.has(connection)) return;
      if (isWelcome) this.welcome(connection);
      else this.drop(connection);
    });
    return {
      send: (text) => this.hear(connection, JSON.parse(text)),
      close: () => this.drop(connection),
    };
  }

  private welcome(connection: Connection): void {
    connection.isOpen = true;
    connection.events.opened();
    this.onStep('opened');
  }

  private drop(connection: Connection): void {
    if (!this.connections.delete(connection)) return;
    connection.isOpen = false;
    connection.events.closed();
  }

  private async serve(url: string, { headers, body }: Request): Promise<FakeAnswer> {
    const token = (headers.authorization ?? '').slice('Bearer '.length);
    if (!this.accepts(token)) return { status: 401 };
    const { pathname, searchParams } = new URL(url);
    const [, , kind, region = '', leaf] = pathname.split('/').map(decodeURIComponent);
    if (pathname === '/heartbeat')
      return this.takeBeat(JSON.parse(body ?? ''), (await userOf(() => token)) ?? token);
    if (kind === 'tickets') {
      this.tickets += 1;
      return { status: 200, body: { ticket: `t${this.tickets}` } };
    }
    if (this.forbidden.has(region)) return { status: 404 };
    if (leaf === 'facility') return this.presenceAnswer(region, searchParams.get('id') ?? '');
    return { status: 200, body: this.region(region).snapshot() };
  }

  private presenceAnswer(region: string, facility: string): FakeAnswer {
    const known = this.region(region).presence.get(facility);
    if (known === undefined || this.forbidden.has(keyOf({ region, facility }))) return { status: 404 };
    const asOf = new Date(this.nowMs).toISOString();
    return { status: 200, body: { presenceSeq: known.seq, present: [...known.present.values()], asOf } };
  }

  private takeBeat(beat: Beat, user: string): FakeAnswer {
    const receipt = this.sessions.take({ ...beat, atMs: this.nowMs, user });
    for (const facility of beat.facilities ?? []) this.settle(beat.region, facility);
    return { status: 202, body: receipt };
  }

  private settle(region: string, id: string): void {
    const sessions = this.sessions.count(region, id, this.nowMs);
    const before = this.region(region).facilities.get(id);
    const status = sessions > 0 ? 'online' : 'offline';
    if (before === undefined ? sessions === 0 : before.status === status) return;
    this.set(region, id, { status });
  }

  private hear(connection: Connection, message: ClientMessage): void {
    if (!connection.isOpen) return;
    this.onStep(message.action);
    if (!connection.isOpen) return;
    void Promise.resolve().then(() => {
      if (!connection.isOpen) return;
      if (this.fails(message)) connection.events.message(gatewayError);
      else this.answerTo(connection, message);
    });
  }

  private answerTo(connection: Connection, message: ClientMessage): void {
    switch (message.action) {
      case 'ping':
        this.send(connection, this.tick([...connection.topics.values()]));
        break;
      case 'unsubscribe':
        connection.topics.delete(keyOf(message));
        break;
      case 'subscribe':
        for (const answer of this.subscribe(connection, message)) this.send(connection, answer);
        break;
    }
  }

  private subscribe(
    { topics }: Connection,
    { region, facility, since, epoch }: Extract<ClientMessage, { action: 'subscribe' }>,
  ): readonly FeedMessage[] {
    const topic = { region, ...(facility !== undefined && { facility }) };
    if (this.forbidden.has(keyOf(topic)) || this.forbidden.has(region)) {
      return [{ type: 'error', code: 'forbidden', message: '' }];
    }
    topics.set(keyOf(topic), topic);
    return [...this.missed(topic, since, epoch), this.tick([topic])];
  }

  private missed(topic: Topic, since: number | undefined, epoch: string | undefined): readonly FeedMessage[] {
    if (since === undefined) return [];
    const region = this.region(topic.region);
    const log: readonly (ChangesMessage | PresenceMessage)[] =
      topic.facility === undefined ? region.log : region.presenceIn(topic.facility).log;
    if (since > log.length || (epoch !== undefined && epoch !== region.knownEpoch)) {
      return [{ type: 'resync', ...topic, reason: 'epoch' }];
    }
    if (log.length - since > longestResume) return [{ type: 'resync', ...topic, reason: 'too-long' }];
    return log.slice(since);
  }

  private tick(topics: readonly Topic[]): FeedMessage {
    const asOf = this.delayedSince ?? new Date(this.nowMs).toISOString();
    const regions = topics
      .filter(({ facility }) => facility === undefined)
      .map(({ region: id }) => {
        const { knownEpoch: epoch, seq, digest } = this.region(id);
        const { delayedSince } = this;
        return { region: id, epoch, seq, asOf, digest, ...(delayedSince && { delayedSince }) };
      });
    const facilities = topics.flatMap(({ region, facility }) =>
      facility === undefined
        ? []
        : [{ region, facility, presenceSeq: this.region(region).presenceIn(facility).seq }],
    );
    const at = new Date(this.nowMs).toISOString();
    return { type: 'tick', at, regions, ...(facilities.length > 0 && { facilities }) };
  }

  private push(message: ChangesMessage | PresenceMessage): void {
    if (this.isMute) return;
    const key = keyOf(message.type === 'presence' ? message : { region: message.region });
    for (const connection of this.connections) {
      if (connection.topics.has(key)) this.send(connection, message);
    }
  }

  private send(connection: Connection, message: FeedMessage): void {
    for (const told of this.tamper(message)) {
      if (connection.isOpen) connection.events.message(JSON.stringify(told));
      this.onStep(`sent ${told.type}`);
    }
  }
}
