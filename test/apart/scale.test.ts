import { scaleFigures } from '../support/scale';

describe('the cost sheet says within a tenth what is metered', () => {
  test.each<[string, readonly string[]]>([
    ['with the defaults', ['--sessions', '20000']],
    [
      'at two beats of renewal slack and a slow tick',
      ['--sessions', '4000', '--renew-beats', '2', '--tick', '20'],
    ],
    [
      'over an HTTP API, with one pass a minute',
      ['--sessions', '4000', '--front-door', 'http-api', '--tick', '60'],
    ],
    ['where everybody stays for an hour', ['--sessions', '6000', '--session-hours', '1']],
    ['with one session per facility', ['--sessions', '3000', '--per-facility', '1', '--session-hours', '4']],
  ])('%s', async (_, words) => {
    const { difference, errors, meteredDollars } = await scaleFigures(...words);
    expect(errors).toEqual([]);
    expect(meteredDollars).toBeGreaterThan(0);
    expect(Math.abs(difference)).toBeLessThan(0.1);
  });
});

describe('a storm', () => {
  test('given a tenth of the regions is cut off and returns, then nothing fails, and it is told', async () => {
    const { steady, storm, errors } = await scaleFigures(
      '--sessions',
      '3000',
      '--regions',
      '10',
      '--minutes',
      '9',
    );
    expect(errors).toEqual([]);
    expect(storm?.messagesToSockets).toBeGreaterThan(0);
    expect(storm?.writeUnitsPerThousandBeats).toBeGreaterThan(steady.writeUnitsPerThousandBeats);
  });
});
