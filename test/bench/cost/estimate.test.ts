import { estimate, naiveDollars } from '../../../bench/cost/estimate';
import { leversOf } from '../../../bench/cost/levers';
import { defaultLoad, loadFrom } from '../../../bench/cost/load';
import { renewalsPerWrite } from '../../../bench/cost/model';
import { dollarsByPart } from '../../../bench/cost/parts';
import { isEnough, quotasOf } from '../../../bench/cost/quotas';
import { setupOf, shardsFor } from '../../../bench/cost/setup';
import { ConfigurationRefused } from '../../../core/errors';
import { timingsFrom } from '../../../core/timings';
import { type RollcallOptions, settingsFrom } from '../../../lib/settings';

const setup = (options: RollcallOptions = {}, shards = 48) => setupOf(settingsFrom(options), shards);
const million = estimate(defaultLoad, setup());

describe('a million sessions at ten to a facility', () => {
  test('cost at most $55,000 a month with the defaults, where the naive design costs four times that', () => {
    expect(million.dollars).toBeLessThan(55_000);
    expect(naiveDollars(defaultLoad, setup())).toBeGreaterThan(4 * million.dollars);
    expect(Math.round(naiveDollars(defaultLoad, setup()) / 1_000)).toBe(227);
  });

  test('every dollar belongs to a part', () => {
    const sum = [...dollarsByPart(million.bill).values()].reduce((total, dollars) => total + dollars, 0);
    // Beside it there is only what is billed by the month, the canaries' secret.
    expect(million.dollars - sum).toBeCloseTo(0.4);
  });

  test('the sheet names what an account must have raised, and says so no more once it is', () => {
    const short = (options: RollcallOptions) =>
      quotasOf(estimate(defaultLoad, setup(options)))
        .filter((quota) => !isEnough(quota))
        .map(({ what }) => what);
    expect(short({})).toContain('concurrency of the function URL');
    expect(short({ quotas: { concurrency: 7_000 } })).not.toContain('concurrency of the function URL');
    expect(short({ frontDoor: 'http-api' })).toContain('requests to the HTTP API');
  });

  test('too few shards are told, with how many there must be', () => {
    const [shards] = quotasOf(estimate(defaultLoad, setup({}, 1)));
    expect(shards).toMatchObject({ needed: 48, has: 1, raise: 'set shards to 48' });
  });

  test('each lever is another choice than the one that was taken', () => {
    const choices = leversOf(million).map(({ choice }) => choice);
    expect(choices).toContain('frontDoor http-api');
    expect(choices).toContain('timings.renewBeats 2');
    expect(choices).not.toContain('frontDoor function-url');
    const slower = leversOf(estimate(defaultLoad, setup({ timings: { renewBeats: 2 } })));
    expect(slower.map(({ choice }) => choice)).not.toContain('timings.renewBeats 2');
  });
});

describe('hours a day', () => {
  const offices = { sessions: 3_000, perFacility: 5, regions: 3, operators: 2, sessionHours: 8 };
  const cost = (hoursADay: number) => estimate(loadFrom({ ...offices, hoursADay }), setup({}, 1)).dollars;

  test('a third of the day costs a third of what is above an idle stack', () => {
    const idle = estimate(
      loadFrom({ sessions: 3, perFacility: 1, regions: 3, operators: 2, sessionHours: 720 }),
      setup({}, 1),
    ).dollars;
    expect((cost(8) - idle) / (cost(24) - idle)).toBeCloseTo(1 / 3, 5);
  });

  test.each([
    { sessions: 3_000, hoursADay: 25 },
    { sessions: 3_000, hoursADay: 8, sessionHours: 24 },
  ])('given %j, then what to change is said', (load) => {
    expect(() => loadFrom(load)).toThrow(/set it to 24 or less|lower sessionHours to 8/);
  });

  test('one pass a minute costs less than a monitor that runs all the time', () => {
    const load = loadFrom(offices);
    const ofTick = (tickSeconds: number) =>
      estimate(load, setup({ timings: { tickSeconds, freshnessSeconds: 180 } }, 1)).month.total(
        'lambdaGbSeconds',
        'session-monitor',
      );
    expect(ofTick(60)).toBeLessThan(ofTick(5) / 10);
  });
});

describe('HB6 a reserve', () => {
  test.each([
    [{ renewBeats: 0 }, 1],
    [{ renewBeats: 1 }, 2.1],
    [{ renewBeats: 2 }, 3.1],
    [{ renewBeats: 3 }, 4.1],
    [{ beatSeconds: 5, leaveGraceSeconds: 4 }, 4.1],
  ])('of %j has one of %d renewals written, since each tenth write covers one more', (timings, expected) => {
    expect(renewalsPerWrite(timingsFrom(timings))).toBe(expected);
  });
});

describe('shards', () => {
  test.each([
    [1, 1],
    [700, 1],
    [701, 2],
    [33_334, 48],
  ])('for %d heartbeats a second are %d, at seven tenths of what they take', (beats, expected) => {
    expect(shardsFor(beats)).toBe(expected);
  });
});

test('a load that cannot be is refused with a sentence that says what to change', () => {
  expect(() => loadFrom({ sessions: 100, regions: 1_000 })).toThrow(ConfigurationRefused);
  expect(() => loadFrom({ silentShare: 2 })).toThrow('set it to 1 or less');
});
