import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { pingEveryMs } from '../../client/live/feed';
import { seconds } from '../support/builders';
import { OperatorsPage, startBrowser } from '../support/operators-page';
import { Rollcall } from '../support/rollcall';
import { patience } from '../support/waiting';
import { WatchedRegion } from '../support/watched-region';

const long = 300;
const hashes = [
  '#/',
  '#/*',
  '#/town',
  '#/town?as=tiles',
  '#/town/clinic-1',
  '#/~tv?region=town',
  '#/~registry/town',
];

const data = mkdtempSync(join(tmpdir(), 'rollcall-data-'));
let browser: Browser;
let rollcall: Rollcall;

beforeAll(async () => {
  [browser, rollcall] = await Promise.all([startBrowser(), Rollcall.start({ data })]);
}, seconds(90));

afterAll(async () => {
  await Promise.allSettled([browser?.close(), rollcall?.close()]);
  rmSync(data, { recursive: true, force: true });
});

test('CD4 given the server goes away, then every view says so within two pings; once it is back, each is live within 10 s, without a reload, and right', async () => {
  const town = await WatchedRegion.of(rollcall, 'town');
  await town.join('clinic-1');
  const pages = await Promise.all(hashes.map((hash) => OperatorsPage.openAt(browser, rollcall, hash)));
  await Promise.all(pages.map((page) => page.banner('live')));
  expect(await Promise.all(pages.map((page) => page.doubt()))).toEqual(pages.map(() => ''));

  await rollcall.close();
  const goneAtMs = Date.now();
  await Promise.all(pages.map((page) => page.banner('reconnecting', 2 * pingEveryMs)));
  expect(Date.now() - goneAtMs).toBeLessThan(2 * pingEveryMs);
  for (const page of pages) {
    expect(await page.doubt()).toMatch(/^The link is lost\..*true at \d\d:\d\d:\d\d/);
    expect(await page.page.title()).toMatch(/^Not live/);
    expect(await page.page.locator('main').getAttribute('data-believed')).toBe('false');
    expect(await page.page.getByRole('alert').textContent()).toMatch(/^The link is lost/);
  }

  rollcall = await Rollcall.start({ data, port: rollcall.port });
  const backAtMs = Date.now();
  await Promise.all(pages.map((page) => page.banner('live')));
  expect(Date.now() - backAtMs).toBeLessThan(seconds(10));
  console.log(`every view live ${Date.now() - backAtMs} ms after the server was`);

  const again = await WatchedRegion.of(rollcall, 'town');
  await again.beat({ sessionId: 'second', facilities: ['clinic-2'], next: long });
  const [, all, region, tiles] = pages;
  await all?.facility('clinic-2', 'online');
  await region?.facility('clinic-2', 'online');
  await tiles?.page
    .locator('.tile[data-facility="clinic-2"][data-status="online"]')
    .waitFor({ timeout: patience });
  await region?.facility('clinic-1', 'online');
  for (const page of pages) {
    expect(page.loads).toBe(1);
    expect(await page.doubt()).toBe('');
    await page.close();
  }
}, 120_000);
