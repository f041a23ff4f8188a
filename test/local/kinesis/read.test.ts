import { DeleteStreamCommand } from '@aws-sdk/client-kinesis';
import { fromTheOldest, KinesisScene, mebibytes, noonMs, recordOf, textsOf } from './kinesis-scene';

let scene: KinesisScene;
beforeEach(async () => {
  scene = await KinesisScene.with();
});
afterEach(() => scene.close());

/** Puts one record a second, the first at noon. */
async function putEachSecond(texts: readonly string[]): Promise<readonly string[]> {
  const numbers: string[] = [];
  for (const [index, text] of texts.entries()) {
    scene.nowMs = noonMs + index * 1_000;
    numbers.push((await scene.put(text)).SequenceNumber ?? '');
  }
  return numbers;
}

describe('given three records, a second apart', () => {
  let numbers: readonly string[];
  beforeEach(async () => {
    numbers = await putEachSecond(['one', 'two', 'three']);
  });

  test('when read from the oldest, then all come in order, with key, number and arrival', async () => {
    const { Records } = await scene.get(await scene.iterator(fromTheOldest));

    expect(Records).toEqual(
      ['one', 'two', 'three'].map((text, index) => ({
        Data: new Uint8Array(Buffer.from(text)),
        PartitionKey: 'a',
        SequenceNumber: numbers[index],
        ApproximateArrivalTimestamp: new Date(noonMs + index * 1_000),
      })),
    );
  });

  test('when read from the latest, then only what is put after the iterator was asked for comes', async () => {
    const iterator = await scene.iterator({ ShardIteratorType: 'LATEST' });
    await scene.put('four');

    expect(textsOf(await scene.get(iterator))).toEqual(['four']);
  });

  test('when read at a sequence number, then its record comes first', async () => {
    const start = { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: numbers[1] } as const;

    expect(await scene.texts(start)).toEqual(['two', 'three']);
  });

  test('when read after a sequence number, then the record behind it comes first', async () => {
    const start = { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: numbers[1] } as const;

    expect(await scene.texts(start)).toEqual(['three']);
  });

  test('when read at the sequence number with which a shard begins, then all come', async () => {
    const [shard] = await scene.shards();
    const StartingSequenceNumber = shard?.SequenceNumberRange?.StartingSequenceNumber;

    expect(await scene.texts({ ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber })).toEqual([
      'one',
      'two',
      'three',
    ]);
  });

  test.each([
    ['the arrival of a record', noonMs + 1_000, ['two', 'three']],
    ['just after the arrival of a record', noonMs + 1_001, ['three']],
    ['before all records', noonMs - 60_000, ['one', 'two', 'three']],
  ])('when read at %s, then what arrived then or later comes', async (_, atMs, texts) => {
    const start = { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(atMs) } as const;

    expect(await scene.texts(start)).toEqual(texts);
  });

  test('when read two at a time, then each iterator goes on where the one before ended', async () => {
    const first = await scene.get(await scene.iterator(fromTheOldest), 2);
    const second = await scene.get(first.NextShardIterator, 2);

    expect([textsOf(first), textsOf(second)]).toEqual([['one', 'two'], ['three']]);
  });

  test('when an iterator is used again, then it gives the same records again', async () => {
    const iterator = await scene.iterator(fromTheOldest);

    expect(textsOf(await scene.get(iterator))).toEqual(textsOf(await scene.get(iterator)));
  });

  test('when a reader is behind, then it is told by how much, and 0 once it has caught up', async () => {
    scene.nowMs = noonMs + 5_000;
    const first = await scene.get(await scene.iterator(fromTheOldest), 1);
    const rest = await scene.get(first.NextShardIterator);
    const none = await scene.get(rest.NextShardIterator);

    expect([first, rest, none].map(({ MillisBehindLatest }) => MillisBehindLatest)).toEqual([5_000, 0, 0]);
  });

  test('when an iterator is older than five minutes, then it has expired', async () => {
    const iterator = await scene.iterator(fromTheOldest);
    scene.nowMs += 300_001;

    await expect(scene.get(iterator)).rejects.toMatchObject({ name: 'ExpiredIteratorException' });
  });

  test('when the stream is deleted, then an iterator leads nowhere', async () => {
    const iterator = await scene.iterator(fromTheOldest);
    await scene.client.send(new DeleteStreamCommand({ StreamName: 'beats' }));

    await expect(scene.get(iterator)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('given an empty stream', () => {
  test('when read from the latest, then the first record that is put comes', async () => {
    const iterator = await scene.iterator({ ShardIteratorType: 'LATEST' });
    const { NextShardIterator } = await scene.get(iterator);
    await scene.put('one');

    expect(textsOf(await scene.get(NextShardIterator))).toEqual(['one']);
  });

  test('when records of more than 10 MiB wait, then one answer stays below, and the next goes on', async () => {
    const fiveMebibytes = Array.from({ length: 5 }, () => recordOf(mebibytes(1)));
    await scene.putAll(fiveMebibytes);
    await scene.putAll(fiveMebibytes);
    await scene.putAll([recordOf(mebibytes(1))]);

    const first = await scene.get(await scene.iterator(fromTheOldest));
    const second = await scene.get(first.NextShardIterator);

    expect([first, second].map(({ Records = [] }) => Records.length)).toEqual([10, 1]);
  });
});

describe('given a start that no iterator can have', () => {
  test.each([
    ['of an unknown type', { ShardIteratorType: 'OLDEST' as 'LATEST' }, 'ValidationException'],
    ['at no sequence number', { ShardIteratorType: 'AT_SEQUENCE_NUMBER' }, 'InvalidArgumentException'],
    [
      'after what is no sequence number',
      { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: 'x' },
      'InvalidArgumentException',
    ],
    ['at no instant', { ShardIteratorType: 'AT_TIMESTAMP' }, 'InvalidArgumentException'],
    [
      'in the future',
      { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(noonMs + 1) },
      'InvalidArgumentException',
    ],
  ] as const)('when it is %s, then it is refused', async (_, start, name) => {
    await expect(scene.iterator(start)).rejects.toMatchObject({ name });
  });

  test('when it is on an unknown shard, then the shard is not found', async () => {
    await expect(scene.iterator(fromTheOldest, 'shardId-000000000009')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('given what is no iterator', () => {
  test.each(['no iterator', btoa('null'), btoa('1'), btoa('{}')])(
    'when records are asked for by %p, then it is refused',
    async (iterator) => {
      await expect(scene.get(iterator)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
    },
  );

  test.each([0, 10_001])('when the limit is %p, then it is refused', async (limit) => {
    const iterator = await scene.iterator(fromTheOldest);

    await expect(scene.get(iterator, limit)).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
