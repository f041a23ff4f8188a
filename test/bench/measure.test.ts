import { costOf, quantile, spreadOf } from '../../bench/measure';
import { isBroken } from '../../bench/scenario';

describe('What benches measure', () => {
  test('the middle of several rounds, and the extremes', () => {
    expect(spreadOf([5, 1, 9])).toEqual({ median: 5, least: 1, most: 9 });
  });

  test('a quantile is a value that was seen', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([quantile(values, 0.5), quantile(values, 0.99), quantile(values, 1)]).toEqual([50, 99, 100]);
  });

  test('allocations are those of an item, whatever is collected meanwhile', async () => {
    const held: number[][] = [];
    const { allocatedBytes } = await costOf({
      items: 2_000,
      rounds: 1,
      warmUp: 1,
      work: () => {
        for (let item = 0; item < 2_000; item += 1)
          held[item % 10] = Array.from({ length: 1_000 }, () => item);
      },
    });
    expect(allocatedBytes).toBeGreaterThan(4_000);
    expect(allocatedBytes).toBeLessThan(40_000);
  });

  test.each([
    [{ value: 9 }, false],
    [{ value: 9, atMost: 9 }, false],
    [{ value: 9.1, atMost: 9 }, true],
    [{ value: Number.NaN, atMost: 9 }, true],
  ])('%j is broken: %p', (figure, broken) => {
    expect(isBroken({ what: 'something', unit: 'ms', ...figure })).toBe(broken);
  });
});
