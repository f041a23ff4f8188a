import { MergeShardsCommand, type Shard, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { fromTheOldest, KinesisScene, shardOne, textsOf } from './kinesis-scene';

const [first, second, third] = [shardOne, 'shardId-000000000001', 'shardId-000000000002'] as const;
const lowest = '0';
const middle = String(2n ** 127n);
const highest = String(2n ** 128n - 1n);

let scene: KinesisScene;
afterEach(() => scene.close());

const split = (shardId: string, newStart: string) =>
  scene.client.send(
    new SplitShardCommand({ StreamName: 'beats', ShardToSplit: shardId, NewStartingHashKey: newStart }),
  );

const merge = (shardId: string, neighbour: string) =>
  scene.client.send(
    new MergeShardsCommand({
      StreamName: 'beats',
      ShardToMerge: shardId,
      AdjacentShardToMerge: neighbour,
    }),
  );

const rangeOf = ({ HashKeyRange }: Shard) => [HashKeyRange?.StartingHashKey, HashKeyRange?.EndingHashKey];

describe('given a stream of one shard with a record', () => {
  beforeEach(async () => {
    scene = await KinesisScene.with({ shards: 1 });
    await scene.put('before');
  });

  test('when it is split, then it is closed, and two children share its range', async () => {
    await split(first, middle);

    const [parent, ...children] = await scene.shards();
    expect(parent?.SequenceNumberRange).toHaveProperty('EndingSequenceNumber');
    expect(children).toMatchObject([
      { ShardId: second, ParentShardId: first },
      { ShardId: third, ParentShardId: first },
    ]);
    expect(children.map(rangeOf)).toEqual([
      [lowest, String(2n ** 127n - 1n)],
      [middle, highest],
    ]);
    expect(children.some(({ SequenceNumberRange }) => SequenceNumberRange?.EndingSequenceNumber)).toBe(false);
  });

  test('when it was split, then records go to the children', async () => {
    await split(first, middle);
    await scene.putInto('low', lowest);
    await scene.putInto('high', highest);

    const texts = await Promise.all([first, second, third].map((shardId) => scene.texts(undefined, shardId)));
    expect(texts).toEqual([['before'], ['low'], ['high']]);
  });

  test('when the closed shard is read to its end, then there is no next iterator, but its children', async () => {
    const iterator = await scene.iterator(fromTheOldest);
    await split(first, middle);

    const answer = await scene.get(iterator);
    expect(textsOf(answer)).toEqual(['before']);
    expect(answer.NextShardIterator).toBeUndefined();
    expect(answer.ChildShards).toMatchObject([
      { ShardId: second, ParentShards: [first] },
      { ShardId: third, ParentShards: [first] },
    ]);
  });

  test('when the closed shard is read only in part, then its next iterator gives the rest', async () => {
    await scene.put('after');
    await split(first, middle);

    const answer = await scene.get(await scene.iterator(fromTheOldest), 1);
    expect(answer.ChildShards).toBeUndefined();
    expect(textsOf(await scene.get(answer.NextShardIterator))).toEqual(['after']);
  });

  test.each([
    ['at its very start', lowest, 'InvalidArgumentException'],
    ['at no hash key', 'the middle', 'ValidationException'],
  ])('when it is split %s, then that is refused, and it stays open', async (_, newStart, name) => {
    await expect(split(first, newStart)).rejects.toMatchObject({ name });
    expect(await scene.shards()).toHaveLength(1);
  });

  test('when it is split twice, then the second time is refused', async () => {
    await split(first, middle);

    await expect(split(first, middle)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });

  test('when an unknown shard is split, then it is not found', async () => {
    await expect(split(third, middle)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('given a stream of three shards', () => {
  beforeEach(async () => {
    scene = await KinesisScene.with({ shards: 3 });
  });

  test.each([
    ['the lower first', first, second],
    ['the higher first', second, first],
  ])('when two neighbours are merged, %s, then one child has both as parents', async (_, one, other) => {
    await merge(one, other);

    const shards = await scene.shards();
    const child = shards.find(({ ShardId }) => ShardId === 'shardId-000000000003');
    expect(child).toMatchObject({ ParentShardId: one, AdjacentParentShardId: other });
    expect(child?.HashKeyRange).toEqual({
      StartingHashKey: shards[0]?.HashKeyRange?.StartingHashKey,
      EndingHashKey: shards[1]?.HashKeyRange?.EndingHashKey,
    });
  });

  test('when they were merged, then what went to either goes to the child', async () => {
    await merge(first, second);
    await scene.putInto('low', lowest);

    expect(await scene.texts(undefined, 'shardId-000000000003')).toEqual(['low']);
  });

  test.each([
    ['that are no neighbours', first, third],
    ['that are one and the same', first, first],
  ])('when shards %s are merged, then that is refused', async (_, one, other) => {
    await expect(merge(one, other)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
    expect(await scene.shards()).toHaveLength(3);
  });
});
