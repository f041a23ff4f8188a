import { setTimeout as sleep } from 'node:timers/promises';
import { App, type AppRegion, withBrowser } from '../support/app';
import { seconds } from '../support/builders';
import type { Chromium, Tab } from '../support/chromium';
import { patience, until } from '../support/waiting';

const intervalSeconds = 10;
const interval = seconds(intervalSeconds);

let app: App;
beforeAll(async () => {
  app = await App.start({ tick: 1 });
});
afterAll(async () => await app?.close());

/** Opens five tabs of one user; the first one leads. */
async function fiveTabs(browser: Chromium, region: AppRegion): Promise<Tab[]> {
  const tabs: Tab[] = [];
  for (let count = 0; count < 5; count += 1) {
    const tab = await region.open(browser, { interval: intervalSeconds });
    await tab.says('connectivity', 'connected');
    tabs.push(tab);
  }
  await region.becomes('online', patience);
  return tabs;
}

/** The sessions that have beaten since then; a goodbye is no beat. */
const sessions = (region: AppRegion, sinceMs = 0): readonly string[] => [
  ...new Set(
    region
      .beats(sinceMs)
      .filter(({ next }) => next > 0)
      .map(({ sessionId }) => sessionId),
  ),
];

test.concurrent('given five tabs, then they send one tab’s worth of beats', async () => {
  await withBrowser(async (browser) => {
    const region = await app.region('five');
    await fiveTabs(browser, region);
    const sinceMs = Date.now();
    await sleep(2.5 * interval);
    expect(region.beats(sinceMs).length).toBeGreaterThanOrEqual(2);
    expect(region.beats(sinceMs).length).toBeLessThanOrEqual(3);
    expect(sessions(region)).toHaveLength(1);
  });
});

test.concurrent.each([
  ['closed', async (tab: Tab) => await tab.close()],
  ['frozen', async (tab: Tab) => await tab.freeze()],
  ['crashed', async (tab: Tab) => tab.crash()],
] as const)(
  'given the tab that leads is %s, then another one leads within an interval, and nobody hears of it',
  async (name, end) => {
    await withBrowser(async (browser) => {
      const region = await app.region(name);
      const [leader, ...others] = await fiveTabs(browser, region);
      if (leader === undefined) throw new Error('there are five');
      const [first] = sessions(region);
      const endedAtMs = Date.now();

      await end(leader);
      const next = await until(patience + interval, 'another tab to beat', () =>
        region.beats(endedAtMs).find(({ sessionId, next: promised }) => promised > 0 && sessionId !== first),
      );

      console.log(`${name}: another tab leads ${next.atMs - endedAtMs} ms later`);
      expect(next.atMs - endedAtMs).toBeLessThan(interval);
      for (const other of others) await other.says('connectivity', 'connected');
      const sinceMs = Date.now();
      await sleep(1.5 * interval);
      expect(sessions(region, sinceMs)).toEqual([next.sessionId]);
      expect(region.transitions).toEqual(['online heartbeat']);
    });
  },
);

test.concurrent('HB4 given all five are closed at once, then the user has left', async () => {
  await withBrowser(async (browser) => {
    const region = await app.region('all-closed');
    const tabs = await fiveTabs(browser, region);
    await browser.open('about:blank');
    const closedAtMs = Date.now();
    await Promise.all(tabs.map((tab) => tab.close()));
    const { heardAtMs, reason } = await region.becomes('offline', patience + seconds(60));
    console.log(`all closed: offline ${heardAtMs - closedAtMs} ms later, reason ${reason}`);
    expect(reason).toBe('leave');
    expect(heardAtMs - closedAtMs).toBeLessThan(seconds(10 + 2 + 4) + seconds(1));
  });
});
