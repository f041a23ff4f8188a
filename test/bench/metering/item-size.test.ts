import { marshall } from '@aws-sdk/util-dynamodb';
import * as fc from 'fast-check';
import { itemBytes, numberBytes, valueBytes, wireItemBytes } from '../../../bench/metering/item-size';
import { property } from '../../support/builders';

describe('the size of an item', () => {
  test.each([
    ['a text is its name and its bytes', { id: 'uniqueIdString' }, 2 + 14],
    ['in UTF-8, names as well', { caféName: 'Mocca' }, 9 + 5],
    ['a number is a byte for two digits and one more', { n: 27 }, 1 + 2],
    ['trailing zeroes are not counted', { n: 1_700_000_000_000 }, 1 + 2],
    ['an instant in milliseconds is eight bytes', { at: 1_767_600_000_123 }, 2 + 8],
    ['true, false and nothing are one byte', { yes: true, no: false, none: null }, 3 + 1 + 2 + 1 + 4 + 1],
    ['an empty list is three bytes', { list: [] }, 4 + 3],
    ['each element of a list is one more', { list: ['ab', 'c'] }, 4 + 3 + (2 + 1) + (1 + 1)],
    ['and each of a map', { map: { a: 'b' } }, 3 + 3 + (1 + 1 + 1)],
    ['what is undefined is not stored', { id: 'x', gone: undefined }, 2 + 1],
  ])('%s', (_, item, bytes) => {
    expect(itemBytes(item)).toBe(bytes);
  });

  test.each([
    [0, 1],
    [7, 2],
    [100, 2],
    [12_345, 4],
    [-12, 3],
    [0.5, 2],
  ])('the number %d takes %d bytes', (value, bytes) => {
    expect(numberBytes(value)).toBe(bytes);
  });

  test('a plain object is as large as what goes over the wire', () => {
    const name = fc.stringMatching(/^[a-zé]{1,8}$/);
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const value = fc.oneof(leaf, fc.array(leaf), fc.dictionary(name, leaf));
    const item = fc.dictionary(name, value);
    fc.assert(
      fc.property(item, (given) => {
        expect(wireItemBytes(marshall(given))).toBe(itemBytes(given));
      }),
      property,
    );
  });

  test('binary values and sets count as what they hold', () => {
    expect(
      wireItemBytes({ b: { B: new Uint8Array(10) }, s: { SS: ['ab', 'c'] }, n: { NS: ['12', '3'] } }),
    ).toBe(1 + 10 + (1 + 3) + (1 + 4));
    expect(valueBytes(undefined)).toBe(0);
  });
});
