import { stopAfter } from '../../web/region/stops';
import { scrollToLine, visibleRange } from '../../web/region/window';

describe('ten thousand lines, of which few are drawn', () => {
  const scroll = { viewHeight: 800, lineHeight: 40, count: 10_000 };

  test.each([0, 1, 7, 400, 12_345, 399_000, 400_000])(
    'scrolled by %i pixels, all that can be seen is drawn',
    (by) => {
      const { first, end } = visibleRange({ ...scroll, top: 200 - by });
      const firstSeen = Math.max(0, Math.floor((by - 200) / 40));
      const lastSeen = Math.min(9_999, Math.floor((by - 200 + 800) / 40));
      expect(first).toBeLessThanOrEqual(firstSeen);
      expect(end).toBeGreaterThan(Math.min(lastSeen, 9_999));
      expect(end - first).toBeLessThanOrEqual(80);
    },
  );

  test('given a little scrolling, then nothing else is drawn', () => {
    expect(visibleRange({ ...scroll, top: -4_001 })).toEqual(visibleRange({ ...scroll, top: -4_200 }));
  });

  test('given nothing, then nothing is drawn', () => {
    expect(visibleRange({ ...scroll, count: 0, top: 0 })).toEqual({ first: 0, end: 0 });
  });

  test('a line that the keyboard goes to is scrolled into sight, below what covers the upper edge', () => {
    expect(scrollToLine(0, { ...scroll, top: -400 }, 48)).toBe(-448);
    expect(scrollToLine(12, { ...scroll, top: -400 }, 48)).toBe(0);
    expect(scrollToLine(40, { ...scroll, top: -400 }, 48)).toBe(440);
  });
});

describe('the keyboard in the list', () => {
  const list = { keys: Array.from({ length: 20 }, (_, index) => `k${index}`), columns: 1 };
  const tiles = { ...list, columns: 6 };

  test.each([
    ['ArrowDown', list, 3, 4],
    ['ArrowUp', list, 0, 0],
    ['ArrowDown', list, 19, 19],
    ['PageDown', list, 3, 13],
    ['Home', list, 7, 0],
    ['End', list, 7, 19],
    ['ArrowDown', tiles, 3, 9],
    ['ArrowRight', tiles, 3, 4],
    ['ArrowLeft', tiles, 0, 0],
    ['PageUp', tiles, 3, 0],
    ['ArrowRight', list, 3, undefined],
    ['Enter', list, 3, undefined],
    ['a', list, 3, undefined],
  ] as const)('%s', (key, stops, from, to) => {
    expect(stopAfter(key, from, stops, 10)).toBe(to);
  });
});
