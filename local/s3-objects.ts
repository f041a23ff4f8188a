import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What a bucket knows of an object without its content. */
export interface ObjectSummary {
  readonly key: string;
  readonly bytes: number;
  readonly modifiedMs: number;
}

/** Objects in buckets; a bucket exists from its first object on. */
export interface Objects {
  put(bucket: string, key: string, body: Uint8Array): Promise<void>;
  get(bucket: string, key: string): Promise<Uint8Array | undefined>;
  /** One that is not there is fine. */
  delete(bucket: string, key: string): Promise<void>;
  /** Every object of the bucket, in no particular order. */
  list(bucket: string): Promise<readonly ObjectSummary[]>;
}

/** Objects that end with the process. */
export class MemoryObjects implements Objects {
  private readonly buckets = new Map<string, Map<string, { body: Uint8Array; modifiedMs: number }>>();

  async put(bucket: string, key: string, body: Uint8Array): Promise<void> {
    const objects = this.buckets.get(bucket) ?? new Map();
    this.buckets.set(bucket, objects.set(key, { body: Uint8Array.from(body), modifiedMs: Date.now() }));
  }

  async get(bucket: string, key: string): Promise<Uint8Array | undefined> {
    return this.buckets.get(bucket)?.get(key)?.body;
  }

  async delete(bucket: string, key: string): Promise<void> {
    this.buckets.get(bucket)?.delete(key);
  }

  async list(bucket: string): Promise<readonly ObjectSummary[]> {
    const objects = [...(this.buckets.get(bucket) ?? [])];
    return objects.map(([key, { body, modifiedMs }]) => ({ key, bytes: body.length, modifiedMs }));
  }
}

/**
 * Objects as files, `<directory>/<bucket>/<key>`. Each segment of a key is percent-encoded where it is not plain, `.` and
 * `..` included, so no key names a file outside its bucket. Unlike S3, a bucket cannot
 * hold both `a` and `a/b`, nor a segment longer than a file name may be.
 */
export class DirectoryObjects implements Objects {
  constructor(private readonly directory: string) {}

  /** Written beside its place and moved there, so that a killed process leaves no half object. */
  async put(bucket: string, key: string, body: Uint8Array): Promise<void> {
    const path = this.pathOf(bucket, key);
    const unfinished = join(this.directory, randomUUID());
    await mkdir(dirname(path), { recursive: true });
    await writeFile(unfinished, body);
    try {
      await rename(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  }

  get(bucket: string, key: string): Promise<Uint8Array | undefined> {
    return orAbsent(readFile(this.pathOf(bucket, key)));
  }

  async delete(bucket: string, key: string): Promise<void> {
    await rm(this.pathOf(bucket, key), { force: true });
  }

  async list(bucket: string): Promise<readonly ObjectSummary[]> {
    const root = join(this.directory, encodeURIComponent(bucket));
    const entries = (await orAbsent(readdir(root, { recursive: true, withFileTypes: true }))) ?? [];
    const files = entries.filter((entry) => entry.isFile());
    return Promise.all(files.map((file) => summary(root, join(file.parentPath, file.name))));
  }

  private pathOf(bucket: string, key: string): string {
    return join(this.directory, ...[bucket, ...key.split('/')].map(encodedSegment));
  }
}

async function summary(root: string, path: string): Promise<ObjectSummary> {
  const { size, mtimeMs } = await stat(path);
  const key = path
    .slice(root.length + 1)
    .split(/[\\/]/)
    .map(decodedSegment)
    .join('/');
  return { key, bytes: size, modifiedMs: mtimeMs };
}

/** Stands for the empty segment of a key such as `a//b`; encoding never yields a lone percent sign. */
const emptySegment = '%';

function encodedSegment(segment: string): string {
  if (segment === '') return emptySegment;
  if (segment === '.' || segment === '..') return segment.replaceAll('.', '%2E');
  return encodeURIComponent(segment);
}

const decodedSegment = (name: string): string => (name === emptySegment ? '' : decodeURIComponent(name));

async function orAbsent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
    throw error;
  }
}
