import { defaultTimings } from '../../core/timings';
import { runTick } from '../../lambdas/session-monitor/monitor';
import { at, grants, issuer, seconds } from '../support/builders';
import { FeedClient, serverShows } from '../support/feed-client';
import { aSessionMonitor } from '../support/session-monitor-scene';
import { spied } from '../support/spied';

class Killed extends Error {}

const names = Array.from({ length: 60 }, (_, index) => `f-${String(index).padStart(2, '0')}`);

/** A region of sixty online facilities, watched by two, half of which are about to fall silent: two entries. */
async function aBusyRegion() {
  const monitor = aSessionMonitor();
  const clients = ['c1', 'c2'].map((id) => new FeedClient(id, monitor, defaultTimings));
  await monitor.joins({ session: 'stays', covers: names.slice(0, 5), until: at('12:00') });
  await monitor.joins({ session: 'ends', covers: names.slice(5), until: at('10:00:50') });
  await monitor.tick();
  for (const client of clients) await client.opens();
  monitor.clock.advance(at('10:00:50') - monitor.clock.now());
  monitor.watermarks.passQuietly();
  const watcher = monitor.feed.open('watcher');
  await watchPresence(monitor, 'watcher');
  return { monitor, clients, watcher };
}

/** Somebody who watches who is present in one of those that are about to fall silent. */
async function watchPresence({ connections }: ReturnType<typeof aSessionMonitor>, connectionId: string) {
  const watch = grants({ north: ['*'] });
  const connection = {
    connectionId,
    issuer,
    subject: 'operator',
    watch,
    expiresAtMs: at('23:00'),
    topics: [],
  };
  await connections.open(connection);
  await connections.subscribe(connection, { region: 'north', facility: 'f-30' });
}

type Monitor = Awaited<ReturnType<typeof aBusyRegion>>['monitor'];

/** A tick of a monitor that dies at its n-th step, before or after it is done. @returns the step, if it came so far */
async function tickThatDies(
  monitor: Monitor,
  step: number,
  when: 'before' | 'after',
): Promise<string | undefined> {
  let steps = 0;
  let died: string | undefined;
  const die = (call: string) => {
    if (died === undefined) steps += when === 'before' ? 1 : 0;
    if (died === undefined && steps === step) died = call;
    if (died !== undefined) throw new Killed(call);
  };
  const ports = spied(
    monitor,
    ['sessions', 'ledger', 'presence', 'connections', 'feed', 'bus', 'watermarks'],
    {
      before: (call) => (when === 'before' || died !== undefined ? die(call) : undefined),
      after: (call) => {
        if (when !== 'after') return;
        steps += 1;
        die(call);
      },
    },
  );
  await runTick(ports, defaultTimings).catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error;
  });
  return died;
}

async function expectNothingLost({
  monitor,
  clients,
  watcher,
}: Awaited<ReturnType<typeof aBusyRegion>>): Promise<void> {
  for (let ticks = 0; ticks < 3; ticks += 1) {
    monitor.clock.advance(seconds(5));
    await monitor.tick();
  }
  const entries = await monitor.ledger.entriesAfter('north', 0, 100);
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
  const told = entries.flatMap(({ changes }) => changes.filter(({ transition }) => transition));
  const transitions = told.map(({ facility }) => `${facility.id} ${facility.status}`);
  expect(transitions).toHaveLength(new Set(transitions).size);
  expect(transitions).toHaveLength(60 + 55);
  const published = new Set(
    monitor.bus.events.flatMap(({ type, detail }) =>
      type === 'FacilityStatusChanged'
        ? [`${Reflect.get(detail, 'facility')} ${Reflect.get(detail, 'status')}`]
        : [],
    ),
  );
  expect([...published].toSorted()).toEqual(transitions.toSorted());
  for (const facility of ['f-00', 'f-30']) {
    const events = await monitor.presence.presenceEvents('north', facility, 0, 10);
    const expected = facility === 'f-00' ? ['join'] : ['join', 'timeout'];
    expect(events.map(({ event }) => event)).toEqual(expected);
    expect(events.map(({ seq }) => seq)).toEqual(expected.map((_, index) => index + 1));
    expect(await monitor.presence.present('north', facility, { limit: 10 })).toHaveLength(2 - events.length);
  }
  const heard = watcher.map((message) => Reflect.get(message, 'presenceSeq'));
  expect([...new Set(heard)]).toEqual([2]);
  for (const client of clients) {
    await client.waits(seconds(25));
    expect(client.shows('north')).toEqual(await serverShows(monitor, 'north'));
    expect(client.isProvedRight('north')).toBe(true);
    expect(client.snapshots).toBe(1);
  }
}

/** As many as the longest tick of this scene has. */
const mostSteps = 110;

describe.each(['before', 'after'] as const)(
  'CD1, CD2 a monitor that is killed %s a step of a settle',
  (when) => {
    const steps = Array.from({ length: mostSteps }, (_, index) => index + 1);
    const reached: string[] = [];

    test.each(steps)('loses and repeats nothing: step %i', async (step) => {
      const scene = await aBusyRegion();
      const died = await tickThatDies(scene.monitor, step, when);
      if (died !== undefined) reached.push(died);
      await expectNothingLost(scene);
    });

    test('every kind of step was among them', () => {
      expect([...new Set(reached)]).toEqual(
        expect.arrayContaining([
          'watermarks.saveStanding',
          'ledger.read',
          'sessions.list',
          'ledger.commit',
          'presence.commitPresence',
          'feed.post',
          'bus.publish',
          'ledger.advanceCursor',
          'watermarks.noteTold',
        ]),
      );
      expect(reached.length).toBeLessThan(mostSteps);
    });
  },
);
