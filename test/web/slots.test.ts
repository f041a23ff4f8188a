import { Slots } from '../../web/region/slots';

describe('lines that are drawn in places which are used again', () => {
  const drawn = (...rounds: readonly (readonly string[])[]) => {
    const slots = new Slots();
    return rounds.map((keys) => slots.assign(keys));
  };
  const slotsOf = (assigned: ReadonlyMap<string, number> | undefined) => [...(assigned?.values() ?? [])];

  test('given lines that stay, then each keeps its place', () => {
    const [first, second] = drawn(['a', 'b', 'c'], ['c', 'b', 'd']);
    expect(second?.get('b')).toBe(first?.get('b'));
    expect(second?.get('c')).toBe(first?.get('c'));
  });

  test('given all others, then the same places are taken in the same order, so that nothing is made or moved', () => {
    const [first, second] = drawn(['a', 'b', 'c'], ['d', 'e', 'f']);
    expect(slotsOf(second)).toEqual(slotsOf(first));
  });

  test('given fewer and then more, then no two share a place', () => {
    const rounds = drawn(
      ['a', 'b', 'c', 'd'],
      ['c', 'd'],
      ['c', 'd', 'e', 'f', 'g'],
      ['g', 'a'],
      ['__proto__', 'a', 'b', 'c'],
    );
    for (const assigned of rounds) expect(new Set(slotsOf(assigned)).size).toBe(assigned.size);
  });

  test('given nothing, then nothing', () => {
    expect(slotsOf(new Slots().assign([]))).toEqual([]);
  });
});
