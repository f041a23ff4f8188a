import { backoffMs } from '../backoff';
import { type Caller, callerOf, type GetToken } from '../call';
import { type Connectivity, type ConnectivityState, connectivities, stateAfter } from '../connectivity';
import { Emitter } from '../emitter';
import type { Environment, PageEvent, Socket } from '../environment';
import { type Reason, RollcallError } from '../errors';
import { emptyFeed, type Feed, type FeedCommand, type FeedInput, keyOf, reduce } from './feed';
import { FacilityWatch, RegionWatch, type WatchSource } from './handles';
import { type Loaded, Snapshots } from './snapshots';
import { statusOf } from './state';
import { newWatch, type Watch } from './watch';
import type { FeedMessage, Topic } from './wire';

export interface LiveOptions {
  /** Where the HTTP API is: `apiUrl` of `config.json`. */
  readonly apiUrl: string;
  /** Where sockets are opened: `liveUrl` of `config.json`. */
  readonly liveUrl: string;
  readonly getToken: GetToken;
}

/** What the connection tells. */
export interface LiveEvents {
  readonly state: ConnectivityState;
  /** Something went wrong; the states say whether it is tried again. */
  readonly error: RollcallError;
}

/** A handshake that takes longer is given up. */
const timeoutMs = 15_000;
/** API Gateway ends a socket after two hours; a new one takes over at a random time before. */
const renewFromMs = 90 * 60_000;
const renewWithinMs = 20 * 60_000;
/** A renewal that failed is tried again while the old socket lasts. */
const renewAgainMs = 60_000;

type Handle = RegionWatch | FacilityWatch;

/** One connection to the live feed, for all that a page watches. */
export class Live extends Emitter<LiveEvents> {
  readonly #options: LiveOptions;
  readonly #closesWithLast: boolean;
  readonly #environment: Environment;
  readonly #caller: Caller;
  readonly #snapshots: Snapshots;
  readonly #stops: readonly (() => void)[];
  readonly #handles = new Map<string, Set<Handle>>();
  #feed: Feed = emptyFeed;
  #state: ConnectivityState;
  #socket: Socket | undefined;
  /** The one that a new socket takes over from. */
  #retiring: Socket | undefined;
  #opening: Socket | undefined;
  /** A ticket or a socket is on its way since then. */
  #connectingSinceMs: number | undefined;
  /** When to open a socket, or the next one. */
  #connectAtMs = 0;
  #failures = 0;
  #isOver = false;

  constructor(options: LiveOptions, environment: Environment, closesWithLast = false) {
    super();
    this.#closesWithLast = closesWithLast;
    this.#options = options;
    this.#environment = environment;
    this.#caller = callerOf(environment, options.getToken);
    this.#snapshots = new Snapshots(this.#caller, options.apiUrl);
    this.#state = { connectivity: 'connecting', sinceMs: environment.now(), reason: undefined };
    this.#stops = [environment.ticks(() => this.#look()), environment.onPage((event) => this.#hear(event))];
    this.#look();
  }

  /** How the connection itself stands. */
  get state(): ConnectivityState {
    return this.#state;
  }

  /** The server's time in milliseconds since the epoch, as far as it is known: the page's own clock may be wrong. */
  serverNowMs(): number {
    return this.#environment.now() + this.#feed.aheadMs;
  }

  /** Watches the facilities of a region. */
  watchRegion({ region }: { readonly region: string }): RegionWatch {
    return this.#watch({ region }, (source) => new RegionWatch(source));
  }

  /** Watches who is present in a facility. */
  watchFacility({ region, facility }: Required<Topic>): FacilityWatch {
    return this.#watch({ region, facility }, (source) => new FacilityWatch(source));
  }

  /** Ends the connection and all that is watched over it. */
  close(): void {
    this.#become('closed');
    this.#end();
    for (const handle of [...this.#handles.values()].flatMap((handles) => [...handles])) handle.close();
  }

  #watch<H extends Handle>(topic: Topic, make: (source: WatchSource) => H): H {
    const key = keyOf(topic);
    const handles = this.#handles.get(key) ?? new Set();
    if (handles.size === 0) this.#tell({ type: 'watch', topic });
    const { now } = this.#environment;
    const watch = (): Watch => this.#feed.watches.get(key) ?? newWatch(topic, now());
    const handle = make({
      watch,
      now,
      status: () => statusOf(watch(), this.#feed, now()),
      close: () => {
        handles.delete(handle);
        if (handles.size > 0) return;
        this.#tell({ type: 'unwatch', topic });
        if (this.#closesWithLast) this.close();
      },
    });
    this.#handles.set(key, handles.add(handle));
    // Nothing would ever come.
    if (this.#isOver) handle.close();
    return handle;
  }

  #tell(input: FeedInput): void {
    const { feed, commands, news } = reduce(this.#feed, input, this.#environment.now());
    this.#feed = feed;
    for (const [key, handles] of this.#handles) {
      const ofHandle = news.find((item) => item.key === key);
      for (const handle of handles) handle.look(ofHandle, input.type === 'loaded');
    }
    for (const command of commands) if (!this.#isOver) this.#obey(command);
  }

  #obey(command: FeedCommand): void {
    switch (command.type) {
      case 'send':
        this.#socket?.send(JSON.stringify(command.message));
        break;
      case 'fetch':
        this.#snapshots.fetch(command.topic, (topic, loaded) => this.#arrived(topic, loaded));
        break;
      case 'reconnect':
        // A socket whose token has expired is ended by the server; the next one may overlap with it.
        if (command.renewToken) void this.#connect(true);
        else this.#socket?.close();
        break;
    }
  }

  #arrived(topic: Topic, loaded: Loaded): void {
    if (this.#isOver) return;
    if ('snapshot' in loaded) {
      this.#tell({ ...loaded, type: 'loaded', topic });
    } else {
      this.#complain(loaded.reason, loaded.detail);
      this.#tell({
        type: 'not-loaded',
        topic,
        reason: loaded.type === 'refused' ? loaded.reason : undefined,
      });
    }
  }

  #hear(event: PageEvent): void {
    if (event === 'leaving') this.#socket?.close();
    else if (event !== 'frozen') {
      // Somebody is looking, or the network is back: no waiting now.
      this.#tell({ type: 'looked-at' });
      if (this.#socket === undefined) this.#connectAtMs = 0;
      this.#look();
    }
  }

  #look(): void {
    const nowMs = this.#environment.now();
    if (this.#connectingSinceMs === undefined) {
      if (nowMs >= this.#connectAtMs) void this.#connect();
    } else if (nowMs - this.#connectingSinceMs > timeoutMs) this.#opening?.close();
    this.#tell({ type: 'time' });
  }

  async #connect(renewToken = false): Promise<void> {
    if (this.#connectingSinceMs !== undefined) return;
    const { now } = this.#environment;
    this.#connectingSinceMs = now();
    const url = `${this.#options.apiUrl}/v1/tickets`;
    const answer = await this.#caller.call(url, {}, renewToken);
    if (this.#isOver) return;
    if (answer.type !== 'done') {
      this.#complain(answer.reason, answer.detail);
      this.#notConnected(connectivities[answer.type], answer.reason, answer.afterMs);
      return;
    }
    try {
      this.#open((answer.body as { readonly ticket: string }).ticket);
    } catch (error) {
      // The address can be none.
      this.#complain('rejected', String(error));
      this.#notConnected('failed', 'rejected');
    }
  }

  #open(ticket: string): void {
    const socket = this.#environment.openSocket(this.#options.liveUrl, ['rollcall.v1', `ticket.${ticket}`], {
      opened: () => this.#opened(socket),
      message: (text) => this.#received(socket, JSON.parse(text)),
      closed: () => this.#closed(socket),
    });
    this.#opening = socket;
  }

  #opened(socket: Socket): void {
    const { now, random } = this.#environment;
    this.#opening = undefined;
    this.#connectingSinceMs = undefined;
    this.#connectAtMs = now() + renewFromMs + random() * renewWithinMs;
    this.#retiring = this.#socket;
    this.#socket = socket;
    this.#tell({ type: 'opened' });
    this.#become('connected');
  }

  #received(socket: Socket, message: FeedMessage): void {
    if (socket === this.#socket) {
      this.#failures = 0;
      // What the old one may still say is known from the log.
      this.#retire();
    }
    this.#tell({ type: 'message', message });
  }

  #closed(socket: Socket): void {
    if (socket === this.#opening) this.#notConnected('disconnected', 'network');
    if (socket !== this.#socket) return;
    this.#socket = undefined;
    this.#tell({ type: 'closed' });
    if (this.#connectingSinceMs === undefined) this.#notConnected('disconnected', 'network');
  }

  /** Tries again later; a socket that is still there does meanwhile. */
  #notConnected(connectivity: Connectivity, reason: Reason, afterMs = 0): void {
    const { now, random } = this.#environment;
    this.#opening = undefined;
    this.#connectingSinceMs = undefined;
    const waitMs = this.#socket ? renewAgainMs : afterMs + backoffMs(this.#failures, random());
    this.#connectAtMs = now() + waitMs;
    this.#failures += 1;
    if (this.#socket && connectivity !== 'failed') return;
    this.#become(connectivity, reason);
    if (connectivity !== 'failed') return;
    this.#end();
    this.#tell({ type: 'failed', reason });
  }

  #retire(): void {
    this.#retiring?.close();
    this.#retiring = undefined;
  }

  #end(): void {
    for (const stop of this.#stops) stop();
    this.#isOver = true;
    this.#retire();
    this.#opening?.close();
    this.#socket?.close();
  }

  #become(connectivity: Connectivity, reason?: Reason): void {
    const before = this.#state;
    // What is closed or has failed stays so.
    if (this.#isOver) return;
    this.#state = stateAfter(before, connectivity, reason, this.#environment.now());
    if (this.#state !== before) this.tell('state', this.#state);
  }

  #complain(reason: Reason, detail: string): void {
    this.tell('error', new RollcallError(reason, detail));
  }
}
