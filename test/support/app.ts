import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExamplesServer } from '../../tools/examples/server';
import { Chromium, type Tab } from './chromium';
import { Rollcall, type StartWords } from './rollcall';
import { WatchedRegion } from './watched-region';

/** A beat as it went to Rollcall. */
export interface SentBeat {
  readonly sessionId: string;
  readonly next: number;
  readonly atMs: number;
  readonly status: number | undefined;
}

/** An app with Rollcall's library, served as one, in front of a running Rollcall. */
export class App {
  private constructor(
    public rollcall: Rollcall,
    readonly server: ExamplesServer,
    private readonly directory: string,
  ) {}

  static async start(words: StartWords = {}): Promise<App> {
    const directory = mkdtempSync(join(tmpdir(), 'rollcall-app-'));
    const rollcall = await Rollcall.start(words);
    return new App(rollcall, await ExamplesServer.start(rollcall.url, directory), directory);
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.server.close(), this.rollcall.close()]);
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Another region for each test, with somebody who watches it. */
  async region(name: string): Promise<AppRegion> {
    return new AppRegion(this, name, await WatchedRegion.of(this.rollcall, name));
  }
}

/** A region of the app's, and its one facility. */
export class AppRegion {
  constructor(
    private readonly app: App,
    readonly name: string,
    readonly watched: WatchedRegion,
  ) {}

  /** Opens the app in another tab. */
  async open(browser: Chromium, options: Readonly<Record<string, string | number>> = {}): Promise<Tab> {
    const query = new URLSearchParams({ region: this.name, facility: 'clinic-7' });
    for (const [key, value] of Object.entries(options)) query.set(key, String(value));
    return await browser.open(`${this.app.server.url}/plain/?${query}`);
  }

  /** The beats that reached Rollcall, oldest first. */
  beats(sinceMs = 0): readonly SentBeat[] {
    return this.app.server.passedOn
      .filter(({ path, atMs }) => path === '/heartbeat' && atMs >= sinceMs)
      .map(
        ({ body, ...rest }) =>
          ({ ...(JSON.parse(body) as object), ...rest }) as unknown as SentBeat & { region: string },
      )
      .filter(({ region }) => region === this.name);
  }

  /** Every status that was told of the facility, with why. */
  get transitions(): readonly string[] {
    const told = this.watched.feed.changes.filter(({ facility }) => facility === 'clinic-7');
    return told
      .map(({ status, reason }) => `${status} ${reason}`)
      .filter((text, index, all) => text.split(' ')[0] !== all[index - 1]?.split(' ')[0]);
  }

  /** @returns when it was heard, and when it became true */
  async becomes(
    status: 'online' | 'offline',
    withinMs: number,
  ): Promise<{ readonly heardAtMs: number; readonly reason: string }> {
    return await this.watched.feed.change('clinic-7', { status }, withinMs);
  }
}

/** Works with a browser of its own. */
export async function withBrowser<T>(work: (browser: Chromium) => Promise<T>): Promise<T> {
  const browser = await Chromium.start();
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}
