import { defaultTimings } from '../../core/timings';
import { createMonitor } from '../../lambdas/session-monitor/monitor';
import { between, seededRandom } from '../../local/fleet/random';
import { at, seconds } from '../support/builders';
import { aRegistry } from '../support/registry-scene';
import { aSessionMonitor } from '../support/session-monitor-scene';
import { spied } from '../support/spied';
import { SteppedClock } from '../support/stepped-clock';

const writers = [1, 2, 3, 4];

/** A monitor and an API on the same stores, each call of which takes up to 40 ms, and people who never pause. */
function aBusyRegion(seed: number) {
  const random = seededRandom(seed);
  const clock = new SteppedClock(at('10:00'));
  const scene = aSessionMonitor(defaultTimings, clock);
  const pause = () => clock.sleep(between(random, 0, 20));
  const slow = spied(scene, ['sessions', 'ledger', 'presence', 'watermarks'], {
    before: pause,
    after: pause,
  });
  const api = aRegistry({ ...scene, ...slow });
  const answers: number[] = [];
  const monitor = async (): Promise<void> => {
    while (clock.now() < at('10:02')) await createMonitor(slow, defaultTimings)();
  };
  const writing = writers.map(async (writer) => {
    for (let count = 0; clock.now() < at('10:02'); count += 1) {
      answers.push((await api.put(`w-${writer}`, { name: `name ${count}` })).status ?? 0);
    }
  });
  return { ...scene, clock, answers, ended: () => Promise.all([monitor(), ...writing]) };
}

test.each([1, 2, 3])(
  'CD1 given people change a region without a pause, then settles get their turn and so do they: seed %i',
  async (seed) => {
    const region = aBusyRegion(seed);
    const ended = region.ended();
    const names: string[] = [];
    while (region.clock.now() < at('10:01:50')) {
      const name = `f-${names.length}`;
      names.push(name);
      await region.joins({ session: name, covers: [name], since: region.clock.now(), until: at('12:00') });
      await region.clock.advance(seconds(5) + seconds(5));
      expect(await region.ledger.facility('north', name)).toMatchObject({ status: 'online' });
    }
    await region.clock.advance(seconds(150));
    await ended;
    expect(region.log.errors).toEqual([]);
    expect(new Set(region.answers)).toEqual(new Set([200]));
    expect(region.answers.length).toBeGreaterThan(300);
  },
);
