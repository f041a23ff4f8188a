import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  type ChecksumAlgorithm,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type S3, type S3Options, startS3 } from '../../local/s3';

const open: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'rollcall-s3-'));
  open.push(() => rm(directory, { recursive: true }));
  return directory;
}

/** An S3 and the SDK's own client for it, with its default settings. */
class Scene {
  constructor(
    readonly s3: S3,
    readonly client: S3Client,
  ) {}

  static async with(options: S3Options = {}): Promise<Scene> {
    const s3 = await startS3(options);
    const client = new S3Client({
      endpoint: s3.endpoint,
      region: 'eu-west-1',
      forcePathStyle: true,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    });
    open.push(
      () => s3.close(),
      () => client.destroy(),
    );
    return new Scene(s3, client);
  }

  put(
    key: string,
    body: string | Readable,
    more: { ContentLength?: number; ChecksumAlgorithm?: ChecksumAlgorithm } = {},
  ) {
    return this.client.send(new PutObjectCommand({ Bucket: 'letters', Key: key, Body: body, ...more }));
  }

  async text(key: string): Promise<string | undefined> {
    const { Body } = await this.client.send(new GetObjectCommand({ Bucket: 'letters', Key: key }));
    return Body?.transformToString();
  }

  async keys(query: { Prefix?: string; MaxKeys?: number; ContinuationToken?: string } = {}) {
    const page = await this.client.send(new ListObjectsV2Command({ Bucket: 'letters', ...query }));
    const keys = (page.Contents ?? []).map(({ Key }) => Key);
    return { keys, next: page.NextContinuationToken };
  }
}

describe.each([
  ['in memory', async (): Promise<S3Options> => ({})],
  ['in a directory', async (): Promise<S3Options> => ({ directory: await temporaryDirectory() })],
])('objects %s', (_, options) => {
  test('given an object, when it is got, then it is what was put', async () => {
    const scene = await Scene.with(await options());

    await scene.put('poison/2026-11-24/one.json', '{"mood":"glücklich"}');

    expect(await scene.text('poison/2026-11-24/one.json')).toBe('{"mood":"glücklich"}');
  });

  test('given an object that was put twice, then the later one counts', async () => {
    const scene = await Scene.with(await options());
    await scene.put('one', 'first');

    await scene.put('one', 'second');

    expect(await scene.text('one')).toBe('second');
  });

  test('given an object, when it is deleted, then it is gone, and deleting it again is fine', async () => {
    const scene = await Scene.with(await options());
    await scene.put('one', 'text');
    await scene.put('other', 'text');
    for (let time = 0; time < 2; time += 1) {
      await scene.client.send(new DeleteObjectCommand({ Bucket: 'letters', Key: 'one' }));
      expect((await scene.keys()).keys).toEqual(['other']);
    }
  });

  test('given an object that was put in process, then clients get it', async () => {
    const scene = await Scene.with(await options());

    await scene.s3.put('letters', 'aws/lambda/x', 'text');

    expect(await scene.text('aws/lambda/x')).toBe('text');
  });

  test('given a key that nobody put, when it is got, then it is not there', async () => {
    const scene = await Scene.with(await options());

    await expect(scene.text('nothing')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test.each([
    'a b/ä+&%<>.json',
    '../climb',
    'a/../../climb',
    './here',
    '/absolute',
    'a//b',
    'a/',
    '..',
    'back\\slash',
    '%2E%2E/x',
    'new\nline',
  ])('given the key %p, when it is put, then it is got and listed as it is', async (key) => {
    const scene = await Scene.with(await options());

    await scene.s3.put('letters', key, 'text');
    await scene.s3.put('others', 'other', 'text');

    expect((await scene.keys()).keys).toEqual([key]);
  });

  test('given many objects, when they are listed, then pages of a prefix come in order', async () => {
    const scene = await Scene.with(await options());
    for (const key of ['b/2', 'a/1', 'b/10', 'b/1', 'c']) await scene.put(key, key);

    const first = await scene.keys({ Prefix: 'b/', MaxKeys: 2 });
    const rest = await scene.keys({ Prefix: 'b/', MaxKeys: 2, ContinuationToken: first.next ?? '' });

    expect(first.keys).toEqual(['b/1', 'b/10']);
    expect(rest).toEqual({ keys: ['b/2'], next: undefined });
  });

  test('given a bucket without objects, when it is listed, then the list is empty', async () => {
    const scene = await Scene.with(await options());

    expect(await scene.keys()).toEqual({ keys: [], next: undefined });
  });
});

describe('bodies', () => {
  test('given a stream, which the SDK sends in aws-chunked encoding, then the object is without the framing', async () => {
    const scene = await Scene.with();

    await scene.put('stream', Readable.from([Buffer.from('hello '), Buffer.from('world')]), {
      ContentLength: 11,
    });

    expect(await scene.text('stream')).toBe('hello world');
  });

  test.each(['CRC32', 'SHA1', 'SHA256'] as const)(
    'given a checksum of %s, then it is checked',
    async (algorithm) => {
      const scene = await Scene.with();

      await scene.put('sum', 'text', { ChecksumAlgorithm: algorithm });

      expect(await scene.text('sum')).toBe('text');
    },
  );

  test.each([
    ['a checksum of another body', { 'x-amz-checksum-crc32': 'AAAAAA==' }, 'BadDigest'],
    ['broken framing', { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' }, 'IncompleteBody'],
  ])('given %s, when it is put, then nothing is stored', async (_, headers, code) => {
    const scene = await Scene.with();

    const response = await request(`${scene.s3.endpoint}/letters/bad`, {
      method: 'PUT',
      headers,
      body: 'text',
    });

    expect(response).toMatchObject({ status: 400, text: expect.stringContaining(`<Code>${code}</Code>`) });
    await expect(scene.text('bad')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

describe('refusals', () => {
  test.each([
    ['a bucket that climbs', '/%2E%2E/x', 'InvalidBucketName', 400],
    ['a key of more than 1,024 bytes', `/letters/${'k'.repeat(1_025)}`, 'KeyTooLongError', 400],
    ['a key that is not encoded', '/letters/%zz', 'InvalidURI', 400],
    ['an operation that is not served', '/letters?acl', 'NotImplemented', 501],
  ])('given %s, then the answer is an error of S3', async (_, path, code, status) => {
    const { s3 } = await Scene.with();

    const response = await request(`${s3.endpoint}${path}`);

    expect(response).toMatchObject({ status, text: expect.stringContaining(`<Code>${code}</Code>`) });
  });
});

describe('a directory', () => {
  test('given a plain key, then the object is a file of that name', async () => {
    const directory = await temporaryDirectory();
    const scene = await Scene.with({ directory });

    await scene.put('poison/shardId-000000000000/1.json', 'text');

    const path = join(directory, 'letters', 'poison', 'shardId-000000000000', '1.json');
    expect(await readFile(path, 'utf8')).toBe('text');
    expect(await readdir(directory)).toEqual(['letters']);
  });

  test('given objects of an earlier run, when the server starts again, then they are still there', async () => {
    const directory = await temporaryDirectory();
    const earlier = await Scene.with({ directory });
    await earlier.put('one', 'text');

    const later = await Scene.with({ directory });

    expect(await later.text('one')).toBe('text');
  });
});

async function request(url: string, init: RequestInit = {}): Promise<{ status: number; text: string }> {
  const response = await fetch(url, { ...init, headers: { ...init.headers, connection: 'close' } });
  return { status: response.status, text: await response.text() };
}
