import { MemoryFence } from '../../adapters/memory/fence';
import { defaultTimings } from '../../core/timings';
import { createMonitor } from '../../lambdas/session-monitor/monitor';
import { between, type Random, seededRandom } from '../../local/fleet/random';
import { aSession, at, minutes, seconds } from '../support/builders';
import { aSessionMonitor } from '../support/session-monitor-scene';
import { spied } from '../support/spied';
import { SteppedClock } from '../support/stepped-clock';

const timings = { ...defaultTimings, tickSeconds: 1 };
const facilities = ['a', 'b', 'c', 'd', 'e', 'f'];

/** Two monitors that know nothing of each other, on the same stores, each call of which takes up to 300 ms. */
function twoMonitors(random: Random) {
  const clock = new SteppedClock(at('10:00'));
  const scene = aSessionMonitor(timings, clock);
  const slow = spied(scene, ['sessions', 'ledger', 'presence', 'watermarks'], {
    before: () => clock.sleep(between(random, 0, 150)),
    after: () => clock.sleep(between(random, 0, 150)),
  });
  const untilMs = at('10:10');
  const monitors = [1, 2].map(async () => {
    const run = createMonitor({ ...slow, fence: new MemoryFence() }, timings);
    while (clock.now() < untilMs) await run();
  });
  return { clock, scene, ended: () => Promise.all(monitors) };
}

/** Sessions that come, beat on, leave and fall silent at random. */
async function live({ scene, clock }: ReturnType<typeof twoMonitors>, random: Random): Promise<void> {
  for (let count = 0; clock.now() < at('10:09'); count += 1) {
    const since = clock.now();
    const covers = facilities.filter(() => random() < 0.3);
    const until = since + between(random, 2_000, 20_000);
    const leaves =
      random() < 0.4 ? { leftAt: Math.min(until, since + 500), until: since + 1_500 } : { until };
    await scene.sessions.save(aSession({ session: `s${count}`, covers, since, revision: 0, ...leaves }));
    await scene.ledger.raiseMark('north');
    await clock.advance(between(random, 200, 3_000));
  }
}

test.each([1, 2, 3, 4])(
  'CD1 two monitors at once for ten minutes: seed %i',
  async (seed) => {
    const random = seededRandom(seed);
    const pair = twoMonitors(random);
    await live(pair, random);
    await pair.clock.advance(minutes(4));
    await pair.ended();

    const { ledger } = pair.scene;
    const entries = await ledger.entriesAfter('north', 0, 10_000);
    expect(entries.length).toBeGreaterThan(100);
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
    for (const id of facilities) {
      const window = { fromMs: 0, toMs: at('23:00') };
      const history = await ledger.transitions('north', id, window, 10_000);
      expect(history.length).toBeGreaterThan(4);
      expect(history.map(({ status }) => status)).toEqual(
        history.map((_, index) => (index % 2 === 0 ? 'online' : 'offline')),
      );
      expect(new Set(history.map(({ version }) => version)).size).toBe(history.length);
      const instants = history.map(({ atMs }) => atMs);
      expect(instants).toEqual(instants.toSorted((one, other) => one - other));
    }
    expect(await pair.scene.statuses()).toEqual(facilities.map((id) => `${id} offline`));
    expect(pair.scene.log.errors.filter((error) => !String(error).includes('committed first'))).toEqual([]);
  },
  seconds(60),
);
