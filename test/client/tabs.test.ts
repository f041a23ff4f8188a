import { settled } from '../../client/testing';
import { minutes, seconds } from '../support/builders';
import { BeatingScene, type BeatingTab, tokenOf } from './beating';

/** Five tabs of one user, one second after the other. */
async function fiveTabs(): Promise<{ scene: BeatingScene; tabs: BeatingTab[]; startMs: number }> {
  const scene = new BeatingScene();
  const startMs = scene.browser.nowMs;
  const tabs: BeatingTab[] = [];
  for (let count = 0; count < 5; count += 1) {
    tabs.push(await scene.opens());
    await scene.browser.pass(seconds(1));
  }
  return { scene, tabs, startMs };
}

const sessionsOf = ({ server }: BeatingScene, sinceMs = 0): readonly string[] => [
  ...new Set(server.sessions.beats.filter(({ atMs }) => atMs >= sinceMs).map(({ sessionId }) => sessionId)),
];

test('given five tabs, then they send one tab’s beats, and all of them hear of each', async () => {
  const { scene, tabs, startMs } = await fiveTabs();

  await scene.browser.pass(seconds(115));

  expect(scene.beatsSince(startMs).map(([second]) => second)).toEqual([0, 30, 60, 90, 120]);
  expect(sessionsOf(scene)).toHaveLength(1);
  for (const { connectivity } of tabs) expect(connectivity).toEqual(['connected']);
  expect(tabs.map(({ beats }) => beats)).toEqual([5, 4, 4, 4, 4]);
});

describe.each([
  ['is closed', async ({ tab }: BeatingTab) => await tab.close(), 0],
  ['crashes', async ({ tab }: BeatingTab) => await tab.crash(), 0],
  ['is frozen', async ({ tab }: BeatingTab) => await tab.freeze(), 0],
  ['hangs', async ({ tab }: BeatingTab) => tab.hang(), 20],
  ['leaves', async ({ heartbeat }: BeatingTab) => await heartbeat.leave(), 0],
  ['goes into the back-forward cache', async ({ tab }: BeatingTab) => await tab.enterCache(), 0],
] as const)('given the tab that leads %s', (_, ends, withinSeconds) => {
  test.each([1, 4, 9])(
    'with %s s left of its interval, then another one leads within an interval, and nobody was offline',
    async (left) => {
      const { scene, tabs } = await fiveTabs();
      await scene.browser.pass(seconds(25 - left));
      const [first] = tabs;
      if (first === undefined) throw new Error('there are five');
      const endMs = scene.browser.nowMs;

      await ends(first);
      await settled();
      await scene.browser.pass(seconds(withinSeconds));

      const [next] = sessionsOf(scene, endMs).filter((id) => id !== sessionsOf(scene)[0]);
      expect(next).toBeDefined();
      await scene.browser.pass(minutes(5));
      expect(scene.statuses).toEqual(['online']);
      // One tab's worth from then on.
      const minuteAgo = scene.browser.nowMs - seconds(59);
      expect(scene.beatsSince(minuteAgo)).toHaveLength(2);
    },
  );
});

test('given a tab that led and hung goes on, then it says goodbye to its session and follows', async () => {
  const { scene, tabs } = await fiveTabs();
  const [first] = tabs;
  first?.tab.hang();
  await scene.browser.pass(minutes(3));

  await first?.tab.recover();
  await scene.browser.pass(seconds(1));
  const afterMs = scene.browser.nowMs;
  await scene.browser.pass(minutes(2));

  expect(scene.server.sessions.beats.filter(({ next }) => next === 0)).toMatchObject([
    { sessionId: sessionsOf(scene)[0] },
  ]);
  expect(scene.beatsSince(afterMs)).toHaveLength(4);
  expect(scene.statuses).toEqual(['online']);
});

test.each([
  ['are frozen and wake up', 'freeze', 'resume'],
  ['hang and go on', 'hang', 'recover'],
] as const)('given tabs that follow %s, then they leave the lead where it is', async (_, stops, goesOn) => {
  const { scene, tabs } = await fiveTabs();
  for (const { tab } of tabs.slice(1)) await tab[stops]();
  await scene.browser.pass(minutes(10));
  for (const { tab } of tabs.slice(1)) await tab[goesOn]();
  await scene.browser.pass(minutes(2));

  expect(sessionsOf(scene)).toHaveLength(1);
  expect(tabs[4]?.connectivity.at(-1)).toBe('connected');
});

test('given the next in line hangs when the tab that leads is closed, then a third one leads in time', async () => {
  const { scene, tabs } = await fiveTabs();
  tabs[1]?.tab.hang();
  await tabs[0]?.tab.close();
  await scene.browser.pass(minutes(5));
  expect(scene.statuses).toEqual(['online']);
});

test('HB4 given all tabs are closed at once, then the user is offline after the grace', async () => {
  const { scene, tabs } = await fiveTabs();
  const closedMs = scene.browser.nowMs;
  for (const { tab } of tabs) await tab.close();
  await scene.browser.pass(seconds(11));
  expect(scene.statuses).toEqual(['online', 'offline']);
  expect(Date.parse(scene.server.region('north').log[1]?.asOf ?? '') - closedMs).toBeLessThanOrEqual(
    seconds(10),
  );
});

test('given a tab that follows sets attributes, then the beat carries them, also that of the tab that leads next', async () => {
  const { scene, tabs } = await fiveTabs();
  tabs[3]?.heartbeat.setAttributes({ mood: 'happy' });
  await scene.browser.pass(seconds(30));
  await tabs[0]?.tab.crash();
  await scene.browser.pass(seconds(1));

  const told = scene.server.sessions.beats
    .map(({ attributes }) => attributes)
    .filter((set) => set !== undefined);
  expect(told).toEqual([{ mood: 'happy' }, { mood: 'happy' }]);
});

test('given the token of the tab that leads is refused, then another tab tries with its own', async () => {
  const scene = new BeatingScene();
  scene.server.accepts = (token) => token === tokenOf('ann');
  const getToken = ({ refresh }: { refresh: boolean }) => `${tokenOf('ann')}${refresh ? 'old' : 'older'}`;
  const old = await scene.opens({ getToken });
  const fresh = await scene.opens();
  await scene.browser.pass(seconds(1));

  expect(old.connectivity).toEqual(['failed']);
  expect(fresh.connectivity).toEqual(['connected']);
});

test.each([
  ['users', { getToken: () => tokenOf('bob') }],
  ['facilities', { facilities: ['clinic-8'] }],
  ['regions', { region: 'south' }],
])('given tabs of different %s, then each of them beats', async (_, other) => {
  const scene = new BeatingScene();
  await scene.opens();
  await scene.opens(other);
  await scene.browser.pass(seconds(1));
  expect(scene.server.sessions.beats).toHaveLength(2);
});

test('given a token that does not say whose it is, then each tab beats, unless the app says who it is', async () => {
  const scene = new BeatingScene();
  for (let count = 0; count < 2; count += 1) await scene.opens({ getToken: () => 'opaque' });
  expect(scene.server.sessions.beats).toHaveLength(2);
  for (let count = 0; count < 2; count += 1) await scene.opens({ getToken: () => 'opaque', user: 'ann' });
  expect(scene.server.sessions.beats).toHaveLength(3);
});

test('given all tabs have left, then nothing is left of them', async () => {
  const { tabs } = await fiveTabs();
  for (const { heartbeat } of tabs) await heartbeat.leave();
  await settled();
  expect(tabs.flatMap(({ tab }) => tab.leftovers)).toEqual([]);
});

test('HB3 given the only tab is frozen for a minute, then nobody hears of it; for longer, then it times out and comes back', async () => {
  const scene = new BeatingScene();
  const page = await scene.opens();
  await page.tab.freeze();
  await scene.browser.pass(minutes(1));
  await page.tab.resume();
  expect(scene.statuses).toEqual(['online']);
  await page.tab.freeze();
  await scene.browser.pass(minutes(5));
  await page.tab.resume();
  expect(scene.statuses).toEqual(['online', 'offline', 'online']);
});
