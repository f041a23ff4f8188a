import type { Browser } from 'playwright-core';
import { seconds } from '../support/builders';
import { OperatorsPage, startBrowser } from '../support/operators-page';
import { Rollcall } from '../support/rollcall';
import { patience } from '../support/waiting';
import { WatchedRegion } from '../support/watched-region';

const wall = { viewport: { width: 1280, height: 720 } } as const;
let browser: Browser;
let rollcall: Rollcall;

beforeAll(async () => {
  [browser, rollcall] = await Promise.all([startBrowser(), Rollcall.start()]);
  const everything = { '*': ['*'] };
  const boss = await rollcall.token({ watch: everything, manage: everything }, 'boss');
  for (const name of ['north', 'south', 'west']) {
    const region = await WatchedRegion.of(rollcall, name);
    await region.join('here');
    await rollcall.send('PUT', `/v1/regions/${name}/facility?id=gone`, boss, { name: `Gone in ${name} <b>` });
    region.feed.close();
  }
});

afterAll(async () => {
  await Promise.allSettled([browser?.close(), rollcall?.close()]);
});

describe('the wall', () => {
  test('goes through the chosen regions by itself, and says what is offline, since when and why', async () => {
    const opened = await OperatorsPage.open(browser, rollcall, '~tv?region=north&region=south&turn=5', wall);
    const { page } = opened;
    await page.getByRole('heading', { name: '2 facilities offline' }).waitFor();
    expect(await page.locator('.tv-region-name').allTextContents()).toEqual([' north', ' south']);
    expect(await opened.barriers()).toEqual([]);

    await page.getByRole('heading', { name: 'north' }).waitFor({ timeout: seconds(8) });
    await page.getByText('Gone in north <b>').waitFor();
    expect(await page.locator('.tv-facility-why').textContent()).toMatch(
      /^Not heard of yet · since \d\d:\d\d:\d\d/,
    );
    expect(await opened.barriers()).toEqual([]);
    await page.getByRole('heading', { name: 'south' }).waitFor({ timeout: seconds(8) });
    await page.getByRole('heading', { name: '2 facilities offline' }).waitFor({ timeout: seconds(8) });
    expect(opened.complaints).toEqual([]);
    await opened.close();
  });

  test('with the keyboard: on, back, pause, another choice of regions, and out', async () => {
    const opened = await OperatorsPage.open(browser, rollcall, '~tv', wall);
    const { page } = opened;
    await page.getByRole('heading', { name: '3 facilities offline' }).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('heading', { name: 'north' }).waitFor();
    await page.keyboard.press('ArrowLeft');
    await page.getByRole('heading', { name: '3 facilities offline' }).waitFor();
    await page.keyboard.press(' ');
    await page.locator('button[aria-pressed="true"]', { hasText: 'Pause' }).waitFor();

    await page.locator('summary').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('checkbox', { name: 'west' }).focus();
    await page.keyboard.press(' ');
    await page.waitForURL(/#\/~tv\?region=west$/);
    await page.getByRole('heading', { name: 'west' }).waitFor();
    await page.keyboard.press('Escape');
    await page.waitForURL(/#\/$/);
    await opened.close();
  });

  test(
    'given the link is lost, then nobody at the other end of the room takes it for live',
    async () => {
      const opened = await OperatorsPage.open(browser, rollcall, '~tv?region=north', wall);
      const { page } = opened;
      await page.locator('.tv[data-feed="live"]').waitFor();
      await rollcall.close();
      await page.locator('.tv[data-feed="reconnecting"]').waitFor({ timeout: seconds(45) });
      await page.getByText('Not live', { exact: true }).waitFor();
      await page.getByText(/^True at/).waitFor();
      const fontSize = await page.evaluate<string>(
        "getComputedStyle(document.querySelector('.tv-feed-word')).fontSize",
      );
      expect(Number.parseFloat(fontSize)).toBeGreaterThan(30);
      expect(await opened.barriers()).toEqual([]);
      await opened.close();
    },
    seconds(60) + patience,
  );
});
