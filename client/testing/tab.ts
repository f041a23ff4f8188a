import type {
  Channel,
  Environment,
  PageEvent,
  Request,
  Response,
  Socket,
  SocketEvents,
} from '../environment';
import type { FakeBrowser } from './browser';
import { FakeChannel } from './channel';
import { settled, tickMs } from './steps';

type Life = 'running' | 'frozen' | 'cached' | 'gone';

const answerTimeoutMs = 15_000;

/** One page, and what a user or a browser may do to it. */
export class FakeTab {
  readonly environment: Environment;
  isHidden = false;
  /** Without a worker a hidden page ticks once a minute. */
  hasWorker = true;
  private life: Life = 'running';
  private tickedAtMs = 0;
  private readonly ticking = new Set<() => void>();
  private readonly listening = new Set<(event: PageEvent) => void>();
  private readonly sockets = new Map<Socket, SocketEvents>();
  private readonly requests = new Set<Request>();
  private readonly channels = new Set<FakeChannel>();

  constructor(private readonly browser: FakeBrowser) {
    const held = <T>(set: Set<T>, item: T) => {
      set.add(item);
      return () => void set.delete(item);
    };
    this.environment = {
      now: () => browser.nowMs,
      random: () => browser.random(),
      ticks: (listener) => held(this.ticking, listener),
      isHidden: () => this.isHidden,
      onPage: (listener) => held(this.listening, listener),
      fetch: (url, request) => this.fetch(url, request),
      openSocket: (url, protocols, events) => this.openSocket(url, protocols, events),
      tabs: () => ({
        lock: (name, steal, granted, lost) => browser.locks.ask({ tab: this, name, steal, granted, lost }),
        channel: (name, listener) => this.channel(name, listener),
      }),
    };
  }

  /** What the page holds of the browser: nothing, once all is closed. */
  get leftovers(): readonly string[] {
    const held = {
      timer: this.ticking.size,
      listener: this.listening.size,
      socket: this.sockets.size,
      request: this.requests.size,
      channel: this.channels.size,
      lock: this.browser.locks.countOf(this),
    };
    return Object.entries(held).flatMap(([name, count]) => Array<string>(count).fill(name));
  }

  get isRunning(): boolean {
    return this.life === 'running';
  }

  /** Another tab is in front. */
  hide(): void {
    this.isHidden = true;
  }

  /** This tab is in front. */
  async show(): Promise<void> {
    this.isHidden = false;
    await this.told('awake');
  }

  /** The browser stops it to save energy, and tells it so. */
  async freeze(): Promise<void> {
    await this.told('frozen');
    this.life = 'frozen';
  }

  async resume(): Promise<void> {
    this.wake();
    await this.told('restored');
  }

  /** The page does nothing any more and hears nothing, without a word: it loops without end, or its process is stopped. */
  hang(): void {
    this.life = 'frozen';
  }

  /** What hung goes on. */
  async recover(): Promise<void> {
    this.wake();
    this.tick();
    await settled();
  }

  private wake(): void {
    this.life = 'running';
    for (const channel of this.channels) channel.catchUp();
    this.browser.locks.catchUp();
  }

  /** The user leaves the page; the browser may keep it. */
  async enterCache(): Promise<void> {
    await this.told('leaving');
    this.life = 'cached';
  }

  /** The user comes back to it. */
  async restore(): Promise<void> {
    this.life = 'running';
    await this.told('restored');
  }

  /** The user closes the tab. */
  async close(): Promise<void> {
    await this.told('leaving');
    await this.crash();
  }

  /** The page ends, without a word. */
  async crash(): Promise<void> {
    this.life = 'gone';
    for (const socket of this.sockets.keys()) socket.close();
    for (const channel of this.channels) channel.close();
    this.browser.locks.drop(this);
    await settled();
  }

  tell(event: PageEvent): void {
    if (this.isRunning) for (const listener of [...this.listening]) listener(event);
  }

  tick(): void {
    const everyMs = this.isHidden && !this.hasWorker ? 60 * tickMs : 0;
    if (!this.isRunning || this.browser.nowMs - this.tickedAtMs < everyMs) return;
    this.tickedAtMs = this.browser.nowMs;
    for (const listener of [...this.ticking]) listener();
  }

  cutSockets(): void {
    for (const socket of [...this.sockets.keys()]) socket.close();
  }

  private async told(event: PageEvent): Promise<void> {
    this.tell(event);
    await settled();
  }

  private async fetch(url: string, request: Request): Promise<Response> {
    if (!this.browser.isOnline) throw new TypeError('Failed to fetch');
    // A goodbye outlives the page.
    if (!request.keepalive) this.requests.add(request);
    try {
      return await Promise.race([
        this.browser.network.fetch(url, request),
        this.browser.timeout(answerTimeoutMs),
      ]);
    } finally {
      this.requests.delete(request);
    }
  }

  private openSocket(url: string, protocols: readonly string[], events: SocketEvents): Socket {
    const told: SocketEvents = {
      opened: () => this.isRunning && events.opened(),
      message: (text) => this.isRunning && events.message(text),
      closed: () => {
        if (this.sockets.delete(socket)) events.closed();
      },
    };
    const socket = this.browser.network.openSocket(url, protocols, told);
    this.sockets.set(socket, events);
    if (!this.browser.isOnline) void Promise.resolve().then(() => socket.close());
    return socket;
  }

  private channel(name: string, listener: (message: unknown) => void): Channel {
    const others = (): readonly FakeChannel[] =>
      this.browser.tabs.flatMap((tab) => [...tab.channels]).filter((other) => other !== channel);
    const channel = new FakeChannel(
      name,
      listener,
      () => this.isRunning,
      others,
      () => this.channels.delete(channel),
    );
    this.channels.add(channel);
    return channel;
  }
}
