import { defaultTimings, timingsFrom } from '../../core/timings';
import { measure } from '../../tools/accuracy/accuracy';
import { crossCheck } from '../../tools/accuracy/cross-check';
import { poissonInterval, Samples } from '../../tools/accuracy/figures';
import { optionsFrom } from '../../tools/accuracy/options';
import { seededRandom, travelMs } from '../../tools/accuracy/random';
import { pageOf } from '../../tools/accuracy/report';
import { faultScenarios, type Scenario } from '../../tools/accuracy/scenarios';
import { SessionRun } from '../../tools/accuracy/session-run';
import { aWorld, lifeOf, simulate } from '../../tools/accuracy/simulation';

const visible: Scenario = { title: 'visible', habit: 'visible', loss: 0, fault: 'none', hours: 0 };

describe('accuracy figures', () => {
  const lossy = { ...visible, loss: 0.3, hours: 20_000 };
  const plan = {
    kept: [lossy, ...faultScenarios.slice(4, 5)],
    broken: [],
    compared: [],
  };
  const page = (seed: number) => pageOf(measure(plan, 0.001, seed, () => {}));

  test('are the same for the same seed, and others for another', () => {
    const once = page(1);
    expect(once).toContain('Seed 1');
    expect(once).not.toContain('NaN');
    expect(page(1)).toBe(once);
    expect(page(2).replace('Seed 2', 'Seed 1')).not.toBe(once);
  });

  test('given no loss and nothing out of order, nobody is told falsely, everybody in the end, and nothing later than promised', () => {
    const tally = simulate(visible, 200, defaultTimings, 1);
    expect(tally).toMatchObject({ falseOfflines: 0, neverTold: 0 });
    const largest = (samples: Samples) => samples.spread()?.max;
    expect(largest(tally.startAfterArrival)).toBeLessThan(7_000);
    expect(largest(tally.goodbyeAfterArrival)).toBeLessThan(24_000);
    expect(largest(tally.silenceAfterReserve)).toBeLessThan(14_000);
  });

  test('given two lost beats end a lease, false offlines are as frequent as the loss says', () => {
    const t = timingsFrom({ allowance: 2, renewBeats: 0 });
    const { falseOfflines, hours } = simulate({ ...visible, loss: 0.2 }, 1_000, t, 1);
    // 120 beats an hour, after one that arrived two that do not.
    expect(falseOfflines / hours / (120 * 0.8 * 0.2 * 0.2)).toBeCloseTo(1, 1);
  });

  test('given nonsense for timings and heavy loss, most beats that are lost are a false offline', () => {
    const nonsense = timingsFrom({ allowance: 2, slackSeconds: 0, renewBeats: 0 });
    const { falseOfflines, hours } = simulate({ ...visible, loss: 0.3 }, 100, nonsense, 1);
    expect(falseOfflines / hours).toBeGreaterThan(5);
  });

  test.each(faultScenarios.map((scenario) => [scenario.fault, scenario]))(
    'TR3 %s takes nobody offline falsely, and would if gaps were forgotten',
    (fault, scenario) => {
      let [kept, forgotten] = [0, 0];
      for (let seed = 1; seed <= 4; seed += 1) {
        const random = seededRandom(seed);
        const pipeline = aWorld(scenario, defaultTimings, random);
        const blind = { ...pipeline, ticks: pipeline.ticks.map((tick) => ({ ...tick, gaps: [] })) };
        const lives = Array.from({ length: 60 }, (_, index) => lifeOf(`f${index}`, scenario, random));
        for (const life of lives) {
          kept += new SessionRun(life, pipeline, defaultTimings, seededRandom(seed)).run().falseOfflines;
          forgotten += new SessionRun(life, blind, defaultTimings, seededRandom(seed)).run().falseOfflines;
        }
      }
      expect(kept).toBe(0);
      const losesNothing = fault === 'lag' || fault === 'deploy';
      expect(forgotten > 0).toBe(!losesNothing);
    },
  );

  test('what is skipped changes nothing: regions that are settled whole tell the same', () => {
    const check = crossCheck(
      [{ ...visible, loss: 0.05 }, ...faultScenarios.slice(2, 7)],
      10,
      defaultTimings,
      7,
    );
    expect(check.different).toEqual([]);
    expect(check.told).toBeGreaterThan(200);
  });
});

describe('figures', () => {
  test.each([
    [0, 0, 2.996],
    [1, 0.0253, 5.572],
    [10, 4.795, 18.39],
    [100, 81.36, 121.63],
  ])('%p events lie between %p and %p', (count, low, high) => {
    const interval = poissonInterval(count);
    expect(interval.low).toBeCloseTo(low, 2);
    expect(interval.high).toBeCloseTo(high, 2);
  });

  test('median, 99th percentile and largest', () => {
    const samples = new Samples();
    expect(samples.spread()).toBeUndefined();
    for (let value = 1_000; value > 0; value -= 1) samples.add(value);
    expect(samples.spread()).toEqual({ count: 1_000, median: 501, p99: 991, max: 1_000 });
  });

  test('beats travel as the page says', () => {
    const random = seededRandom(3);
    const samples = new Samples();
    for (let count = 0; count < 100_000; count += 1) samples.add(travelMs(random));
    const { median, p99, max } = samples.spread() ?? { median: 0, p99: 0, max: 0 };
    expect(median / 80).toBeCloseTo(1, 1);
    expect(p99).toBeGreaterThan(1_000);
    expect(max).toBeLessThanOrEqual(10_000);
  });
});

describe('the command line', () => {
  test('writes the page of the documentation unless a number of hours is given', () => {
    expect(optionsFrom([])).toEqual({ seed: 1, file: 'docs/ACCURACY.md' });
    expect(optionsFrom(['--hours', '100', '--seed', '7'])).toEqual({ hours: 100, seed: 7 });
    expect(optionsFrom(['--hours', '100', '--out', 'x.md'])).toEqual({ hours: 100, seed: 1, file: 'x.md' });
  });

  test.each([['--hours', '0'], ['--seed', '-1'], ['--seed', 'x'], ['--what'], ['file']])(
    'refuses %p %p with the usage',
    (...words) => {
      expect(() => optionsFrom(words.filter((word) => word !== undefined))).toThrow('Usage');
    },
  );
});
