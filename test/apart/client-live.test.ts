import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { App, type AppRegion, withBrowser } from '../support/app';
import type { Tab } from '../support/chromium';
import { Rollcall } from '../support/rollcall';
import { patience, until } from '../support/waiting';

const data = mkdtempSync(join(tmpdir(), 'rollcall-data-'));
let app: App;
beforeAll(async () => {
  app = await App.start({ tick: 1, data });
});
afterAll(async () => {
  await app?.close();
  rmSync(data, { recursive: true, force: true });
});

/** What the page says of each facility is what the server says. */
async function expectTheSame(region: AppRegion, tab: Tab): Promise<void> {
  await until(patience, 'page and server to say the same', async () => {
    const shown = await tab.evaluate<string[]>(
      `[...document.querySelectorAll('#facilities li')].map(({ textContent }) => textContent).sort()`,
    );
    const { facilities } = await region.watched.snapshot();
    const served = facilities.map(({ name, status, reason }) => `${name} ${status} ${reason}`).sort();
    return JSON.stringify(shown) === JSON.stringify(served) || undefined;
  });
}

test('CD3, CD4 given restarts, cuts and a page that stood still, then the page is right afterwards, and never said so before', async () => {
  await withBrowser(async (browser) => {
    const region = await app.region('live');
    const tab = await region.open(browser);
    await tab.says('status', 'live');
    const beats = async (...facilities: readonly string[]): Promise<void> => {
      await region.watched.beats(facilities.map((id) => ({ sessionId: id, facilities: [id], next: 300 })));
    };
    await beats('f1', 'f2');
    await tab.says('facilities', /f2 online/);
    await expectTheSame(region, tab);

    await tab.network(true);
    await tab.says('status', /connecting|syncing|stale/, 40_000);
    await beats('f3');
    await tab.network(false);
    await tab.says('status', 'live');
    await expectTheSame(region, tab);

    await tab.freeze();
    await beats('f4');
    await sleep(10_000);
    await tab.thaw();
    await tab.says('status', 'live');
    await expectTheSame(region, tab);

    region.watched.feed.close();
    const { port } = app.rollcall;
    await app.rollcall.close();
    await tab.says('status', /connecting|stale/);
    app.rollcall = await Rollcall.start({ tick: 1, data, port });
    await tab.says('status', 'live', 60_000);
    const again = await app.region('live');
    await again.watched.beats([{ sessionId: 'f5', facilities: ['f5'], next: 300 }]);
    await tab.says('facilities', /f5 online/);
    await expectTheSame(again, tab);
    again.watched.feed.close();
  });
}, 150_000);
