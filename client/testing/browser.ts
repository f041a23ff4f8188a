import type { Request, Response, Socket, SocketEvents } from '../environment';
import { FakeLocks } from './locks';
import { seeded, settled, tickMs } from './steps';
import { FakeTab } from './tab';

/** What a fake browser reaches over the network. */
export interface FakeNetwork {
  /** @throws as `fetch` does when nobody answers */
  fetch(url: string, request: Request): Promise<Response>;
  openSocket(url: string, protocols: readonly string[], events: SocketEvents): Socket;
  /** Time has passed. */
  look(nowMs: number): void;
}

/**
 * A browser with a clock of its own, which stands still until a test moves it on. Its tabs share locks and channels as
 * those of one origin do.
 */
export class FakeBrowser {
  nowMs: number;
  /** Whether the network is there. */
  isOnline = true;
  readonly tabs: FakeTab[] = [];
  readonly locks = new FakeLocks();
  private readonly timeouts = new Map<(error: Error) => void, number>();

  /** @param random in place of `Math.random`; by default from a fixed seed */
  constructor(
    readonly network: FakeNetwork,
    { nowMs = Date.parse('2026-01-05T10:00:00Z'), random = seeded(42) } = {},
  ) {
    this.nowMs = nowMs;
    this.random = random;
    network.look(nowMs);
  }

  readonly random: () => number;

  tab(): FakeTab {
    const tab = new FakeTab(this);
    this.tabs.push(tab);
    return tab;
  }

  /** Lets time pass, second by second, for everything. */
  async pass(ms: number): Promise<void> {
    await settled();
    for (const endMs = this.nowMs + ms; this.nowMs < endMs; ) {
      this.nowMs += Math.min(tickMs, endMs - this.nowMs);
      this.passed();
      for (const tab of this.tabs) {
        tab.tick();
        await settled();
      }
    }
  }

  /** The machine sleeps: time passes elsewhere, and nothing in the browser notices before it is over. */
  async sleep(ms: number): Promise<void> {
    for (const endMs = this.nowMs + ms; this.nowMs < endMs; ) {
      this.nowMs += Math.min(tickMs, endMs - this.nowMs);
      this.passed();
    }
    await this.pass(tickMs);
  }

  /** Rejects once so much time has passed. */
  timeout(ms: number): Promise<never> {
    return new Promise((_, reject) => this.timeouts.set(reject, this.nowMs + ms));
  }

  private passed(): void {
    this.network.look(this.nowMs);
    for (const [reject, atMs] of this.timeouts) {
      if (atMs > this.nowMs) continue;
      this.timeouts.delete(reject);
      reject(new DOMException('no answer in time', 'TimeoutError'));
    }
  }

  async goOffline(): Promise<void> {
    this.isOnline = false;
    for (const tab of this.tabs) tab.cutSockets();
    await settled();
  }

  async goOnline(): Promise<void> {
    this.isOnline = true;
    for (const tab of this.tabs) tab.tell('awake');
    await settled();
  }
}
