import type { Browser } from 'playwright-core';
import { seconds } from '../support/builders';
import { OperatorsPage, startBrowser } from '../support/operators-page';
import { Rollcall } from '../support/rollcall';
import { patience } from '../support/waiting';
import { WatchedRegion } from '../support/watched-region';

/** How long it takes until a session that left is declared so. */
const leaves = seconds(10) + patience;
const long = 300;

let browser: Browser;
let rollcall: Rollcall;

beforeAll(async () => {
  [browser, rollcall] = await Promise.all([startBrowser(), Rollcall.start()]);
  await townWithEverything();
}, seconds(90));

afterAll(async () => {
  await Promise.allSettled([browser?.close(), rollcall?.close()]);
});

/** A town with whatever there is to show: online, offline, named, maintained, and somebody present. */
async function townWithEverything(): Promise<void> {
  const town = await WatchedRegion.of(rollcall, 'town');
  await town.beats([
    { sessionId: 's1', facilities: ['clinic-1'], next: long, attributes: { desk: 3, mood: 'calm' } },
    { sessionId: 's2', facilities: ['clinic-2'], next: long },
    { sessionId: 's3', facilities: ['lab/1'], next: long },
  ]);
  await town.feed.change('clinic-2', { status: 'online' }, patience);
  const maintenance = [{ from: '2026-01-01T00:00:00Z', to: '2099-01-01T00:00:00Z', note: 'New floor' }];
  const registry = { name: 'Saint <b>Mary</b>', address: 'Main Street 1', tags: ['old'], maintenance };
  await rollcall.send('PUT', '/v1/regions/town/facility?id=lab%2F1', town.token, registry);
  await town.beat({ sessionId: 's2', facilities: ['clinic-2'], next: 0 });
  await town.feed.change('clinic-2', { status: 'offline' }, leaves);
}

/** Every view, and each way to look at it. */
const views = [
  ['overview', '#/'],
  ['all facilities', '#/*?status=offline'],
  ['region', '#/town'],
  ['groups', '#/town?as=groups'],
  ['tiles', '#/town?as=tiles'],
  ['facility online', '#/town/clinic-1'],
  ['facility offline', '#/town/clinic-2?span=7d'],
  ['facility in maintenance', '#/town/lab/1'],
] as const;

describe('every view', () => {
  test.each(views.flatMap(([name, hash]) => [[name, hash, 'light'] as const, [name, hash, 'dark'] as const]))(
    '%s (%s), %s: axe finds no barrier, the security policy no violation',
    async (_, hash, colorScheme) => {
      const page = await OperatorsPage.openAt(browser, rollcall, hash, { colorScheme });
      await page.banner('live');
      await page.page.locator('h1').waitFor();
      await page.page.waitForLoadState('networkidle');
      expect(await page.barriers()).toEqual([]);
      expect(page.complaints).toEqual([]);
      await page.close();
    },
  );

  test('the latest changes: the same, while somebody comes', async () => {
    const page = await OperatorsPage.openAt(browser, rollcall, '#/town');
    await page.banner('live');
    const town = await WatchedRegion.of(rollcall, 'town');
    await town.beat({ sessionId: 'new', facilities: ['clinic-9'], next: long });
    await page.page.getByRole('button', { name: 'Latest changes, 1 new' }).click({ timeout: patience });
    await page.page.getByRole('link', { name: 'clinic-9 came online' }).waitFor();
    expect(await page.barriers()).toEqual([]);
    expect(await page.page.locator('[aria-live="polite"]').textContent()).toBe(
      'clinic-9 came online in town.',
    );
    expect(page.complaints).toEqual([]);
    await page.close();
  });
});

describe('a facility', () => {
  test('says why it is offline, what became of it, and how it is named; markup in a name is text', async () => {
    const page = await OperatorsPage.openAt(browser, rollcall, '#/town/clinic-2');
    await page.page.getByText('Offline because the last session said goodbye').waitFor({ timeout: patience });
    await page.page.locator('tr[data-session="left"]').waitFor();
    const changes = page.page.locator('.transitions tbody tr');
    await changes.nth(1).waitFor();
    const words = await changes.locator('th').allTextContents();
    expect(words.map((text) => text.trim())).toEqual(['Offline · left', 'Online']);
    await page.page.goto(`${rollcall.url}/#/town/lab/1`);
    await page.page.getByRole('heading', { name: 'Saint <b>Mary</b>', level: 1 }).waitFor();
    await page.page.getByText('New floor').waitFor();
    await page.page.getByText('Main Street 1').waitFor();
    expect(page.complaints).toEqual([]);
    await page.close();
  });

  test('says who is present, live, with what their front ends say of them', async () => {
    const page = await OperatorsPage.openAt(browser, rollcall, '#/town/clinic-1');
    await page.page.locator('.user', { hasText: 'ana' }).getByText('calm').waitFor({ timeout: patience });
    const town = await WatchedRegion.of(rollcall, 'town');
    await town.beat({ sessionId: 's1', facilities: ['clinic-1'], next: long, attributes: { mood: 'busy' } });
    await page.page.locator('.user', { hasText: 'ana' }).getByText('busy').waitFor({ timeout: patience });
    await page.close();
  });
});

describe('a link', () => {
  test('shows the same facilities to whoever opens it, and a number is a filter', async () => {
    const page = await OperatorsPage.openAt(browser, rollcall, '#/');
    await page.page
      .getByRole('link', { name: /offline$/ })
      .first()
      .click({ timeout: patience });
    await page.facility('clinic-2', 'offline');
    await page.page.getByRole('searchbox').fill('clinic');
    await page.page.getByRole('button', { name: 'Tiles' }).click();
    const { url } = { url: page.page.url() };
    expect(url).toBe(`${rollcall.url}/#/*?q=clinic&status=offline&as=tiles`);
    const other = await OperatorsPage.openAt(browser, rollcall, url.slice(rollcall.url.length + 1));
    await other.page.locator('.tile[data-facility="clinic-2"]').waitFor({ timeout: patience });
    expect(await other.page.locator('.tile').count()).toBe(1);
    await Promise.all([page.close(), other.close()]);
  });
});

describe("an operator's morning, by keyboard alone", () => {
  test('finds what is offline, opens one, sees why, comes back to it, and takes the list along', async () => {
    const page = await OperatorsPage.openAt(browser, rollcall, '#/', { acceptDownloads: true });
    await page.banner('live');
    const { keyboard } = page.page;
    await page.tabTo('offline');
    await keyboard.press('Enter');
    await page.facility('clinic-2', 'offline');
    expect(await page.focused()).toBe('All facilities');

    await page.tabTo('clinic-2');
    await keyboard.press('Enter');
    await page.page.getByText('Offline because the last session said goodbye').waitFor({ timeout: patience });
    expect(await page.focused()).toBe('clinic-2');

    // What Alt and the left arrow do in a browser with windows.
    await page.page.goBack();
    await page.page.locator('.facility[data-facility="clinic-2"] a:focus').waitFor();
    const downloaded = page.page.waitForEvent('download');
    await page.tabTo('Export CSV', 'Shift+Tab');
    await keyboard.press('Enter');
    const file = await downloaded;
    expect(file.suggestedFilename()).toMatch(/^rollcall-all-.*Z\.csv$/);
    expect(page.loads).toBe(1);
    expect(page.complaints).toEqual([]);
    await page.close();
  });
});
