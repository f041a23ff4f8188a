import { chunksOf, mapBounded } from '../../core/concurrency';

/** Work whose items end when the test says so. */
function gated() {
  const open = new Map<number, () => void>();
  const work = (item: number): Promise<number> =>
    new Promise((resolve) => open.set(item, () => resolve(item * 10)));
  const finish = async (item: number): Promise<void> => {
    open.get(item)?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { work, finish, begun: () => [...open.keys()] };
}

describe('mapBounded', () => {
  test('begins at most so many at once, and the next one when any has ended', async () => {
    const { work, finish, begun } = gated();
    const all = mapBounded([1, 2, 3, 4], 2, work);
    expect(begun()).toEqual([1, 2]);
    await finish(2);
    expect(begun()).toEqual([1, 2, 3]);
    await finish(3);
    await finish(1);
    await finish(4);
    expect(await all).toEqual([10, 20, 30, 40]);
  });

  test('gives results in the order of the items, and nothing for nothing', async () => {
    expect(await mapBounded(['a', 'b', 'c'], 8, async (item) => item.toUpperCase())).toEqual(['A', 'B', 'C']);
    expect(await mapBounded([], 8, async (item) => item)).toEqual([]);
  });

  test('throws the first error after everything that had begun has ended', async () => {
    const ended: string[] = [];
    const failing = mapBounded(['bad', 'good'], 2, async (item) => {
      if (item === 'bad') throw new Error('no');
      await new Promise((resolve) => setImmediate(resolve));
      ended.push(item);
    });
    await expect(failing).rejects.toThrow('no');
    expect(ended).toEqual(['good']);
  });
});

describe('chunksOf', () => {
  test.each([
    [[], []],
    [[1], [[1]]],
    [
      [1, 2, 3, 4],
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      [1, 2, 3, 4, 5],
      [[1, 2], [3, 4], [5]],
    ],
  ])('cuts %p into %p', (items, chunks) => {
    expect(chunksOf(items, 2)).toEqual(chunks);
  });
});
