import type { Environment } from '../../client/environment';
import { RollcallError } from '../../client/errors';
import { settled } from '../../client/testing';
import { minutes, seconds } from '../support/builders';
import { BeatingScene, BeatingTab } from './beating';

describe('the rhythm', () => {
  test('HB2 given a page opens, then it beats at once, and every 30 s from then on', async () => {
    const scene = new BeatingScene();
    const startMs = scene.browser.nowMs;
    const page = await scene.opens();

    await scene.browser.pass(seconds(95));

    expect(scene.beatsSince(startMs)).toEqual([
      [0, 30],
      [30, 30],
      [60, 30],
      [90, 30],
    ]);
    expect(page.connectivity).toEqual(['connected']);
    expect(page.beats).toBe(4);
  });

  test('HB2 given the tab is hidden and has a worker, then it keeps its time', async () => {
    const scene = new BeatingScene();
    const startMs = scene.browser.nowMs;
    await scene.opens({}, (tab) => tab.hide());

    await scene.browser.pass(minutes(10));

    expect(scene.beatsSince(startMs)).toHaveLength(21);
    expect(new Set(scene.beatsSince(startMs).map(([, next]) => next))).toEqual(new Set([30]));
  });

  test.each([30, 60])(
    'HB2 given the tab is hidden, has no worker and beats every %s s, then its beats promise what it can keep',
    async (interval) => {
      const scene = new BeatingScene();
      const page = await scene.opens({ interval }, (tab) => {
        tab.hasWorker = false;
      });
      page.tab.hide();
      await scene.browser.pass(minutes(3));
      const throttledMs = scene.browser.nowMs;

      await scene.browser.pass(minutes(20));

      const beats = scene.beatsSince(throttledMs);
      expect(beats.length).toBeGreaterThan(9);
      // The lease of each lasts beyond the next but one: a beat that is lost takes nobody offline.
      for (const [index, [second, next]] of beats.entries()) {
        const nextButOne = beats[index + 2]?.[0] ?? second;
        expect(nextButOne - second).toBeLessThan(3 * next + 5);
      }
      expect(scene.statuses).toEqual(['online']);
    },
  );

  test('given the server wants another pause, then it is kept, and no longer than the server wants it', async () => {
    const scene = new BeatingScene();
    const receipt = { serverTime: '', leaseUntil: '' };
    let next = 45;
    scene.server.answer = (url) =>
      url === scene.server.heartbeatUrl ? { status: 202, body: { next, ...receipt } } : undefined;
    await scene.opens();
    const at = (): number => scene.server.requests.length;

    await scene.browser.pass(seconds(44));
    expect(at()).toBe(1);
    await scene.browser.pass(seconds(1));
    expect(at()).toBe(2);
    next = 30;
    await scene.browser.pass(seconds(45));
    expect(at()).toBe(3);
    await scene.browser.pass(seconds(30));
    expect(at()).toBe(4);
  });

  test.each([undefined, 0, -5, Number.NaN, 'soon'])(
    'given the server answers nonsense (%s), then the page keeps its own time',
    async (next) => {
      const scene = new BeatingScene();
      scene.server.answer = () => ({ status: 202, body: { next } });
      await scene.opens();

      await scene.browser.pass(seconds(59));

      expect(scene.server.requests).toHaveLength(2);
    },
  );

  test.each([
    ['somebody looks at the page', async ({ tab }: BeatingTab) => await tab.show()],
    [
      'the machine slept for an hour',
      async (_: BeatingTab, { browser }: BeatingScene) => await browser.sleep(minutes(60)),
    ],
  ])('given %s, then it beats at once', async (_, happens) => {
    const scene = new BeatingScene();
    const page = await scene.opens();
    await scene.browser.pass(seconds(10));
    const before = page.beats;

    await happens(page, scene);
    await settled();

    expect(page.beats).toBe(before + 1);
  });

  test('given somebody looks again and again, then it beats no faster than the server takes it', async () => {
    const scene = new BeatingScene();
    const page = await scene.opens();
    for (let count = 0; count < 100; count += 1) {
      await scene.browser.pass(100);
      await page.tab.show();
    }
    expect(page.beats).toBeLessThanOrEqual(5);
  });

  test.each([4, 301, Number.NaN])('an interval of %s s is refused with a sentence', (interval) => {
    const start = () => new BeatingTab(new BeatingScene().browser.tab(), { url: '', interval });
    expect(start).toThrow(RollcallError);
    expect(start).toThrow(/set interval from 5 to 300/);
  });
});

describe('attributes', () => {
  test('PR2 given attributes, then they are in the first beat, and again only when they change', async () => {
    const scene = new BeatingScene();
    const page = await scene.opens({ attributes: { mood: 'happy' } });
    await scene.browser.pass(seconds(40));

    page.heartbeat.setAttributes({ mood: 'tired' });
    await settled();
    await scene.browser.pass(seconds(30));

    const told = scene.server.sessions.beats.map(({ attributes }) => attributes);
    expect(told).toEqual([{ mood: 'happy' }, undefined, { mood: 'tired' }, undefined]);
  });

  test('given the beat that carried them was not taken, then the next one carries them', async () => {
    const scene = new BeatingScene();
    scene.server.answer = () => ({ status: 503 });
    await scene.opens({ attributes: { mood: 'happy' } });
    scene.server.answer = () => undefined;
    await scene.browser.pass(seconds(2));

    expect(scene.server.sessions.beats.map(({ attributes }) => attributes)).toEqual([{ mood: 'happy' }]);
  });
});

describe('trouble', () => {
  test('given the server is away, then the page tries again with pauses that grow, and is connected once it is back', async () => {
    const scene = new BeatingScene(() => 1);
    scene.server.isDown = true;
    const startMs = scene.browser.nowMs;
    const page = await scene.opens();
    await scene.browser.pass(seconds(40));
    expect(page.states).toEqual([{ connectivity: 'disconnected', sinceMs: startMs, reason: 'network' }]);
    expect(page.errors.length).toBe(6);

    scene.server.isDown = false;
    await scene.browser.pass(seconds(20));

    expect(page.connectivity).toEqual(['disconnected', 'connected']);
  });

  test('given the server asks for patience, then it gets that', async () => {
    const scene = new BeatingScene();
    scene.server.answer = () => ({ status: 503, headers: { 'retry-after': '20' } });
    const page = await scene.opens();
    expect(page.states).toMatchObject([{ connectivity: 'disconnected', reason: 'busy' }]);

    await scene.browser.pass(seconds(20));
    expect(scene.server.requests).toHaveLength(1);
    await scene.browser.pass(seconds(1));
    expect(scene.server.requests).toHaveLength(2);
  });

  test('given no answer ever comes, then the beat has failed, and another one is sent', async () => {
    const scene = new BeatingScene();
    scene.server.hangs = true;
    const page = await scene.opens();
    await scene.browser.pass(seconds(14));
    expect(page.connectivity).toEqual([]);
    await scene.browser.pass(seconds(1));
    expect(page.states).toMatchObject([{ connectivity: 'disconnected', reason: 'network' }]);
    scene.server.hangs = false;
    await scene.browser.pass(seconds(2));
    expect(page.connectivity).toEqual(['disconnected', 'connected']);
  });

  test('AC1 given the token is refused, then a new one is asked for once, and taken', async () => {
    const scene = new BeatingScene();
    scene.server.accepts = (token) => token === 'new';
    const page = await scene.opens({ getToken: ({ refresh }) => (refresh ? 'new' : 'old') });
    expect(page.connectivity).toEqual(['connected']);
    expect(scene.server.requests.map(({ status }) => status)).toEqual([401, 202]);
  });

  test.each([
    [401, 'unauthorized', 2],
    [403, 'forbidden', 1],
    [400, 'rejected', 1],
  ])(
    'AC1 given the server answers %s, then the heartbeat has failed: %s',
    async (status, reason, requests) => {
      const scene = new BeatingScene();
      scene.server.answer = () => ({ status });
      const page = await scene.opens();
      await scene.browser.pass(minutes(10));

      expect(page.states).toMatchObject([{ connectivity: 'failed', reason }]);
      expect(scene.server.requests).toHaveLength(requests);
      expect(page.tab.leftovers).toEqual([]);
    },
  );

  test('given there is no token for now, then it is asked for again', async () => {
    const scene = new BeatingScene();
    let isThere = false;
    const getToken = () => (isThere ? 'token' : Promise.reject(new Error('the issuer is away')));
    const page = await scene.opens({ getToken });
    expect(page.states).toMatchObject([{ connectivity: 'disconnected', reason: 'token' }]);
    expect(page.errors[0]?.message).toMatch('the issuer is away');
    isThere = true;
    await scene.browser.pass(seconds(2));
    expect(page.connectivity).toEqual(['disconnected', 'connected']);
  });
});

describe('the end', () => {
  test('HB4 given the page leaves, then it says goodbye, and nothing is left of it', async () => {
    const scene = new BeatingScene();
    const page = await scene.opens();
    await scene.browser.pass(seconds(10));

    await page.heartbeat.leave();
    await scene.browser.pass(seconds(60));

    expect(scene.server.sessions.beats.map(({ next }) => next)).toEqual([30, 0]);
    expect(page.connectivity).toEqual(['connected', 'closed']);
    expect(page.tab.leftovers).toEqual([]);
    page.heartbeat.setAttributes({ too: 'late' });
    expect(scene.statuses).toEqual(['online', 'offline']);
  });

  test('given the page leaves before anything is answered, then nothing is left of it either', async () => {
    const scene = new BeatingScene();
    scene.server.hangs = true;
    const page = await scene.opens();
    void page.heartbeat.leave();
    await settled();
    expect(page.tab.leftovers).toEqual([]);
  });

  test('AC1 given the token has expired since the last beat, when the page leaves, then its goodbye has a new one', async () => {
    const scene = new BeatingScene();
    let valid = 'first';
    scene.server.accepts = (token) => token === valid;
    const page = await scene.opens({ getToken: () => valid });
    await scene.browser.pass(seconds(10));
    valid = 'second';

    await page.heartbeat.leave();

    expect(scene.server.sessions.beats.map(({ next }) => next)).toEqual([30, 0]);
  });

  test('HB5 given a beat waits for its token, when the page leaves, then no session is left behind', async () => {
    const scene = new BeatingScene();
    const waiting: (() => void)[] = [];
    const getToken = (): Promise<string> => new Promise((resolve) => waiting.push(() => resolve('token')));
    const page = await scene.opens({ user: 'ann', getToken });
    const left = page.heartbeat.leave();
    await settled();
    for (const give of waiting) give();
    await left;
    await scene.browser.pass(seconds(60));
    expect(scene.server.region('north').facilities.get('clinic-7')?.status).not.toBe('online');
  });

  test('HB5 given the page comes back from the back-forward cache, then it is another session', async () => {
    const scene = new BeatingScene();
    const page = await scene.opens();
    await scene.browser.pass(seconds(10));
    await page.tab.enterCache();
    await scene.browser.pass(seconds(5));

    await page.tab.restore();
    await scene.browser.pass(seconds(30));

    const { beats } = scene.server.sessions;
    expect(beats.map(({ next }) => next)).toEqual([30, 0, 30, 30]);
    expect(new Set(beats.map(({ sessionId }) => sessionId)).size).toBe(2);
    expect(scene.statuses).toEqual(['online']);
  });

  test('HB4 given a reload, then the facility is online all the time', async () => {
    const scene = new BeatingScene();
    const page = await scene.opens();
    await scene.browser.pass(seconds(10));
    await page.tab.close();
    await scene.browser.pass(seconds(2));
    await scene.opens();
    await scene.browser.pass(minutes(5));
    expect(scene.statuses).toEqual(['online']);
  });
});

test('given a listener throws, then the others are told all the same, and the error is not hidden', async () => {
  const reported: unknown[] = [];
  jest.spyOn(globalThis, 'queueMicrotask').mockImplementation((work) => {
    try {
      work();
    } catch (error) {
      reported.push(error);
    }
  });
  const scene = new BeatingScene();
  const page = new BeatingTab(scene.browser.tab(), { url: scene.server.heartbeatUrl });
  page.heartbeat.on('beat', () => {
    throw new Error('a fault of the page');
  });
  const heard: number[] = [];
  page.heartbeat.on('beat', ({ next }) => heard.push(next));
  await scene.browser.pass(seconds(30));
  expect(heard).toEqual([30, 30]);
  expect(reported).toEqual([new Error('a fault of the page'), new Error('a fault of the page')]);
});

test('given no locks, then each tab beats for itself', async () => {
  const scene = new BeatingScene();
  const withoutLocks = (environment: Environment): Environment => ({ ...environment, tabs: () => undefined });
  for (let count = 0; count < 3; count += 1) {
    const tab = scene.browser.tab();
    Object.assign(tab, { environment: withoutLocks(tab.environment) });
    new BeatingTab(tab, { url: scene.server.heartbeatUrl });
  }
  await scene.browser.pass(seconds(1));
  expect(new Set(scene.server.sessions.beats.map(({ sessionId }) => sessionId)).size).toBe(3);
});
