import { setTimeout as sleep } from 'node:timers/promises';
import { App, type AppRegion, withBrowser } from '../support/app';
import { seconds } from '../support/builders';
import { patience } from '../support/waiting';

/** How long a tab is hidden, and how long the network is cut; longer ones are for whoever asks. */
const hiddenMs = seconds(Number(process.env.ROLLCALL_HIDDEN_SECONDS ?? 20));
const longCutMs = seconds(Number(process.env.ROLLCALL_CUT_SECONDS ?? 45));
const shortCutMs = seconds(20);

const tick = 1;
/** HB4: leaveGrace + 2 × tick + 4 s. */
const leavesWithinMs = seconds(10 + 2 * tick + 4);
/** HB3, HB6: lease and reserve of beats every 5 s, and what telling it takes. */
const timesOutWithinMs = seconds(3 * 5 + 5 + 5 + 10 + 2 * tick + 4);

jest.setTimeout(Math.max(hiddenMs, longCutMs) + seconds(120));

let app: App;
beforeAll(async () => {
  app = await App.start({ tick });
});
afterAll(async () => await app?.close());

/** The longest pause between two beats of these. */
const longestPauseMs = (region: AppRegion, sinceMs: number): number => {
  const times = region.beats(sinceMs).map(({ atMs }) => atMs);
  return Math.max(...times.map((atMs, index) => atMs - (times[index - 1] ?? sinceMs)));
};

describe('HB2 the heartbeat of a real tab', () => {
  test.concurrent('given it is hidden, then it beats on time, although its own timers are throttled', async () => {
    await withBrowser(async (browser) => {
      const region = await app.region('hidden');
      const tab = await region.open(browser, { interval: 5 });
      await tab.says('connectivity', 'connected');
      await tab.evaluate('globalThis.turns = 0; setInterval(() => { turns += 1; }, 100); 0');
      await browser.open('about:blank');
      expect(await tab.evaluate('document.visibilityState')).toBe('hidden');
      const hiddenAtMs = Date.now();

      await sleep(hiddenMs);

      const expected = Math.floor(hiddenMs / 5_000);
      const beats = region.beats(hiddenAtMs);
      const [turns, wanted] = [await tab.evaluate<number>('turns'), hiddenMs / 100];
      console.log(
        `hidden for ${hiddenMs / 1_000} s: ${beats.length} beats, longest pause ${longestPauseMs(region, hiddenAtMs)} ms; ` +
          `its own timer ran ${turns} times instead of ${wanted}`,
      );
      expect(beats.length).toBeGreaterThanOrEqual(expected - 1);
      expect(longestPauseMs(region, hiddenAtMs)).toBeLessThan(seconds(8));
      expect(new Set(beats.map(({ next }) => next))).toEqual(new Set([5]));
      // The throttling was on.
      expect(turns).toBeLessThan(wanted / 5);
      expect(region.transitions).toEqual(['online heartbeat']);
    });
  });

  test.concurrent('HB4 given a reload, then nobody hears of it; given the last tab is closed, then the user has left', async () => {
    await withBrowser(async (browser) => {
      const region = await app.region('reload');
      const tab = await region.open(browser);
      await tab.says('connectivity', 'connected');
      await region.becomes('online', patience);

      await tab.reload();
      await tab.says('connectivity', 'connected');
      await sleep(leavesWithinMs);

      expect(region.transitions).toEqual(['online heartbeat']);
      const sessions = new Set(region.beats().map(({ sessionId }) => sessionId));
      expect(sessions.size).toBe(2);
      expect(region.beats().filter(({ next }) => next === 0)).toHaveLength(1);

      await browser.open('about:blank');
      const closedAtMs = Date.now();
      await tab.close();
      const { heardAtMs, reason } = await region.becomes('offline', leavesWithinMs + patience);
      console.log(`closed: offline ${heardAtMs - closedAtMs} ms later, reason ${reason}`);
      expect(heardAtMs - closedAtMs).toBeLessThan(leavesWithinMs);
      expect(reason).toBe('leave');
    });
  });

  test.concurrent('HB3 given the browser is killed, then the user times out', async () => {
    await withBrowser(async (browser) => {
      const region = await app.region('killed');
      const tab = await region.open(browser, { interval: 5 });
      await tab.says('connectivity', 'connected');
      await region.becomes('online', patience);
      browser.kill();
      const killedAtMs = Date.now();
      const { heardAtMs, reason } = await region.becomes('offline', timesOutWithinMs + patience);
      console.log(`killed: offline ${heardAtMs - killedAtMs} ms later, reason ${reason}`);
      expect(reason).toBe('timeout');
      expect(heardAtMs - killedAtMs).toBeLessThan(timesOutWithinMs);
    });
  });

  test.concurrent('given the network is cut for 20 s, then nobody hears of it', async () => {
    await withBrowser(async (browser) => {
      const region = await app.region('short-cut');
      const tab = await region.open(browser, { interval: 15 });
      await tab.says('connectivity', 'connected');
      await region.becomes('online', patience);
      // The beat that is due falls into the cut.
      await sleep(seconds(5));
      await tab.network(true);
      await sleep(shortCutMs);
      expect(await tab.evaluate("document.getElementById('connectivity').textContent")).toBe('disconnected');
      await tab.network(false);
      await tab.says('connectivity', 'connected');
      await tab.says('status', 'live');
      expect(region.transitions).toEqual(['online heartbeat']);
    });
  });

  test.concurrent('given the network is cut for long, then the user is offline once, and online once', async () => {
    await withBrowser(async (browser) => {
      const region = await app.region('long-cut');
      const tab = await region.open(browser, { interval: longCutMs > seconds(120) ? 30 : 5 });
      await tab.says('connectivity', 'connected');
      await region.becomes('online', patience);
      await tab.network(true);
      await sleep(longCutMs);
      expect(region.transitions).toEqual(['online heartbeat', 'offline timeout']);
      await tab.network(false);
      await tab.says('connectivity', 'connected');
      await tab.says('status', 'live');
      await sleep(seconds(3));
      expect(region.transitions).toEqual(['online heartbeat', 'offline timeout', 'online heartbeat']);
    });
  });
});
