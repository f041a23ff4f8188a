import fc from 'fast-check';
import type { FeedMessage } from '../../client/live/wire';
import { seeded } from '../../client/testing';
import { hours, property, seconds } from '../support/builders';
import { type WatchedNorth, WatchingScene } from './watching';

/** Lets things happen in the region while time passes. */
async function lives(scene: WatchingScene, changes: number, random: () => number): Promise<void> {
  for (let count = 0; count < changes; count += 1) {
    const facility = `f${Math.floor(random() * 5)}`;
    if (random() < 0.1) scene.server.remove('north', facility);
    else scene.server.set('north', facility, { status: random() < 0.5 ? 'online' : 'offline' });
    await scene.pass(Math.floor(random() * 4) * 500);
  }
}

async function expectRight(scene: WatchingScene, north: WatchedNorth): Promise<void> {
  await scene.pass(seconds(70));
  expect(north.watch.state.status).toBe('live');
  expect(north.shown).toEqual(north.served);
  expect(north.lies).toEqual([]);
}

const steps = [
  'request /v1/tickets',
  'opened',
  'request /v1/regions/north',
  'subscribe',
  'sent changes',
  'sent tick',
  'ping',
] as const;

describe('the socket is cut', () => {
  test.each(steps)('at the step "%s", once and again, and the page is right afterwards', async (wanted) => {
    const scene = new WatchingScene();
    scene.server.set('north', 'f1');
    let cuts = 5;
    scene.server.onStep = (step) => {
      if (step !== wanted || cuts === 0) return;
      cuts -= 1;
      scene.server.cutSockets();
    };
    const north = await scene.region();
    await lives(scene, 50, seeded(7));
    await scene.pass(seconds(60));
    expect(cuts).toBeLessThan(5);
    await expectRight(scene, north);
  });

  test('and the server is away for a while, and begins anew', async () => {
    const scene = new WatchingScene();
    const north = await scene.region();
    await lives(scene, 20, seeded(1));
    scene.server.isDown = true;
    scene.server.cutSockets();
    await lives(scene, 20, seeded(2));
    expect(north.watch.state.status).not.toBe('live');
    scene.server.isDown = false;
    await expectRight(scene, north);
    scene.server.cutSockets();
    scene.server.beginAnew('north');
    await lives(scene, 3, seeded(3));
    await expectRight(scene, north);
  });

  test('for an hour, in which the machine slept', async () => {
    const scene = new WatchingScene();
    const north = await scene.region();
    await lives(scene, 20, seeded(1));
    await scene.browser.goOffline();
    await scene.browser.sleep(hours(1));
    await lives(scene, 300, seeded(2));
    await scene.browser.goOnline();
    await expectRight(scene, north);
  });
});

test('CD3 given the region begins anew under an open socket, then nothing of its former life is left', async () => {
  const scene = new WatchingScene();
  const north = await scene.region();
  await lives(scene, 20, seeded(1));
  scene.server.beginAnew('north');
  await lives(scene, 2, seeded(3));
  await expectRight(scene, north);
});

test('CD3 given the snapshot is older than what was pushed, then it is not shown', async () => {
  const scene = new WatchingScene();
  scene.server.set('north', 'f1');
  const north = await scene.region();
  const old = scene.server.region('north').snapshot();
  scene.server.set('north', 'f1', { status: 'offline' });
  scene.server.answer = (url) => (url.includes('/regions/') ? { status: 200, body: old } : undefined);
  scene.server.tamper = (message) =>
    message.type === 'tick'
      ? [{ ...message, regions: message.regions.map((r) => ({ ...r, digest: { count: 9, sum: 9 } })) }]
      : [message];
  await scene.pass(seconds(40));
  expect(north.shown).toEqual(['f1 offline 2']);
  expect(north.watch.state.status).not.toBe('live');
  scene.server.tamper = (message) => [message];
  scene.server.answer = () => undefined;
  await expectRight(scene, north);
});

test('CD4 given what is shown is wrong for no reason, then the digest tells, and it is read again', async () => {
  const scene = new WatchingScene();
  const north = await scene.region();
  let isWrong = true;
  scene.server.tamper = (message) => {
    if (message.type !== 'changes' || !isWrong) return [message];
    isWrong = false;
    return [{ ...message, changes: [] }];
  };
  scene.server.set('north', 'f1');
  expect(north.shown).toEqual([]);
  await scene.pass(seconds(21));
  await expectRight(scene, north);
});

/** Loses, repeats and delays messages at random. */
function weather(random: () => number): (message: FeedMessage) => readonly FeedMessage[] {
  const late: FeedMessage[] = [];
  return (message) => {
    const chance = random();
    if (chance < 0.1) return [];
    if (chance < 0.2) return [message, message];
    if (chance < 0.3) {
      late.push(message);
      return [];
    }
    return chance < 0.5 ? [message, ...late.splice(0)] : [...late.splice(0), message];
  };
}

test('CD3, CD4 given messages are lost, repeated and swapped, sockets cut, sleep, restarts: never a lie, and right in the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 2 ** 31 - 1 }), async (seed) => {
      const random = seeded(seed);
      const scene = new WatchingScene({}, seed);
      const north = await scene.region();
      scene.server.tamper = weather(random);
      for (let round = 0; round < 6; round += 1) {
        await lives(scene, 12, random);
        const chance = random();
        if (chance < 0.2) scene.server.cutSockets();
        else if (chance < 0.3) await scene.browser.sleep(Math.floor(random() * 200_000));
        else if (chance < 0.4) scene.server.beginAnew('north');
        else if (chance < 0.5) scene.server.isDown = !scene.server.isDown;
        else if (chance < 0.6) scene.tab.hang();
        else if (chance < 0.8) await scene.tab.recover();
      }
      scene.server.isDown = false;
      scene.server.tamper = (message) => [message];
      await scene.tab.recover();
      await expectRight(scene, north);
    }),
    { ...property, numRuns: 60 },
  );
}, 120_000);
