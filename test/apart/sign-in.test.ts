import axe, { type AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { seconds } from '../support/builders';
import { OperatorsPage, startBrowser } from '../support/operators-page';
import { Rollcall } from '../support/rollcall';
import { patience } from '../support/waiting';
import { WatchedRegion } from '../support/watched-region';

let browser: Browser;
let rollcall: Rollcall;

beforeAll(async () => {
  [browser, rollcall] = await Promise.all([startBrowser(), Rollcall.start()]);
  for (const region of ['north', 'south']) {
    const watched = await WatchedRegion.of(rollcall, region);
    await watched.join('clinic-7');
    watched.feed.close();
  }
});

afterAll(async () => {
  await Promise.allSettled([browser?.close(), rollcall?.close()]);
});

/** Somebody who signed out before, whom the issuer asks who they are. */
async function stranger(view = ''): Promise<{ readonly page: Page; readonly complaints: string[] }> {
  const context = await browser.newContext({ timezoneId: 'UTC' });
  await context.addCookies([{ name: 'rollcall-dev-role', value: 'nobody', url: `${rollcall.url}/dev` }]);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`${rollcall.url}/${view}`);
  await page.getByRole('heading', { name: 'Who are you today?' }).waitFor();
  return { page, complaints };
}

const regionsOn = async (page: Page): Promise<readonly (string | null)[]> => {
  await page.locator('.banner[data-feed="live"]').waitFor({ timeout: patience });
  const regions = await page.locator('[data-region]').all();
  return [...new Set(await Promise.all(regions.map((region) => region.getAttribute('data-region'))))].sort();
};

describe('signing in', () => {
  test.concurrent('given a newcomer on a developer’s machine, then the page shows all regions, and asks nothing', async () => {
    const context = await browser.newContext({ timezoneId: 'UTC' });
    const page = await context.newPage();
    await page.goto(rollcall.url);
    expect(await regionsOn(page)).toEqual(['north', 'south']);
    await context.close();
  });

  test.concurrent('with the keyboard alone: pick a role, come back to where you were, sign out', async () => {
    const { page, complaints } = await stranger('#/south');
    await page.evaluate(axe.source);
    expect((await page.evaluate<AxeResults>('axe.run()')).violations).toEqual([]);

    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('.banner[data-feed="live"]').waitFor();
    expect(page.url()).toBe(`${rollcall.url}/#/south`);
    await page.getByText('Operator of everything').waitFor();
    expect(await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })')).not.toMatch(
      /ey[\w-]+\.|token/i,
    );

    await page.getByRole('button', { name: 'Sign out' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Who are you today?' }).waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test.concurrent('given an issuer without a page for it, when somebody signs out, then the page hears and says no more', async () => {
    const context = await browser.newContext({ timezoneId: 'UTC' });
    const page = await context.newPage();
    await page.route('**/.well-known/openid-configuration', async (route) => {
      const { end_session_endpoint: _, ...document } = await (await route.fetch()).json();
      await route.fulfill({ json: document });
    });
    await page.clock.install();
    const socket = page.waitForEvent('websocket');
    await page.goto(rollcall.url);
    await page.locator('.banner[data-feed="live"]').waitFor({ timeout: patience });
    await page.getByRole('button', { name: 'Latest changes' }).click();
    const closed = (await socket).waitForEvent('close');
    await page.getByRole('button', { name: 'Sign out' }).click();

    await page.getByRole('heading', { name: 'Nobody is signed in' }).waitFor();
    await closed;
    expect(await page.locator('.banner, .doubt, [data-region], [data-notices-panel]').count()).toBe(0);
    expect(await page.title()).toBe('Not live · Rollcall');
    let asked = 0;
    page.on('request', (request) => {
      if (request.url().includes('/v1/')) asked += 1;
    });
    // Longer than between two looks at the list of regions.
    await page.clock.runFor(seconds(17));
    expect(asked).toBe(0);
    await context.close();
  });

  test.concurrent('given another role, then another page', async () => {
    const { page } = await stranger();
    await page.getByRole('link', { name: 'Operator of one region' }).click();
    expect(await regionsOn(page)).toEqual(['north']);
    await page.context().close();
  });

  test.concurrent('given a reload, then the issuer knows who it is, and nobody is asked', async () => {
    const { page } = await stranger();
    await page.getByRole('link', { name: 'Operator of everything' }).click();
    expect(await regionsOn(page)).toEqual(['north', 'south']);
    await page.reload();
    expect(await regionsOn(page)).toEqual(['north', 'south']);
    expect(page.url()).toBe(`${rollcall.url}/`);
    await page.context().close();
  });

  test.concurrent('given who may watch nothing, then the page says so', async () => {
    const { page, complaints } = await stranger();
    await page.getByRole('link', { name: 'Provider only' }).click();
    await page.locator('.banner[data-feed="forbidden"]').waitFor();
    await page.getByText('You are signed in, and may watch no region.').waitFor();
    // The browser itself writes down that the live feed is closed to them.
    expect(complaints.filter((text) => !/status of 403/.test(text))).toEqual([]);
    await page.context().close();
  });

  test.concurrent('given a Rollcall that takes no token of the issuer, then the page says so, and does not go on asking for others', async () => {
    const context = await browser.newContext({ timezoneId: 'UTC' });
    const page = await context.newPage();
    let tokens = 0;
    page.on('request', (request) => {
      if (request.url().endsWith('/dev/sign-in/token')) tokens += 1;
    });
    await page.clock.install();
    await page.route('**/v1/**', (route) => route.fulfill({ status: 401 }));
    await page.goto(rollcall.url);
    await page.getByText('this Rollcall does not accept you').waitFor({ timeout: patience });
    await page.clock.runFor(seconds(30));
    // One for the sign-in, one in place of the first that was refused.
    expect(tokens).toBe(2);
    await context.close();
  });

  test.concurrent(
    'given Rollcall is started anew with other keys, then the page gets a new token, and needs no reload',
    async () => {
      let unsteady = await Rollcall.start();
      const opened = await OperatorsPage.open(browser, unsteady, 'north');
      await opened.banner('live');
      await unsteady.close();
      unsteady = await Rollcall.start({ port: unsteady.port });
      await opened.banner('live', patience);
      const region = await WatchedRegion.of(unsteady, 'north');
      await region.join('back');
      await opened.facility('back', 'online');
      expect(opened.loads).toBe(1);
      region.feed.close();
      await opened.close();
      await unsteady.close();
    },
    seconds(100),
  );
});
