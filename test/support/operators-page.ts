import type { AxeResults } from 'axe-core';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Rollcall } from './rollcall';
import { patience } from './waiting';

export { startBrowser } from '../../tools/chromium';

/** More than there are things to press on any view that has few rows. */
const mostPresses = 60;

type OpenOptions = BrowserContextOptions & { readonly role?: string };

/** What the banner says of the feed. */
type FeedWord = 'connecting' | 'live' | 'delayed' | 'reconnecting';

/** A facility as it can be read on the page. */
export interface ShownRow {
  readonly name: string;
  readonly status: string;
  readonly sessions: string;
  /** As machines read it. */
  readonly since: string;
}

/** The page as an operator has it open, in a browser session of its own. */
export class OperatorsPage {
  /** What the browser complains about: errors on the console, refusals of the security policy, uncaught exceptions. */
  readonly complaints: string[] = [];
  /** How often a document was loaded. */
  loads = 0;

  private constructor(readonly page: Page) {
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('load', () => {
      this.loads += 1;
    });
  }

  /** Opens the page of a region, or the overview, as somebody whom the issuer knows already. */
  static async open(
    browser: Browser,
    rollcall: Rollcall,
    region?: string,
    options: OpenOptions = {},
  ): Promise<OperatorsPage> {
    return await OperatorsPage.openAt(browser, rollcall, `#/${region ?? ''}`, options);
  }

  /** Opens what an address says. @param hash such as `#/north/clinic-7` */
  static async openAt(
    browser: Browser,
    { url }: Pick<Rollcall, 'url'>,
    hash: string,
    { role = 'everything', ...options }: OpenOptions = {},
  ): Promise<OperatorsPage> {
    // What moves would be half transparent whenever somebody happens to look.
    const context = await browser.newContext({ reducedMotion: 'reduce', timezoneId: 'UTC', ...options });
    await context.addCookies([{ name: 'rollcall-dev-role', value: role, url: `${url}/dev` }]);
    const opened = new OperatorsPage(await context.newPage());
    const signedIn = opened.page.waitForResponse((response) => response.url().endsWith('/dev/sign-in/token'));
    await opened.page.goto(`${url}/${hash}`);
    await signedIn;
    await opened.page.waitForLoadState('load');
    // The way to the issuer and back.
    opened.loads = 1;
    return opened;
  }

  async banner(word: FeedWord, withinMs = patience): Promise<void> {
    await this.page.waitForSelector(`.banner[data-feed="${word}"]`, { timeout: withinMs });
  }

  /** Waits until a facility is shown so; @returns what is written about it */
  async facility(id: string, status: 'online' | 'offline', withinMs = patience): Promise<ShownRow> {
    const row = this.page.locator(`.facility[data-facility="${id}"][data-status="${status}"]`);
    await row.waitFor({ timeout: withinMs });
    const text = async (part: string): Promise<string> =>
      ((await row.locator(`.facility-${part}`).textContent()) ?? '').trim();
    return {
      name: await text('name'),
      status: await text('status'),
      sessions: await text('sessions'),
      since: (await row.locator('time').getAttribute('datetime')) ?? '',
    };
  }

  /** Whether the page says that its data is proved, and how the list looks then. */
  async list(): Promise<{ readonly believed: string | null; readonly outline: string }> {
    const believed = await this.page.locator('main').getAttribute('data-believed');
    const outline = await this.page.evaluate<string>(
      'getComputedStyle(document.querySelector(".facilities")).outlineStyle',
    );
    return { believed, outline };
  }

  /** What stands above the data while it is not proved; empty while it is. */
  async doubt(): Promise<string> {
    const doubt = this.page.locator('.doubt');
    return (await doubt.count()) === 0 ? '' : ((await doubt.textContent()) ?? '');
  }

  /** What a screen reader would read of whatever has the focus. */
  async focused(): Promise<string> {
    return await this.page.evaluate<string>('document.activeElement?.textContent ?? ""');
  }

  /** Presses a key until something that begins with these words has the focus. */
  async tabTo(words: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    for (let presses = 0; presses < mostPresses; presses += 1) {
      await this.page.keyboard.press(key);
      if ((await this.focused()).trim().match(new RegExp(`(^|\\W|\\d)${words}`))) return;
    }
    throw new Error(`no way by keyboard to ${words}`);
  }

  /** What axe finds wrong for whoever cannot see or point, each with where. */
  async barriers(): Promise<readonly string[]> {
    await this.page.evaluate(axe.source);
    const { violations } = await this.page.evaluate<AxeResults>('axe.run()');
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
    );
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
