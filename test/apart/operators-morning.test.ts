import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { seconds } from '../support/builders';
import { OperatorsPage, startBrowser } from '../support/operators-page';
import { Rollcall } from '../support/rollcall';
import { patience } from '../support/waiting';
import { WatchedRegion } from '../support/watched-region';

/** One beat that promises the next within 5 s: its lease, the reserve, and two ticks (SPEC, "How long it takes"). */
const timesOut = seconds(3 * 5 + 5 + 5 + 10 + 2) + patience;
const name = '=Clinic seven <b>';
let browser: Browser;
let rollcall: Rollcall;
let region: WatchedRegion;

beforeAll(async () => {
  [browser, rollcall] = await Promise.all([startBrowser(), Rollcall.start()]);
  region = await WatchedRegion.of(rollcall, 'north');
  const path = '/v1/regions/north/facility?id=clinic-7';
  await rollcall.send('PUT', path, region.token, { name });
  await region.beats([
    { sessionId: 'stays', facilities: ['clinic-1', 'clinic-2', 'clinic-3'], next: 300 },
    { sessionId: 'falls-silent', facilities: ['clinic-7'], next: 5 },
  ]);
  await region.feed.change('clinic-7', { reason: 'timeout' }, timesOut);
}, timesOut + seconds(60));

afterAll(async () => {
  region?.feed.close();
  await Promise.allSettled([browser?.close(), rollcall?.close()]);
});

/** What the keyboard is on, as somebody hears it. */
const focused = (page: Page): Promise<string> =>
  page.evaluate<string>(`(() => {
    const element = document.activeElement;
    const labels = [...(element?.labels ?? [])].map(({ innerText }) => innerText).join(' ');
    return (labels || element?.getAttribute('aria-label') || element?.innerText || '').replace(/\\s+/g, ' ').trim();
  })()`);

/** Presses Tab until the keyboard is on something of this name; a page that never gets there is a page for mice. */
async function tabTo(page: Page, wanted: RegExp): Promise<void> {
  const passed: string[] = [];
  while (passed.length < 60) {
    await page.keyboard.press('Tab');
    const now = await focused(page);
    if (wanted.test(now)) return;
    passed.push(now);
  }
  throw new Error(`the keyboard did not get to ${wanted}, but to: ${passed.join(' | ')}`);
}

async function open(page: Page, wanted: RegExp): Promise<void> {
  await tabTo(page, wanted);
  await page.keyboard.press('Enter');
}

test(
  'an operator’s morning, with the keyboard alone: find the offline ones, open one, see why, set maintenance, export',
  async () => {
    const opened = await OperatorsPage.open(browser, rollcall, undefined, {
      role: 'manager',
      acceptDownloads: true,
    });
    const { page } = opened;
    await opened.banner('live');
    expect(await opened.barriers()).toEqual([]);

    // Find the offline ones: the number is the filter.
    await open(page, /^1 offline$/);
    await page.locator('.facility[data-status="offline"]').waitFor();
    expect(page.url()).toContain('status=offline');
    expect(await opened.barriers()).toEqual([]);

    // Open one, and see why.
    await open(page, /Clinic seven/);
    await page.getByRole('heading', { level: 1, name: 'Clinic seven' }).waitFor();
    await page.locator('main').getByText('went silent').first().waitFor();
    expect(await opened.barriers()).toEqual([]);

    // Set a maintenance window.
    await open(page, /^Set maintenance$/);
    await page.getByRole('heading', { level: 2, name: 'Maintenance' }).waitFor();
    await open(page, /^2 h$/);
    await tabTo(page, /^Reason/);
    await page.keyboard.type('New cables');
    await page.keyboard.press('Enter');
    await page.locator('.window[data-when="now"]').getByText('New cables').waitFor();
    expect(await opened.barriers()).toEqual([]);

    // Back to the region, which says so, and export it.
    await page.keyboard.press('Control+Home');
    await page.locator('.path a', { hasText: 'north' }).focus();
    await page.keyboard.press('Enter');
    await page
      .locator('.facility[data-facility="clinic-7"]')
      .getByText('Maintenance')
      .waitFor({ timeout: patience });
    const downloaded = page.waitForEvent('download');
    await open(page, /^Export CSV$/);
    const download = await downloaded;
    expect(download.suggestedFilename()).toMatch(/^rollcall-north-.*\.csv$/);
    const csv = readFileSync(await download.path(), 'utf8');
    expect(csv).toContain('clinic-1');
    // A spreadsheet must not take a name for a formula.
    expect(csv).toMatch(/'=Clinic seven <b>/);

    expect(opened.loads).toBe(1);
    expect(opened.complaints).toEqual([]);
    await opened.close();
  },
  timesOut + seconds(60),
);
