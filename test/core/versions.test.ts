import { isLater, LaterVersion, requireKnownRow, versions } from '../../core/versions';

describe('isLater', () => {
  test.each([
    ['the next one is', versions.record + 1, true],
    ['the one that is known is not', versions.record, false],
    ['an earlier one is not', 0, false],
    ['none is not', undefined, false],
    ['a text is not', '2', false],
    ['half a version is not', 1.5, false],
    ['more than any number is not', Number.POSITIVE_INFINITY, false],
  ])('%s', (_, version, expected) => {
    expect(isLater(version, versions.record)).toBe(expected);
  });
});

describe('requireKnownRow', () => {
  test.each([
    ['a row of the first releases, which has no version', undefined],
    ['a row of this release', versions.row],
    ['its version as DynamoDB spells a number', String(versions.row)],
  ])('given %s, then it may be read', (_, version) => {
    expect(() => requireKnownRow(version)).not.toThrow();
  });

  test('given a row of a later release, then it waits for that', () => {
    expect(() => requireKnownRow(versions.row + 1)).toThrow(LaterVersion);
  });
});
