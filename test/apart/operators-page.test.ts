import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { seconds } from '../support/builders';
import { OperatorsPage, startBrowser } from '../support/operators-page';
import { Rollcall } from '../support/rollcall';
import { patience } from '../support/waiting';
import { WatchedRegion } from '../support/watched-region';

/** How long it takes until a session that left, or fell silent after one beat, is declared so. */
const leaves = seconds(10) + patience;
const timesOut = seconds(3 * 5 + 5 + 5 + 10) + patience;
const long = 300;

const data = mkdtempSync(join(tmpdir(), 'rollcall-data-'));
let browser: Browser;
let rollcall: Rollcall;
/** Another one, which goes away and comes back. */
let unsteady: Rollcall;

beforeAll(async () => {
  [browser, rollcall, unsteady] = await Promise.all([
    startBrowser(),
    Rollcall.start(),
    Rollcall.start({ data }),
  ]);
});

afterAll(async () => {
  await Promise.allSettled([browser?.close(), rollcall?.close(), unsteady?.close()]);
  rmSync(data, { recursive: true, force: true });
});

describe("the operators' page", () => {
  test.concurrent('given a region that nobody has reported for, when a facility joins, leaves or falls silent, then the page shows it live', async () => {
    const page = await OperatorsPage.open(browser, rollcall, 'my-town');
    await page.banner('live');
    const region = await WatchedRegion.of(rollcall, 'my-town');

    await region.beats([
      { sessionId: 's1', facilities: ['stays'], next: long },
      { sessionId: 's2', facilities: ['leaves'], next: 30 },
      { sessionId: 's3', facilities: ['falls-silent'], next: 5 },
    ]);
    const joined = await page.facility('leaves', 'online');
    await region.beat({ sessionId: 's2', facilities: ['leaves'], next: 0 });
    const left = await page.facility('leaves', 'offline', leaves);
    const silent = await page.facility('falls-silent', 'offline', timesOut);
    const stays = await page.facility('stays', 'online');

    expect(joined).toMatchObject({ name: 'leaves', status: 'Online', sessions: '1 session · 1 user' });
    expect(left).toMatchObject({ status: 'Offline left', sessions: '' });
    expect(silent).toMatchObject({ status: 'Offline went silent', sessions: '' });
    expect(stays).toMatchObject({ status: 'Online', sessions: '1 session · 1 user' });
    const { facilities } = await region.snapshot();
    const since = new Map(facilities.map((facility) => [facility.id, facility.since]));
    expect([left.since, silent.since]).toEqual([since.get('leaves'), since.get('falls-silent')]);
    await page.banner('live');
    expect(page.loads).toBe(1);
    expect(page.complaints).toEqual([]);
    await page.close();
  });

  test.concurrent(
    'CD4 given the server goes away, then the page believes nothing it shows, until it is back',
    async () => {
      const region = await WatchedRegion.of(unsteady, 'my-town');
      await region.beat({ sessionId: 's1', facilities: ['clinic-7'], next: long });
      const page = await OperatorsPage.open(browser, unsteady, 'my-town');
      await page.facility('clinic-7', 'online');
      await page.banner('live');
      expect(await page.list()).toEqual({ believed: 'true', outline: 'none' });

      await unsteady.close();
      await page.banner('reconnecting');
      expect(await page.list()).toEqual({ believed: 'false', outline: 'dashed' });
      unsteady = await Rollcall.start({ data, port: unsteady.port });
      await page.banner('live');

      expect(await page.list()).toEqual({ believed: 'true', outline: 'none' });
      expect(await page.facility('clinic-7', 'online')).toMatchObject({ sessions: '1 session · 1 user' });
      expect(page.loads).toBe(1);
      // The browser itself writes down each request that found nobody.
      expect(page.complaints.filter((text) => !/ERR_|WebSocket connection|status of 503/.test(text))).toEqual(
        [],
      );
      await page.close();
    },
    seconds(100),
  );

  test.concurrent('given ids that are names of the language, then each is shown as the text that it is', async () => {
    const ids = ['__proto__', 'constructor', 'toString', 'ward/~1'];
    const region = await WatchedRegion.of(rollcall, '__proto__');
    const page = await OperatorsPage.open(browser, rollcall, '__proto__');

    await region.beats(ids.map((id, index) => ({ sessionId: `s${index}`, facilities: [id], next: long })));

    for (const id of ids) {
      expect(await page.facility(id, 'online')).toMatchObject({ name: id, status: 'Online' });
    }
    await page.page.getByRole('link', { name: 'Rollcall' }).click();
    await page.page.locator('.region[data-region="__proto__"]', { hasText: '4 of 4 online' }).waitFor();
    expect(page.complaints).toEqual([]);
    await page.close();
  });
});
