import { KinesisScene, mebibytes, recordOf, shardOne } from './kinesis-scene';

let scene: KinesisScene;
afterEach(() => scene.close());

describe('given a stream of four shards', () => {
  beforeEach(async () => {
    scene = await KinesisScene.with({ shards: 4 });
  });

  test('when a partition key is used again, then its records are on the same shard', async () => {
    const first = await scene.put('1', 'facility-1');
    const again = await scene.put('2', 'facility-1');

    expect(again.ShardId).toBe(first.ShardId);
    expect(await scene.texts(undefined, first.ShardId)).toEqual(['1', '2']);
  });

  test('when many partition keys are used, then every shard gets records', async () => {
    const { Records = [] } = await scene.putAll(
      Array.from({ length: 200 }, (_, index) => recordOf(100, `facility-${index}`)),
    );

    expect(new Set(Records.map(({ ShardId }) => ShardId)).size).toBe(4);
  });

  test('when a hash key is given, then it decides the shard instead of the partition key', async () => {
    const lowest = await scene.putInto('low', '0');
    const highest = await scene.putInto('high', String(2n ** 128n - 1n));

    expect([lowest.ShardId, highest.ShardId]).toEqual([shardOne, 'shardId-000000000003']);
  });

  test.each([
    ['not a number', 'ValidationException'],
    ['-1', 'ValidationException'],
    [String(2n ** 128n), 'InvalidArgumentException'],
  ])('when the hash key is %s, then it is refused', async (hashKey, name) => {
    await expect(scene.putInto('lost', hashKey)).rejects.toMatchObject({ name });
  });

  test('when one shard is too busy, then only its records are turned away, each by name', async () => {
    scene.streams.throttles = (shardId) => shardId === shardOne;
    const entries = ['0', String(2n ** 127n)].map((hashKey) => ({
      ...recordOf(10),
      ExplicitHashKey: hashKey,
    }));

    const answer = await scene.putAll(entries);

    expect(answer.FailedRecordCount).toBe(1);
    expect(answer.Records).toEqual([
      { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: expect.any(String) },
      { ShardId: 'shardId-000000000002', SequenceNumber: expect.any(String) },
    ]);
  });

  test('when the only record is for a busy shard, then PutRecord itself is turned away', async () => {
    scene.streams.throttles = () => true;

    await expect(scene.put('lost')).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
      $metadata: { httpStatusCode: 400 },
    });
  });
});

describe('given a stream of one shard', () => {
  beforeEach(async () => {
    scene = await KinesisScene.with();
  });

  test('when records arrive, also within one millisecond, then sequence numbers rise as texts', async () => {
    const { Records = [] } = await scene.putAll([recordOf(10), recordOf(10), recordOf(10)]);
    scene.nowMs += 1;
    const later = await scene.put('later');

    const numbers = [...Records, later].map(({ SequenceNumber = '' }) => SequenceNumber);
    expect(numbers).toEqual(numbers.toSorted());
    expect(new Set(numbers).size).toBe(4);
  });

  test('when the clock steps back, then sequence numbers rise nevertheless', async () => {
    const before = await scene.put('before');
    scene.nowMs -= 60_000;
    const after = await scene.put('after');

    expect(String(after.SequenceNumber) > String(before.SequenceNumber)).toBe(true);
    expect(await scene.texts()).toEqual(['before', 'after']);
  });

  test('when a call has 500 records, then all are taken in order', async () => {
    const entries = Array.from({ length: 500 }, (_, index) => ({
      PartitionKey: 'a',
      Data: Buffer.from(`${index}`),
    }));

    expect(await scene.putAll(entries)).toMatchObject({ FailedRecordCount: 0 });
    expect(await scene.texts()).toEqual(entries.map((_, index) => `${index}`));
  });

  test.each([
    ['no record', []],
    ['501 records', Array.from({ length: 501 }, () => recordOf(10))],
  ])('when a call has %s, then it is refused', async (_, entries) => {
    await expect(scene.putAll(entries)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('when a call has exactly 5 MiB with its partition keys, then it is taken, and one byte more is not', async () => {
    const full = Array.from({ length: 5 }, () => recordOf(mebibytes(1)));
    const fuller = [...full.slice(1), recordOf(mebibytes(1) - 10), recordOf(11)];

    expect(await scene.putAll(full)).toMatchObject({ FailedRecordCount: 0 });
    await expect(scene.putAll(fuller)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });

  test('when one record has more than 1 MiB with its partition key, then none of the call is put', async () => {
    const entries = [recordOf(10), recordOf(mebibytes(1) + 1)];

    await expect(scene.putAll(entries)).rejects.toMatchObject({
      name: 'ValidationException',
      $metadata: { httpStatusCode: 400 },
    });
    expect(await scene.texts()).toEqual([]);
  });

  test.each([
    ['empty', ''],
    ['of 257 characters', 'k'.repeat(257)],
  ])('when a partition key is %s, then the record is refused', async (_, key) => {
    await expect(scene.put('lost', key)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('when a partition key is missing, then the record is refused, and not tried again as a fault', async () => {
    const entry = { Data: Buffer.from('lost'), PartitionKey: undefined };

    await expect(scene.putAll([entry])).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
