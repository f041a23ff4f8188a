import { optionsFrom } from '../../bench/scale/options';
import { ScaleRun } from '../../bench/scale/scale';
import { scaleFigures } from '../support/scale';

describe('the cost sheet says within a tenth what is metered', () => {
  test.each<[string, readonly string[]]>([
    ['with the defaults', ['--sessions', '1000']],
    ['on an on-demand stream', ['--sessions', '1000', '--shards', 'on-demand']],
  ])('%s', async (_, words) => {
    const { difference, errors, meteredDollars } = await scaleFigures(...words);
    expect(errors).toEqual([]);
    expect(meteredDollars).toBeGreaterThan(0);
    expect(Math.abs(difference)).toBeLessThan(0.1);
  });
});

describe('HB6 write units per 1,000 heartbeats, whatever comes, goes and is settled included', () => {
  test.each([
    [1, 500],
    [2, 340],
  ])('with a reserve of %d beats are at most %d', async (renewBeats, most) => {
    const words = ['--minutes', '2', '--sessions', '10000', '--renew-beats', String(renewBeats)];
    const { steady } = await scaleFigures(...words);
    expect(steady.writeUnitsPerThousandBeats).toBeLessThanOrEqual(most);
    expect(steady.writeUnitsPerThousandBeats).toBeGreaterThan(0.9 * most);
  });
});

describe('HB6 of the renewals that arrive', () => {
  test.each([
    [0, 1],
    [1, 2.1],
    [2, 3.1],
  ])('with a reserve of %d beats one of %d is written', async (renewBeats, oneOf) => {
    const { plan } = optionsFrom([
      '--minutes',
      '3',
      '--sessions',
      '500',
      '--renew-beats',
      String(renewBeats),
    ]);
    const { steady } = await new ScaleRun(plan, () => {}).run();
    const renewed = steady.reading.total('dynamoWriteUnits', 'Sessions renewed');
    expect(renewed / steady.beats / (1 / oneOf)).toBeCloseTo(1, 1);
  });
});
