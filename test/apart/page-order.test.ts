import type { Browser } from 'playwright-core';
import { seconds } from '../support/builders';
import { OperatorsPage, startBrowser } from '../support/operators-page';
import { Rollcall } from '../support/rollcall';
import { patience } from '../support/waiting';
import { WatchedRegion } from '../support/watched-region';

const leaves = seconds(10) + patience;
const long = 300;

let browser: Browser;
let rollcall: Rollcall;

beforeAll(async () => {
  [browser, rollcall] = await Promise.all([startBrowser(), Rollcall.start()]);
}, seconds(90));

afterAll(async () => {
  await Promise.allSettled([browser?.close(), rollcall?.close()]);
});

test('arrows lead through the list, and what is offline does not slip away under the focus', async () => {
  const town = await WatchedRegion.of(rollcall, 'street');
  await town.beats(
    [1, 2, 3, 4].map((number) => ({ sessionId: `s${number}`, facilities: [`door-${number}`], next: long })),
  );
  const page = await OperatorsPage.openAt(browser, rollcall, '#/street');
  await page.facility('door-4', 'online');
  await page.tabTo('door-1');
  await page.page.keyboard.press('ArrowDown');
  await page.page.keyboard.press('End');
  expect(await page.focused()).toBe('door-4');

  await town.beat({ sessionId: 's3', facilities: ['door-3'], next: 0 });
  await page.facility('door-3', 'offline', leaves);
  const order = page.page.locator('.facility-name a');
  expect(await order.allTextContents()).toEqual(['door-1', 'door-2', 'door-3', 'door-4']);
  expect(await page.focused()).toBe('door-4');
  await page.page.keyboard.press('ArrowUp');
  expect(await page.focused()).toBe('door-3');
  expect(await order.allTextContents()).toEqual(['door-1', 'door-2', 'door-3', 'door-4']);
  await page.page.getByRole('button', { name: 'Sort now' }).click();
  expect(await order.allTextContents()).toEqual(['door-3', 'door-1', 'door-2', 'door-4']);
  await page.close();
});
