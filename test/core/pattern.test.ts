import {
  canonical,
  coversAll,
  isPattern,
  isPrefix,
  matches,
  matchesAny,
  samePatterns,
} from '../../core/pattern';

describe('AC2 a pattern is an id, or a prefix that ends in *', () => {
  test.each(['clinic-7', 'lab/*', '*', 'cli*', '__proto__', `${'p'.repeat(127)}*`])('%p is one', (text) => {
    expect(isPattern(text)).toBe(true);
  });
  test.each(['', '**', 'a*b', 'a*b*', 'a b*', 'a//b', `${'p'.repeat(128)}*`, 'lab/*\n'])(
    '%p is none',
    (text) => {
      expect(isPattern(text)).toBe(false);
    },
  );
});

describe('AC2 what a pattern covers', () => {
  test.each([
    ['clinic-7', 'clinic-7', true],
    ['clinic-7', 'clinic-70', false],
    ['clinic-70', 'clinic-7', false],
    ['lab/*', 'lab/3', true],
    ['lab/*', 'lab/3/desk', true],
    ['lab/*', 'lab', false],
    ['lab/*', 'labour/3', false],
    ['*', 'anything/at/all', true],
    ['constructor', '__proto__', false],
  ])('%p covers %p: %p', (pattern, facility, covered) => {
    expect(matches(pattern, facility)).toBe(covered);
    expect(matchesAny(['other', pattern], facility)).toBe(covered);
  });

  test('nothing covers nothing', () => {
    expect(matchesAny([], 'clinic-7')).toBe(false);
  });

  test('only * covers a whole region', () => {
    expect(coversAll(['lab/*', '*'])).toBe(true);
    expect(coversAll(['lab/*', 'clinic-7'])).toBe(false);
    expect(isPrefix('*')).toBe(true);
  });
});

describe('HB6 two lists that mean the same are equal', () => {
  test('in one order and without repeats', () => {
    expect(canonical(['lab/*', 'a', 'lab/*'])).toEqual(['a', 'lab/*']);
    expect(samePatterns(canonical(['b', 'a']), canonical(['a', 'b', 'b']))).toBe(true);
  });

  test.each([
    [['a'], ['a', 'b']],
    [['a', 'b'], ['a']],
    [['a'], ['b']],
  ])('%p and %p differ', (one, other) => {
    expect(samePatterns(one, other)).toBe(false);
  });
});
