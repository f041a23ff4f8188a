import type { ObjectSummary } from './s3-objects';
import { xmlElement } from './xml';

/** S3 lists at most this many objects at a time. */
const mostKeys = 1_000;

/**
 * The answer to ListObjectsV2, objects in the order of their keys' UTF-8 bytes.
 * @param query `prefix`, `start-after`, `max-keys` and `continuation-token`, which is the last key of the page before.
 */
export function listXml(bucket: string, objects: readonly ObjectSummary[], query: URLSearchParams): string {
  const prefix = query.get('prefix') ?? '';
  const token = query.get('continuation-token');
  const after = token === null ? (query.get('start-after') ?? '') : keyOf(token);
  const limit = Math.min(Number(query.get('max-keys') ?? mostKeys), mostKeys);
  const rest = objects.filter(({ key }) => key.startsWith(prefix) && inOrder(key, after) > 0);
  const page = rest.toSorted((one, other) => inOrder(one.key, other.key)).slice(0, limit);
  const last = page.at(-1);
  const truncated = last !== undefined && page.length < rest.length;
  return xmlElement('ListBucketResult', {
    Name: bucket,
    Prefix: prefix,
    KeyCount: page.length,
    MaxKeys: limit,
    IsTruncated: truncated,
    ...(truncated && { NextContinuationToken: tokenOf(last.key) }),
    Contents: page.map(({ key, bytes, modifiedMs }) => ({
      Key: key,
      LastModified: new Date(modifiedMs).toISOString(),
      Size: bytes,
      StorageClass: 'STANDARD',
    })),
  });
}

const tokenOf = (key: string): string => Buffer.from(key).toString('base64url');
const keyOf = (token: string): string => Buffer.from(token, 'base64url').toString();
const inOrder = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other));
