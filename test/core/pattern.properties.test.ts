import fc from 'fast-check';
import { isFacilityId } from '../../core/ids';
import {
  canonical,
  coversAll,
  isPattern,
  isPrefix,
  matches,
  matchesAny,
  prefixOf,
  samePatterns,
} from '../../core/pattern';
import { property } from '../support/builders';

const word = fc.string({ unit: fc.constantFrom('a', 'b', '-', '~', '.', '_'), minLength: 1, maxLength: 3 });
const facility = fc
  .array(word, { minLength: 1, maxLength: 3 })
  .map((words) => words.join('/'))
  .filter(isFacilityId);
const prefix = fc
  .tuple(facility, fc.nat(12))
  .map(([id, length]) => `${id.slice(0, length)}*`)
  .filter(isPattern);
const pattern = fc.oneof(facility, prefix);
const patterns = fc.array(pattern, { maxLength: 6 });

describe('AC2 laws of patterns', () => {
  test('an id covers itself alone; a prefix covers what begins with it', () => {
    fc.assert(
      fc.property(pattern, facility, (one, id) => {
        expect(matches(one, id)).toBe(isPrefix(one) ? id.startsWith(prefixOf(one)) : one === id);
        expect(matches(id, id)).toBe(true);
        expect(matches('*', id)).toBe(true);
      }),
      property,
    );
  });

  test('a prefix covers whatever a pattern covers that begins with it', () => {
    fc.assert(
      fc.property(prefix, pattern, facility, (wide, narrow, id) => {
        const literal = isPrefix(narrow) ? prefixOf(narrow) : narrow;
        if (literal.startsWith(prefixOf(wide)) && matches(narrow, id)) expect(matches(wide, id)).toBe(true);
      }),
      property,
    );
  });

  test('more patterns never cover less, and only * covers everything', () => {
    fc.assert(
      fc.property(patterns, patterns, facility, (some, more, id) => {
        if (matchesAny(some, id)) expect(matchesAny([...more, ...some], id)).toBe(true);
        if (coversAll(some)) expect(matchesAny(some, id)).toBe(true);
      }),
      property,
    );
  });

  test('the canonical form means the same, is the same in any order, and its own canonical form', () => {
    fc.assert(
      fc.property(patterns, fc.func(fc.nat()), facility, (some, shuffle, id) => {
        const form = canonical(some);
        expect(matchesAny(form, id)).toBe(matchesAny(some, id));
        expect(canonical(form)).toEqual(form);
        const shuffled = [...some, ...some].toSorted((a, b) => shuffle(a) - shuffle(b));
        expect(samePatterns(canonical(shuffled), form)).toBe(true);
      }),
      property,
    );
  });

  test('two lists are the same exactly where their members are', () => {
    fc.assert(
      fc.property(patterns, patterns, (one, other) => {
        const sameSets =
          new Set([...one, ...other]).size === new Set(one).size && new Set(one).size === new Set(other).size;
        expect(samePatterns(canonical(one), canonical(other))).toBe(sameSets);
      }),
      property,
    );
  });
});
