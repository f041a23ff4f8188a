import type { Browser } from 'playwright-core';
import { seconds } from '../support/builders';
import { OperatorsPage, startBrowser } from '../support/operators-page';
import { Rollcall } from '../support/rollcall';
import { patience, until } from '../support/waiting';
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

interface Called {
  readonly notices: readonly { readonly title: string; readonly body: string; readonly tag: string }[];
  readonly tones: number;
}

/** Writes down what leaves the page for desktop and loudspeaker, which a browser without a screen has not. */
const listening = `
  window.__called = { notices: [], tones: 0 };
  window.Notification = class {
    static permission = 'default';
    static async requestPermission() { return (this.permission = 'granted'); }
    constructor(title, { body, tag }) { window.__called.notices.push({ title, body, tag }); }
    close() {}
  };
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...given) { window.__called.tones += 1; return start.apply(this, given); };
`;

/** The page of a region whose operator wants to be called in these ways. */
async function callingPage(region: string, ...ways: readonly string[]): Promise<OperatorsPage> {
  const page = await OperatorsPage.openAt(browser, rollcall, `#/${region}`);
  await page.page.addInitScript(listening);
  await page.page.reload();
  await page.banner('live');
  await page.page.getByRole('button', { name: /^Latest changes/ }).click();
  for (const way of ways) await page.page.getByRole('group', { name: region }).getByLabel(way).check();
  return page;
}

const calledOn = async ({ page }: OperatorsPage): Promise<Called> =>
  await page.evaluate<Called>('window.__called');

const noticesOn = async (page: OperatorsPage): Promise<Called> =>
  await until(patience, 'a notice', async () => {
    const called = await calledOn(page);
    return called.notices.length > 0 ? called : undefined;
  });

const town = async (name: string, ...facilities: readonly string[]): Promise<WatchedRegion> => {
  const region = await WatchedRegion.of(rollcall, name);
  await region.beats(
    facilities.map((facility) => ({ sessionId: facility, facilities: [facility], next: long })),
  );
  for (const facility of facilities) await region.feed.change(facility, { status: 'online' }, patience);
  return region;
};

test.concurrent('given somebody wants to be called on the desktop, when a facility goes offline, then once, by name', async () => {
  const region = await town('harbour', 'pier-1', 'pier-2');
  const page = await callingPage('harbour', 'Desktop');
  await region.beat({ sessionId: 'pier-1', facilities: ['pier-1'], next: 0 });
  await page.facility('pier-1', 'offline', leaves);
  const { notices } = await noticesOn(page);
  expect(notices).toEqual([
    { title: 'harbour', body: expect.stringContaining('pier-1'), tag: 'harbour pier-1' },
  ]);
  expect(page.complaints).toEqual([]);
  await page.close();
});

test.concurrent('given a sound, then it is heard when it is chosen, and once more for what goes offline', async () => {
  const region = await town('market', 'stall-1', 'stall-2');
  const page = await callingPage('market', 'Sound');
  await until(
    patience,
    'the sound to be heard once',
    async () => (await calledOn(page)).tones === 2 || undefined,
  );
  await region.beat({ sessionId: 'stall-1', facilities: ['stall-1'], next: 0 });
  await page.facility('stall-1', 'offline', leaves);
  await until(patience, 'the sound again', async () => (await calledOn(page)).tones === 4 || undefined);
  expect((await calledOn(page)).notices).toEqual([]);
  await page.close();
});

test.concurrent('given a facility in maintenance, then nobody is called for it', async () => {
  const region = await town('yard', 'gate-1', 'gate-2');
  const to = new Date(Date.now() + seconds(3_600)).toISOString();
  const body = { maintenance: [{ from: new Date(Date.now() - 1_000).toISOString(), to }] };
  await fetch(`${rollcall.url}/v1/regions/yard/facility?id=gate-1`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${region.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const page = await callingPage('yard', 'Desktop', 'Sound');
  await region.beat({ sessionId: 'gate-1', facilities: ['gate-1'], next: 0 });
  await region.beat({ sessionId: 'gate-2', facilities: ['gate-2'], next: 0 });
  await page.facility('gate-1', 'offline', leaves);
  await page.facility('gate-2', 'offline', leaves);
  const { notices } = await noticesOn(page);
  expect(notices.map(({ body: text }) => text).join()).not.toContain('gate-1');
  await page.close();
});

test(
  'given a long list, when it is printed, then all of it is on the paper, and the screen is as before',
  async () => {
    const ids = Array.from({ length: 400 }, (_, index) => `room-${index + 1}`);
    await town('hotel', ...ids);
    const page = await OperatorsPage.openAt(browser, rollcall, '#/hotel');
    await page.banner('live');
    const drawn = () => page.page.locator('.facility').count();
    const before = await drawn();
    expect(before).toBeLessThan(200);
    await page.page.evaluate("dispatchEvent(new Event('beforeprint'))");
    await page.page.emulateMedia({ media: 'print' });
    expect(await drawn()).toBe(400);
    await page.page.emulateMedia({ media: 'screen' });
    await page.page.evaluate("dispatchEvent(new Event('afterprint'))");
    await until(patience, 'few to be drawn again', async () => (await drawn()) < 200 || undefined);
    expect(page.complaints).toEqual([]);
    await page.close();
  },
  seconds(120),
);
