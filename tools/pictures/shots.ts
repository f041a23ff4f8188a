import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { ConfigurationRefused } from '../../core/errors';
import type { Scene } from './scene';

/** One picture: where the page is, on which screen, and what must be the case before it is taken. */
export interface Shot {
  readonly name: string;
  readonly hash: (scene: Scene) => string;
  readonly screen: BrowserContextOptions;
  /** What the page must say of itself. */
  readonly feed: 'live' | 'delayed' | 'reconnecting';
  /** Shown before the picture is taken. */
  readonly shows: string;
}

const low = { viewport: { width: 1100, height: 560 } } as const;
const wide = { viewport: { width: 1200, height: 720 } } as const;
const phone = { viewport: { width: 390, height: 760 }, isMobile: true, hasTouch: true } as const;
const wall = { viewport: { width: 1280, height: 720 } } as const;
const dark = { colorScheme: 'dark' } as const;
const overview = (): string => '#/';
const facility = ({ told }: Scene): string => `#/${told.region}/${told.id}`;

/** In the order in which they are taken. */
export const shots: readonly Shot[] = [
  { name: 'overview', hash: overview, screen: wide, feed: 'live', shows: '.region' },
  { name: 'dark', hash: overview, screen: { ...wide, ...dark }, feed: 'live', shows: '.region' },
  { name: 'region', hash: () => '#/north', screen: wide, feed: 'live', shows: '.facility' },
  { name: 'facility', hash: facility, screen: wide, feed: 'live', shows: 'h1' },
  { name: 'phone', hash: () => '#/north', screen: phone, feed: 'live', shows: '.facility' },
  {
    name: 'tv',
    hash: () => '#/~tv?region=north',
    screen: { ...wall, ...dark },
    feed: 'live',
    shows: '.tv-facility',
  },
  { name: 'tv-all', hash: () => '#/~tv', screen: { ...wall, ...dark }, feed: 'live', shows: '.tv-region' },
  {
    name: 'registry',
    hash: ({ told }) => `#/~registry/${told.region}?facility=${told.id}`,
    screen: { viewport: { width: 1200, height: 860 } },
    feed: 'live',
    shows: '.registry-columns',
  },
  { name: 'delayed', hash: () => '#/north', screen: low, feed: 'delayed', shows: '.facility' },
  { name: 'disconnected', hash: overview, screen: low, feed: 'reconnecting', shows: '.region' },
  {
    name: 'tv-disconnected',
    hash: () => '#/~tv?region=north',
    screen: { ...wall, ...dark },
    feed: 'reconnecting',
    shows: '.tv-facility',
  },
];

/** A page that waits for its picture. */
export class Sitting {
  private constructor(
    private readonly shot: Shot,
    private readonly page: Page,
  ) {}

  /** Opens the page as a manager, whom the local issuer knows already. */
  static async of(shot: Shot, scene: Scene, browser: Browser, url: string): Promise<Sitting> {
    const context = await browser.newContext({
      locale: 'en-GB',
      timezoneId: 'Europe/Madrid',
      reducedMotion: 'reduce',
      ...shot.screen,
    });
    await context.addCookies([{ name: 'rollcall-dev-role', value: 'manager', url: `${url}/dev` }]);
    const page = await context.newPage();
    await page.goto(`${url}/${shot.hash(scene)}`);
    await page.locator('[data-feed="live"]').first().waitFor({ timeout: patienceMs });
    await page.locator(shot.shows).first().waitFor({ timeout: patienceMs });
    return new Sitting(shot, page);
  }

  /**
   * Takes the picture once the page says what it is to say.
   * @throws ConfigurationRefused for one that is too large for a document
   */
  async take(directory: string): Promise<string> {
    const { name, feed } = this.shot;
    const path = join(directory, `${name}.png`);
    await this.page.locator(`[data-feed="${feed}"]`).first().waitFor({ timeout: patienceMs });
    await this.page.evaluate('document.fonts.ready');
    await this.page.waitForTimeout(name.startsWith('tv') ? unattendedMs : settleMs);
    await this.page.screenshot({ path });
    await this.page.context().close();
    const { size } = statSync(path);
    if (size > mostBytes) {
      throw new ConfigurationRefused(
        `${path} has ${size} bytes; make its screen smaller in tools/pictures/shots.ts.`,
      );
    }
    return path;
  }
}

const patienceMs = 90_000;
/** Until what was just drawn has come to rest. */
const settleMs = 700;
/** Until the controls of the wall are gone. */
const unattendedMs = 4_500;
const mostBytes = 150_000;
