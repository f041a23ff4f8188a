import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { S3DeadLetters } from '../../adapters/aws/dead-letters';
import { MemoryDeadLetters } from '../../adapters/memory/dead-letters';
import type { DeadLetter, DeadLetters } from '../../core/ports';
import { startS3 } from '../../local/s3';
import { localAws } from '../support/aws-client';
import { at } from '../support/builders';
import { type Bench, onEach } from './each';
import { bucketOnAws, remote } from './on-aws';

interface LettersBench extends Bench<DeadLetters> {
  stored(): Promise<readonly object[]>;
}

function inMemory(): LettersBench {
  const port = new MemoryDeadLetters();
  return { port, stored: async () => [...port.letters.values()], close: () => undefined };
}

async function onS3() {
  const s3 = await startS3();
  const client = new S3Client({ ...localAws(s3.endpoint), forcePathStyle: true });
  const keys = async (): Promise<readonly string[]> => {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: 'letters' }));
    return Contents.map(({ Key = '' }) => Key);
  };
  const read = async (Key: string): Promise<object> => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: 'letters', Key }));
    return JSON.parse((await Body?.transformToString()) ?? '');
  };
  return {
    port: new S3DeadLetters(client, 'letters'),
    keys,
    read,
    stored: async () => await Promise.all((await keys()).map(read)),
    close: async () => {
      client.destroy();
      await s3.close();
    },
  };
}

async function onAws(): Promise<LettersBench> {
  const bucket = await bucketOnAws();
  return {
    port: new S3DeadLetters(bucket.client, bucket.name),
    stored: async () => await Promise.all((await bucket.keys()).map(bucket.read)),
    close: bucket.close,
  };
}

const aLetter = (given: Partial<DeadLetter> = {}): DeadLetter => ({
  shardId: 'shardId-000000000000',
  sequenceNumber: '4960',
  arrivalMs: at('23:59:59.999'),
  partitionKey: 'a key / with anything',
  payload: Buffer.from([0, 255, 123]).toString('base64'),
  why: 'expected JSON',
  ...given,
});

const places = { 'in memory': inMemory, 'on S3': onS3, ...(remote && { 'on AWS': onAws }) };

onEach<LettersBench>('DeadLetters', places, (get) => {
  test('HB8 a letter is kept as it came, payload included', async () => {
    await get().port.store(aLetter());
    expect(await get().stored()).toEqual([expect.objectContaining(aLetter())]);
  });

  test('HB8 a retry of its record stores it no second time', async () => {
    await get().port.store(aLetter());
    await get().port.store(aLetter());
    expect(await get().stored()).toHaveLength(1);
  });

  test('HB8 records of other numbers and of other shards are letters of their own', async () => {
    await get().port.store(aLetter());
    await get().port.store(aLetter({ sequenceNumber: '4961' }));
    await get().port.store(aLetter({ shardId: 'shardId-000000000001' }));
    expect(await get().stored()).toHaveLength(3);
  });
});

describe('DeadLetters: on S3 alone', () => {
  let letters: Awaited<ReturnType<typeof onS3>>;
  beforeEach(async () => {
    letters = await onS3();
  });
  afterEach(() => letters.close());

  test('HB8 letters lie under the day of their arrival, which they tell in words', async () => {
    await letters.port.store(aLetter());
    const key = 'poison/2026-01-05/shardId-000000000000/4960.json';
    expect(await letters.keys()).toEqual([key]);
    expect(await letters.read(key)).toMatchObject({ arrival: '2026-01-05T23:59:59.999Z' });
  });
});
