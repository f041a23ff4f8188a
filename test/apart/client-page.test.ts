import { App, withBrowser } from '../support/app';
import { patience } from '../support/waiting';

let app: App;
beforeAll(async () => {
  app = await App.start({ tick: 1 });
});
afterAll(async () => await app?.close());

describe.each(['plain', 'react'])(
  'the example %s, under the content security policy of the page',
  (example) => {
    test('beats, shows its region live and who is there, and leaves nothing behind', async () => {
      await withBrowser(async (browser) => {
        const region = await app.region(example);
        const tab = await browser.open(`${app.server.url}/${example}/?region=${example}&facility=clinic-7`);

        await tab.says('connectivity', 'connected');
        await tab.says('status', 'live');
        await tab.says('facilities', /clinic-7 online/);
        await tab.says('present', /ana/);
        await tab.click('mood');
        await tab.says('present', /ana happy/);
        const held = await tab.holds();
        // One worker for heartbeats and live status, also where React mounts twice.
        expect(held).toContain('Worker 1');
        expect(held).toContain('WebSocket 1');

        await tab.click('leave');
        await region.becomes('offline', patience);

        expect(await tab.holds()).toEqual([]);
        // A facility that nobody was in yet is not there; the browser itself writes that down.
        const faults = (await tab.faults()).filter((text) => !/status of 404/.test(text));
        expect(faults).toEqual([]);
      });
    });
  },
);

test('given the worker cannot be loaded, then the page beats all the same', async () => {
  await withBrowser(async (browser) => {
    const region = await app.region('no-worker');
    const tab = await browser.open(`${app.server.url}/plain/none.html`);
    await tab.evaluate(
      `fetch('/rollcall.js').then(() => new Promise((loaded) => {
        const script = Object.assign(document.createElement('script'), { src: '/rollcall.js', onload: loaded });
        document.documentElement.append(script);
      }))`,
    );
    await tab.evaluate(`(async () => {
      const config = await (await fetch('/config.json')).json();
      const rights = { 'no-worker': ['*'] };
      const response = await fetch('/dev/token', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ sub: 'ana', rollcall: { provide: rights }, expiresIn: 3600 }),
      });
      const { token } = await response.json();
      globalThis.heartbeat = Rollcall.startHeartbeat({
        url: config.heartbeatUrl, getToken: () => token, region: 'no-worker', facilities: ['clinic-7'],
        interval: 5, workerUrl: '/v1/nowhere.js',
      });
    })()`);
    await region.becomes('online', patience);
    const startMs = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 12_500));
    expect(region.beats(startMs).length).toBeGreaterThanOrEqual(2);
    await tab.evaluate('heartbeat.leave()');
    expect(await tab.holds()).toEqual([]);
  });
});
