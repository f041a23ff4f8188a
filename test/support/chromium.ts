import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { patience, until, within } from './waiting';

interface Reply {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: { readonly [name: string]: unknown };
  readonly result?: object;
  readonly error?: { readonly message: string };
}

/**
 * A Chromium that is left as users have it. Playwright cannot be asked here: it makes each page believe that it is looked at
 * (`Emulation.setFocusEmulationEnabled`), and switches the throttling of hidden tabs off. Started like this, a tab that is
 * not in front is hidden for real: `document.visibilityState` says so, and its timers are throttled, also without a screen.
 */
export class Chromium {
  private lastId = 0;
  private readonly waiting = new Map<number, (reply: Reply) => void>();
  private readonly tabs = new Map<string, Tab>();

  private constructor(
    private readonly child: ChildProcess,
    private readonly profile: string,
    private readonly socket: WebSocket,
  ) {
    socket.on('message', (data) => this.hear(JSON.parse(data.toString())));
  }

  static async start(): Promise<Chromium> {
    const profile = mkdtempSync(join(tmpdir(), 'rollcall-chromium-'));
    const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
    const place = ['--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`];
    const options = [...place, '--no-sandbox', '--disable-gpu', '--no-first-run', ...quiet, 'about:blank'];
    // A process group of its own: all of the browser can be killed at once.
    const child = spawn('/usr/bin/chromium', options, {
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    let printed = '';
    child.stderr?.on('data', (text: Buffer) => {
      printed += text;
    });
    const address = await until(
      patience,
      'the address of the browser',
      () => /DevTools listening on (ws:\S+)/.exec(printed)?.[1],
    );
    const socket = new WebSocket(address, { perMessageDeflate: false });
    await once(socket, 'open');
    return new Chromium(child, profile, socket);
  }

  /** Opens a tab in front of all others. */
  async open(url: string): Promise<Tab> {
    const { targetId } = await this.send<{ targetId: string }>('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.send<{ sessionId: string }>('Target.attachToTarget', {
      targetId,
      flatten: true,
    });
    const tab = new Tab(this, targetId, sessionId);
    this.tabs.set(sessionId, tab);
    await tab.begin(url);
    return tab;
  }

  async send<T>(method: string, params: object = {}, sessionId?: string): Promise<T> {
    this.lastId += 1;
    const id = this.lastId;
    const replied = new Promise<Reply>((resolve) => this.waiting.set(id, resolve));
    this.socket.send(JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) }));
    const { result, error } = await within(patience, method, replied);
    if (error) throw new Error(`${method}: ${error.message}`);
    return result as T;
  }

  /** All of its processes end at once, as when the machine loses its power. */
  kill(): void {
    try {
      process.kill(-(this.child.pid ?? 0), 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  async close(): Promise<void> {
    this.kill();
    this.socket.terminate();
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await within(patience, 'the end of the browser', once(this.child, 'exit'));
    }
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  private hear(reply: Reply): void {
    const { id, sessionId = '', method, params } = reply;
    if (id !== undefined) {
      this.waiting.get(id)?.(reply);
      this.waiting.delete(id);
    } else if (method !== undefined) this.tabs.get(sessionId)?.hear(method, params ?? {});
  }
}

/** Counts what a page holds of the browser. */
const counting = `{
  const held = new Map();
  const count = (name, by) => held.set(name, (held.get(name) ?? 0) + by);
  globalThis.rollcallHeld = async () => {
    const { held: locks, pending } = await navigator.locks.query();
    const all = { ...Object.fromEntries(held), lock: locks.length + pending.length };
    return Object.entries(all).filter(([, number]) => number !== 0).map(([name, number]) => name + ' ' + number);
  };
  const start = setInterval;
  const stop = clearInterval;
  globalThis.setInterval = (...given) => (count('timer', 1), start(...given));
  globalThis.clearInterval = (id) => (count('timer', -1), stop(id));
  const made = (name, end) => {
    const Original = globalThis[name];
    globalThis[name] = class extends Original {
      constructor(...given) {
        super(...given);
        count(name, 1);
        if (name === 'WebSocket') this.addEventListener('close', () => count(name, -1));
      }
      [end]() {
        if (name !== 'WebSocket') count(name, -1);
        return super[end]();
      }
    };
  };
  made('Worker', 'terminate');
  made('BroadcastChannel', 'close');
  made('WebSocket', 'close');
  for (const target of [window, document]) {
    const listen = target.addEventListener.bind(target);
    target.addEventListener = (name, heard, options) => {
      // A framework of the page listens to other things, once and for all.
      if (!['online', 'pagehide', 'pageshow', 'visibilitychange'].includes(name)) return listen(name, heard, options);
      count('listener', 1);
      options?.signal?.addEventListener('abort', () => count('listener', -1));
      listen(name, heard, options);
    };
  }
  globalThis.rollcallFaults = [];
  for (const name of ['unhandledrejection', 'error', 'securitypolicyviolation'])
    EventTarget.prototype.addEventListener.call(window, name, (event) =>
      globalThis.rollcallFaults.push(name + ' ' + (event.reason ?? event.message ?? event.violatedDirective)));
}`;

/** One tab, and what its user or the browser may do to it. */
export class Tab {
  /** What the browser complains about, and errors that nobody caught. */
  readonly complaints: string[] = [];

  constructor(
    private readonly browser: Chromium,
    private readonly targetId: string,
    private readonly sessionId: string,
  ) {}

  async begin(url: string): Promise<void> {
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await this.send(`${domain}.enable`);
    await this.send('Page.addScriptToEvaluateOnNewDocument', { source: counting });
    await this.send('Page.navigate', { url });
  }

  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.send<{
      result: { value: T };
      exceptionDetails?: { text: string; exception?: { description?: string } };
    }>('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Waits until an element says this. */
  async says(id: string, wanted: string | RegExp, withinMs = patience): Promise<void> {
    await until(withinMs, `#${id} to say ${wanted}`, async () => {
      const text = await this.evaluate<string | null>(`document.getElementById('${id}')?.textContent`);
      const isSaid = typeof wanted === 'string' ? text === wanted : wanted.test(text ?? '');
      return isSaid || undefined;
    });
  }

  async click(id: string): Promise<void> {
    await this.evaluate(`document.getElementById('${id}').click()`);
  }

  /** What the page holds: timers, listeners, workers, channels, sockets, locks. */
  async holds(): Promise<readonly string[]> {
    return await this.evaluate('rollcallHeld()');
  }

  /** What went wrong in the page. */
  async faults(): Promise<readonly string[]> {
    return [...this.complaints, ...(await this.evaluate<string[]>('rollcallFaults'))];
  }

  async reload(): Promise<void> {
    await this.send('Page.reload');
  }

  async bringToFront(): Promise<void> {
    await this.send('Page.bringToFront');
  }

  /** As the browser does it to save energy. */
  async freeze(): Promise<void> {
    await this.send('Page.setWebLifecycleState', { state: 'frozen' });
  }

  async thaw(): Promise<void> {
    await this.send('Page.setWebLifecycleState', { state: 'active' });
  }

  /** The page's process ends without a word; nothing answers that it did. */
  crash(): void {
    void this.send('Page.crash').catch(() => undefined);
  }

  /** As with the cross of the tab: the page is told that it ends. */
  async close(): Promise<void> {
    await this.browser.send('Target.closeTarget', { targetId: this.targetId });
  }

  async network(offline: boolean): Promise<void> {
    const unlimited = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
    await this.send('Network.emulateNetworkConditions', { offline, ...unlimited });
  }

  hear(method: string, params: { readonly [name: string]: unknown }): void {
    if (method === 'Runtime.exceptionThrown') this.complaints.push(JSON.stringify(params));
    const { entry } = params as { entry?: { level: string; text: string } };
    if (method === 'Log.entryAdded' && entry?.level === 'error') this.complaints.push(entry.text);
  }

  private async send<T = object>(method: string, params: object = {}): Promise<T> {
    return await this.browser.send<T>(method, params, this.sessionId);
  }
}
