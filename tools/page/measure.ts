import type { Browser, CDPSession, Page } from 'playwright-core';
import type { FakeRegion } from '../../client/testing/region';
import type { Probe } from './probe';
import { probeScript } from './probe';
import type { PageServer } from './server';

export const facilityCount = 10_000;
export const changesInOne = 1_000;
const rounds = 20;
/** Two changes of each facility in an hour, which is a bad one, in messages as long as the server makes them. */
const hourlyChanges = 2 * facilityCount;
const changesInEntry = 49;
const quarters = 4;
export const region = 'measured';

export interface Figures {
  readonly firstContentMs: number;
  /** From the arrival of a message until its work was done, and until it was on the screen; of each round. */
  readonly workedMs: readonly number[];
  readonly drawnMs: readonly number[];
  readonly messageKb: number;
  readonly scrolledLines: number;
  readonly scrollLongTasks: readonly number[];
  /** Before, and after each quarter of an hour. */
  readonly heapMb: readonly number[];
}

/** Measures the page with so many facilities in one region, in a browser that does nothing else. */
export async function measure(browser: Browser, server: PageServer, url: string): Promise<Figures> {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 900 } });
  // The issuer knows the operator, and asks nothing.
  await context.addCookies([{ name: 'rollcall-dev-role', value: 'everything', url: `${url}/dev` }]);
  const page = await context.newPage();
  await page.addInitScript(probeScript);
  await page.goto(`${url}/#/${region}`);
  await page.waitForSelector('.banner[data-feed="live"]');
  await page.waitForTimeout(2_000);
  const firstContentMs = await firstContent(page);
  const burst = await changesAtOnce(page, server);
  const scrolled = await scroll(page);
  const heapMb = await anHour(page, await context.newCDPSession(page), server);
  await context.close();
  return { firstContentMs, ...burst, ...scrolled, heapMb };
}

const probed = async (page: Page): Promise<Probe> => await page.evaluate<Probe>('window.__probe');

/** From the last byte of the snapshot until the first facility was on the screen. */
async function firstContent(page: Page): Promise<number> {
  const { firstRowMs = Number.NaN } = await probed(page);
  const arrivedMs = await page.evaluate<number>(
    `Math.max(...performance.getEntriesByType('resource').filter(({ name }) => name.includes('/regions/${region}')).map(({ responseEnd }) => responseEnd))`,
  );
  return firstRowMs - arrivedMs;
}

async function changesAtOnce(page: Page, server: PageServer) {
  await page.evaluate('window.__probe.messages.length = 0');
  for (let round = 0; round < rounds; round += 1) {
    changeSome(server, changesInOne, round);
    await page.waitForTimeout(500);
  }
  const { messages } = await probed(page);
  const long = messages.filter(({ bytes }) => bytes > 50_000);
  return {
    workedMs: long.map(({ workedMs }) => workedMs),
    drawnMs: long.map(({ drawnMs }) => drawnMs),
    messageKb: Math.max(...long.map(({ bytes }) => bytes)) / 1_024,
  };
}

/** Other facilities each time; half of them go, half come. */
function changeSome(server: PageServer, count: number, round: number): void {
  const measured: FakeRegion = server.fake.region(region);
  const ids = [...measured.facilities.keys()];
  const from = measured.log.length;
  for (let index = 0; index < count; index += 1) {
    const id = ids[(round * count + index * 7) % ids.length] ?? '';
    const status = measured.facilities.get(id)?.status === 'online' ? 'offline' : 'online';
    measured.set(id, { status });
  }
  server.tellTogether(measured.log.slice(from));
}

/** From the first line to the last, as fast as a wheel can be turned. */
async function scroll(page: Page) {
  await page.evaluate('window.__probe.longTasks.length = 0');
  await page.mouse.move(640, 500);
  const height = await page.evaluate<number>('document.documentElement.scrollHeight');
  for (let scrolled = 0; scrolled < height; scrolled += 1_500) await page.mouse.wheel(0, 1_500);
  await page.waitForTimeout(500);
  const lines = await page.evaluate<number>('Math.round(scrollY / 40)');
  const { longTasks } = await probed(page);
  await page.mouse.move(5, 5);
  return { scrolledLines: lines, scrollLongTasks: longTasks };
}

async function anHour(page: Page, session: CDPSession, server: PageServer): Promise<readonly number[]> {
  const heapMb = [await usedHeapMb(session)];
  const messages = Math.ceil(hourlyChanges / changesInEntry / quarters);
  for (let quarter = 0; quarter < quarters; quarter += 1) {
    for (let message = 0; message < messages; message += 1) {
      changeSome(server, changesInEntry, quarter * messages + message);
      await page.waitForTimeout(5);
    }
    await page.waitForTimeout(2_000);
    heapMb.push(await usedHeapMb(session));
  }
  return heapMb;
}

async function usedHeapMb(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 1_024 / 1_024;
}
