import { Live } from '../../client/live/live';
import type { FeedMessage } from '../../client/live/wire';
import { settled } from '../../client/testing';
import { hours, minutes, seconds } from '../support/builders';
import { WatchingScene } from './watching';

describe('a region', () => {
  test('CD3 given facilities, when it is watched, then a snapshot is taken first, and what changes comes as batches', async () => {
    const scene = new WatchingScene();
    scene.server.set('north', 'clinic-7');
    const north = await scene.region();
    expect(north.shown).toEqual(['clinic-7 online 1']);
    expect(north.statuses).toEqual(['syncing', 'live']);

    scene.server.set('north', 'clinic-8');
    scene.server.set('north', 'clinic-7', { status: 'offline', reason: 'leave' });

    expect(north.shown).toEqual(['clinic-7 offline 3', 'clinic-8 online 2']);
    expect(north.watch.about).toEqual({
      name: 'north',
      totals: { facilities: 2, online: 1, offline: 1, state: 'partial' },
    });
    expect(north.lies).toEqual([]);
  });

  test('given nothing changes, then the snapshot stays the very same, and so do the facilities that did not change', async () => {
    const scene = new WatchingScene();
    scene.server.set('north', 'clinic-7');
    scene.server.set('north', 'clinic-8');
    const { watch } = await scene.region();
    const [before, about, { state }] = [watch.snapshot(), watch.about, watch];

    await scene.pass(minutes(3));
    expect([watch.snapshot(), watch.about, watch.state]).toEqual([before, about, state]);
    expect(watch.snapshot()).toBe(before);
    expect(watch.about).toBe(about);
    expect(watch.state).toBe(state);

    scene.server.set('north', 'clinic-8', { sessions: 2 });
    expect(watch.snapshot()).not.toBe(before);
    expect(watch.snapshot().get('clinic-7')).toBe(before.get('clinic-7'));
    expect(before.get('clinic-8')).toMatchObject({ sessions: 1 });
  });

  test('given the whole is read again, then what did not change is the same object as before', async () => {
    const scene = new WatchingScene();
    scene.server.set('north', 'clinic-7');
    const { watch } = await scene.region();
    const before = watch.snapshot();
    scene.server.isMute = true;
    for (let count = 0; count < 300; count += 1) scene.server.set('north', 'clinic-8', { sessions: count });
    scene.server.isMute = false;
    scene.server.cutSockets();
    await scene.pass(seconds(5));

    expect(scene.server.requests.filter(({ url }) => url.includes('/regions/'))).toHaveLength(2);
    expect(watch.snapshot().get('clinic-7')).toBe(before.get('clinic-7'));
    expect(watch.snapshot().get('clinic-8')?.sessions).toBe(299);
  });

  test.each(['__proto__', 'constructor', 'ward/~1'])(
    'given a facility named %s, then it is one like any other',
    async (id) => {
      const scene = new WatchingScene();
      const north = await scene.region();
      scene.server.set('north', id);
      expect(north.shown).toEqual([`${id} online 1`]);
    },
  );

  test('CD1 given a facility is removed, then it is gone', async () => {
    const scene = new WatchingScene();
    scene.server.set('north', 'clinic-7');
    const north = await scene.region();
    scene.server.remove('north', 'clinic-7');
    expect(north.shown).toEqual([]);
    await scene.pass(seconds(25));
    expect(north.watch.state.status).toBe('live');
  });

  test('given a region is watched twice, then it is subscribed once, until both are closed', async () => {
    const scene = new WatchingScene();
    const [one, other] = [await scene.region(), await scene.region()];
    expect(other.watch.state.status).toBe('live');
    one.watch.close();
    scene.server.set('north', 'clinic-7');
    expect(other.shown).toEqual(['clinic-7 online 1']);
    expect(one.shown).toEqual([]);
    expect(one.watch.state.status).toBe('closed');
    other.watch.close();
    await settled();
    scene.server.set('north', 'clinic-8');
    expect(other.shown).toEqual(['clinic-7 online 1']);
  });
});

describe('CD4 the proof', () => {
  test('given nothing happens for hours, then it is live all the time, on one socket after the other', async () => {
    const scene = new WatchingScene();
    scene.server.set('north', 'clinic-7');
    const north = await scene.region();
    const opened: number[] = [];
    scene.server.onStep = (step) => step === 'opened' && opened.push(scene.browser.nowMs);
    const startMs = scene.browser.nowMs;

    await scene.pass(hours(5));

    expect(north.statuses).toEqual(['syncing', 'live']);
    expect(opened).toHaveLength(3);
    const lasted = opened.map((atMs, index) => atMs - (opened[index - 1] ?? startMs));
    for (const ms of lasted) expect([ms >= minutes(90), ms <= minutes(111)]).toEqual([true, true]);
    expect(scene.server.openSockets).toBe(1);
    expect(north.lies).toEqual([]);
  });

  test('given a subscription fails on the socket that takes over, then it is made again within seconds', async () => {
    const scene = new WatchingScene();
    scene.server.set('north', 'clinic-7');
    const north = await scene.region();
    let failures = 0;
    scene.server.onStep = (step) => {
      if (step === 'opened') failures = 1;
    };
    scene.server.fails = ({ action }) => action === 'subscribe' && failures-- > 0;

    await scene.pass(minutes(115));
    expect(failures).toBeLessThan(1);
    scene.server.set('north', 'clinic-7', { status: 'offline', reason: 'leave' });
    await settled();
    expect(north.shown).toEqual(['clinic-7 offline 2']);
    expect(north.watch.state.status).toBe('live');
    for (const [index, { status, sinceMs }] of north.states.entries()) {
      const untilMs = north.states[index + 1]?.sinceMs ?? sinceMs;
      if (status !== 'live') expect(untilMs - sinceMs).toBeLessThanOrEqual(seconds(10));
    }
    expect(north.lies).toEqual([]);
  });

  test('given rights are gone when a socket takes over, then the watch fails instead of waiting for ever', async () => {
    const scene = new WatchingScene();
    const { watch } = await scene.region();
    scene.server.forbidden.add('north');
    await scene.pass(minutes(115));
    expect(watch.state).toMatchObject({ status: 'failed', reason: 'forbidden' });
  });

  test('given ticks no longer speak of a region, then it is subscribed again before its proof is too old', async () => {
    const scene = new WatchingScene();
    const north = await scene.region();
    let isLost = true;
    scene.server.onStep = (step) => {
      if (step === 'subscribe') isLost = false;
    };
    scene.server.tamper = (message) => {
      if (!isLost) return [message];
      return message.type === 'tick' ? [{ ...message, regions: [] }] : [];
    };
    scene.server.set('north', 'clinic-7');
    await scene.pass(seconds(45));
    expect(isLost).toBe(false);
    expect(north.shown).toEqual(['clinic-7 online 1']);
    expect(north.statuses).toEqual(['syncing', 'live']);
  });

  test('TR1 given the server lags, then it is delayed, and asked sooner whether that is over', async () => {
    const scene = new WatchingScene();
    const { watch } = await scene.region();
    scene.server.delayedSince = new Date(scene.browser.nowMs).toISOString();
    await scene.pass(seconds(20));
    expect(watch.state.status).toBe('delayed');
    expect(watch.asOfMs).toBe(Date.parse(scene.server.delayedSince));
    scene.server.delayedSince = undefined;
    await scene.pass(seconds(5));
    expect(watch.state.status).toBe('live');
  });

  test('given no tick comes for two ping intervals, then it is stale, and says so before anything else runs', async () => {
    const scene = new WatchingScene();
    const { watch } = await scene.region();
    scene.server.isDown = true;
    scene.server.cutSockets();
    expect(watch.state.status).toBe('connecting');
    await scene.pass(seconds(39));
    expect(watch.state.status).toBe('connecting');
    await scene.pass(seconds(2));
    expect(watch.state.status).toBe('stale');
    scene.server.isDown = false;
    await scene.pass(seconds(11));
    expect(watch.state.status).toBe('live');
  });

  test('given the machine slept for an hour, then it is not live until that is proved', async () => {
    const scene = new WatchingScene();
    scene.server.set('north', 'clinic-7');
    const { watch } = await scene.region();
    scene.browser.nowMs += hours(1);
    expect(watch.state.status).toBe('stale');
    await scene.pass(seconds(2));
    expect(watch.state.status).toBe('live');
  });

  test('given a socket that says nothing any more, then another one is opened', async () => {
    const scene = new WatchingScene();
    const north = await scene.region();
    scene.server.tamper = () => [];
    await scene.pass(seconds(20));
    scene.server.tamper = (message) => [message];
    await scene.pass(seconds(10));
    expect(north.statuses).toEqual(['syncing', 'live', 'connecting', 'syncing', 'live']);
  });

  test('given ticks waited somewhere while the page stood still, then they prove nothing that they did not know', async () => {
    const scene = new WatchingScene();
    scene.server.set('north', 'clinic-7');
    const { watch } = await scene.region();
    const late: FeedMessage[] = [];
    scene.server.tamper = (message) => {
      late.push(message);
      return [];
    };
    await scene.pass(seconds(21));
    scene.server.tamper = (message) => (message.type === 'tick' ? late.splice(0) : []);
    scene.browser.nowMs += minutes(5);
    await scene.tab.show();
    expect(watch.state.status).not.toBe('live');
    scene.server.tamper = (message) => [message];
    await scene.pass(seconds(10));
    expect(watch.state.status).toBe('live');
  });

  test('given the page’s clock is wrong by hours, then ages are told by the server’s', async () => {
    const scene = new WatchingScene();
    await scene.region();
    expect(scene.live.serverNowMs()).toBe(scene.browser.nowMs);
    scene.server.tamper = (message) =>
      message.type === 'tick'
        ? [{ ...message, at: new Date(Date.parse(message.at) - hours(2)).toISOString() }]
        : [message];
    scene.server.cutSockets();
    await scene.pass(seconds(25));
    expect(scene.live.serverNowMs()).toBe(scene.browser.nowMs - hours(2));
  });

  test('given somebody looks at the page, then it is proved at once', async () => {
    const scene = new WatchingScene();
    await scene.region();
    await scene.pass(seconds(7));
    const steps: string[] = [];
    scene.server.onStep = (step) => steps.push(step);
    await scene.tab.show();
    expect(steps).toEqual(['ping', 'sent tick']);
  });
});

describe('what is refused', () => {
  test('AC2 given a region that may not be watched, then it has failed, and others have not', async () => {
    const scene = new WatchingScene();
    scene.server.forbidden.add('secret');
    const north = await scene.region();
    const secret = scene.live.watchRegion({ region: 'secret' });
    await settled();
    expect(secret.state).toMatchObject({ status: 'failed', reason: 'not-found' });
    await scene.pass(minutes(1));
    expect(north.watch.state.status).toBe('live');
  });

  test('AC1 given no token counts, then everything has failed, and nothing is left', async () => {
    const scene = new WatchingScene();
    scene.server.accepts = () => false;
    const { watch } = await scene.region();
    await scene.pass(minutes(1));
    expect(watch.state).toMatchObject({ status: 'failed', reason: 'unauthorized' });
    expect(scene.live.state).toMatchObject({ connectivity: 'failed', reason: 'unauthorized' });
    expect(scene.tab.leftovers.filter((left) => left !== 'timer')).toEqual([]);
    expect(scene.server.requests.length).toBeLessThanOrEqual(4);
  });

  test('AC3 given the token expires, then the next socket is opened with a new one', async () => {
    const scene = new WatchingScene();
    const { watch } = await scene.region();
    scene.tokensAsked.length = 0;
    scene.server.expireTokens();
    await scene.pass(seconds(2));
    expect(scene.tokensAsked[0]).toBe(true);
    expect(watch.state.status).toBe('live');
  });

  test('given an address that is none, then it has failed', async () => {
    const scene = new WatchingScene({ liveUrl: 'nowhere' });
    Object.assign(scene.tab.environment, {
      openSocket: () => {
        throw new SyntaxError('not a URL');
      },
    });
    await scene.region();
    expect(scene.live.state).toMatchObject({ connectivity: 'failed', reason: 'rejected' });
    expect((await scene.region()).watch.state.status).toBe('closed');
  });
});

describe('the presence in a facility', () => {
  const topic = { region: 'north', facility: 'clinic-7' };

  test('PR1 given users come and go, then who is there is shown, and each event told', async () => {
    const scene = new WatchingScene();
    scene.server.join(topic, 'ann', { mood: 'happy' });
    const watch = await scene.facility();
    const events: string[] = [];
    const listener = ({ event, user }: { event: string; user: string }) =>
      void events.push(`${user} ${event}`);
    watch.on('presence', listener);
    expect([...watch.snapshot().keys()]).toEqual(['ann']);
    expect(watch.state.status).toBe('live');

    scene.server.join(topic, 'bob');
    scene.server.join(topic, 'ann', { mood: 'tired' });
    scene.server.part(topic, 'bob', 'timeout');
    watch.off('presence', listener);
    scene.server.part(topic, 'ann');

    expect(events).toEqual(['bob join', 'ann updateAttributes', 'bob timeout']);
    expect([...watch.snapshot()]).toEqual([]);
  });

  test('PR3 given nobody was ever there, then it waits for the first one', async () => {
    const scene = new WatchingScene();
    const watch = await scene.facility();
    expect(watch.state.status).toBe('live');
    scene.server.join(topic, 'ann');
    expect([...watch.snapshot().keys()]).toEqual(['ann']);
  });

  test('AC2 given it may not be watched, then it has failed, and one that may has not', async () => {
    const scene = new WatchingScene();
    scene.server.forbidden.add('north clinic-7');
    const watch = await scene.facility();
    const other = await scene.facility('clinic-8');
    await scene.pass(seconds(6));
    expect(watch.state).toMatchObject({ status: 'failed', reason: 'forbidden' });
    expect(other.state.status).toBe('live');
  });

  test('PR3 given an event is lost, then it is fetched once a tick tells so', async () => {
    const scene = new WatchingScene();
    const watch = await scene.facility();
    scene.server.isMute = true;
    scene.server.join(topic, 'ann');
    scene.server.isMute = false;
    await scene.pass(seconds(21));
    expect([...watch.snapshot().keys()]).toEqual(['ann']);
    expect(watch.state.status).toBe('live');
  });

  test('TR1 given its region is watched, too, then it is delayed with it', async () => {
    const scene = new WatchingScene();
    const north = await scene.region();
    const watch = await scene.facility();
    scene.server.delayedSince = new Date(scene.browser.nowMs).toISOString();
    await scene.pass(seconds(20));
    expect([north.watch.state.status, watch.state.status]).toEqual(['delayed', 'delayed']);
  });
});

describe('the end', () => {
  test('given everything is closed, then nothing is left', async () => {
    const scene = new WatchingScene();
    const watch = scene.live.watchRegion({ region: 'north' });
    const facility = await scene.facility();
    scene.live.close();
    await settled();
    expect([watch.state.status, facility.state.status]).toEqual(['closed', 'closed']);
    expect(scene.live.state.connectivity).toBe('closed');
    expect(scene.tab.leftovers).toEqual([]);
    expect(scene.server.openSockets).toBe(0);
  });

  test.each(['request /v1/tickets', 'opened', 'request /v1/regions/north', 'subscribe', 'sent tick'])(
    'given it is closed at %s, then nothing is left either',
    async (when) => {
      const scene = new WatchingScene();
      scene.server.set('north', 'clinic-7');
      scene.server.onStep = (step) => step === when && scene.live.close();
      const watch = scene.live.watchRegion({ region: 'north' });
      await scene.pass(seconds(30));
      expect(watch.state.status).toBe('closed');
      expect(scene.tab.leftovers).toEqual([]);
      expect(scene.server.openSockets).toBe(0);
    },
  );

  test('given a watch with a connection of its own, when it is closed, then the connection is', async () => {
    const scene = new WatchingScene();
    const tab = scene.browser.tab();
    const { apiUrl, liveUrl } = scene.server;
    const live = new Live({ apiUrl, liveUrl, getToken: () => 'token' }, tab.environment, true);
    const watch = live.watchRegion({ region: 'north' });
    await settled();
    watch.close();
    expect(live.state.connectivity).toBe('closed');
    expect(tab.leftovers).toEqual([]);
  });
});
