import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import { RollcallError } from '../core/errors';
import { ChunksRefused, type Unchunked, unchunked } from './aws-chunked';
import { bodyOf, type LocalServer, listenOnLoopback } from './loopback';
import { listXml } from './s3-list';
import { DirectoryObjects, MemoryObjects, type Objects } from './s3-objects';
import { xmlElement } from './xml';

export interface S3Options {
  /** Where objects are kept as files; without it, in memory. */
  readonly directory?: string;
}

/** An S3 for PutObject, GetObject, DeleteObject and ListObjectsV2, in path style. */
export interface S3 extends LocalServer {
  /** Stores an object without going through HTTP. */
  put(bucket: string, key: string, body: Uint8Array | string): Promise<void>;
}

/** Starts the server; buckets need not be made first, and signatures are not looked at. */
export async function startS3({ directory }: S3Options = {}): Promise<S3> {
  const objects = directory === undefined ? new MemoryObjects() : new DirectoryObjects(directory);
  const server = await listenOnLoopback((request, response) => answer(objects, request, response));
  return { ...server, put: (bucket, key, body) => objects.put(bucket, key, Buffer.from(body)) };
}

/** An error as S3 answers it. */
class S3Fault extends RollcallError {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

interface S3Request {
  readonly bucket: string;
  /** Empty for an operation on the bucket itself. */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly message: IncomingMessage;
}

interface S3Answer {
  /** 200 by default. */
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

async function answer(objects: Objects, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers = { 'x-amz-request-id': randomUUID() };
  try {
    const answered = await perform(objects, requestOf(message));
    response.writeHead(answered.status ?? 200, { ...headers, ...answered.headers }).end(answered.body);
  } catch (error) {
    const { code, message: why, status } = faultOf(error);
    const body = xmlElement('Error', { Code: code, Message: why });
    response.writeHead(status, { ...headers, 'content-type': 'application/xml' }).end(body);
  }
}

/** Anything unforeseen is a fault of the service, as it would be at AWS: clients try again. */
function faultOf(error: unknown): S3Fault {
  if (error instanceof S3Fault) return error;
  if (error instanceof ChunksRefused) return new S3Fault('IncompleteBody', error.message, 400);
  return new S3Fault('InternalError', String(error), 500);
}

/** Names of buckets as S3 allows them (S3 guide, "General purpose bucket naming rules"), in the main. */
const bucketName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const keyBytes = 1_024;

function requestOf(message: IncomingMessage): S3Request {
  const [path = '', query = ''] = (message.url ?? '').split('?', 2);
  const [, bucket = '', ...segments] = path.split('/');
  if (!bucketName.test(bucket)) throw new S3Fault('InvalidBucketName', 'The bucket is not valid.', 400);
  const key = decoded(segments.join('/'));
  if (Buffer.byteLength(key) > keyBytes) throw new S3Fault('KeyTooLongError', 'Your key is too long', 400);
  return { bucket, key, query: new URLSearchParams(query), message };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) throw new S3Fault('InvalidURI', "Couldn't parse the specified URI.", 400);
    throw error;
  }
}

function perform(objects: Objects, request: S3Request): Promise<S3Answer> {
  const { method } = request.message;
  if (request.key === '' && method === 'GET' && request.query.get('list-type') === '2') {
    return list(objects, request);
  }
  if (request.key !== '' && method === 'PUT') return putObject(objects, request);
  if (request.key !== '' && method === 'GET') return getObject(objects, request);
  if (request.key !== '' && method === 'DELETE') return deleteObject(objects, request);
  throw new S3Fault(
    'NotImplemented',
    'Only PutObject, GetObject, DeleteObject and ListObjectsV2 are served here.',
    501,
  );
}

/** Far more than a dead letter, which is at most an event of 6 MB. */
const objectBytes = 64 * 1_024 * 1_024;

async function putObject(objects: Objects, { bucket, key, message }: S3Request): Promise<S3Answer> {
  const body = await bodyOf(message, objectBytes);
  if (body === undefined) throw new S3Fault('EntityTooLarge', 'The object is too large.', 400);
  const { content, trailers } = contentOf(message, body);
  checkSums(content, { ...message.headers, ...trailers });
  await objects.put(bucket, key, content);
  return { headers: { etag: etagOf(content) }, body: '' };
}

function contentOf({ headers }: IncomingMessage, body: Buffer): Unchunked {
  const chunked = String(headers['x-amz-content-sha256']).startsWith('STREAMING-');
  if (!chunked) return { content: body, trailers: {} };
  const result = unchunked(body);
  if (Number(headers['x-amz-decoded-content-length']) !== result.content.length) {
    throw new S3Fault('IncompleteBody', 'The body is not as long as x-amz-decoded-content-length says.', 400);
  }
  return result;
}

/** The checksums that Node.js can compute; CRC32 is what the SDK sends unless told otherwise. */
const sums: Readonly<Record<string, (content: Buffer) => string>> = {
  'x-amz-checksum-crc32': crc32Of,
  'x-amz-checksum-sha1': (content) => createHash('sha1').update(content).digest('base64'),
  'x-amz-checksum-sha256': (content) => createHash('sha256').update(content).digest('base64'),
  'content-md5': (content) => createHash('md5').update(content).digest('base64'),
};

function checkSums(content: Buffer, given: Readonly<Record<string, unknown>>): void {
  for (const [name, sumOf] of Object.entries(sums)) {
    if (given[name] !== undefined && given[name] !== sumOf(content)) {
      throw new S3Fault('BadDigest', `The ${name} you specified did not match the calculated checksum.`, 400);
    }
  }
}

function crc32Of(content: Uint8Array): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(content));
  return sum.toString('base64');
}

async function getObject(objects: Objects, { bucket, key }: S3Request): Promise<S3Answer> {
  const body = await objects.get(bucket, key);
  if (body === undefined) throw new S3Fault('NoSuchKey', 'The specified key does not exist.', 404);
  const headers = {
    'content-type': 'binary/octet-stream',
    'x-amz-checksum-crc32': crc32Of(body),
    etag: etagOf(body),
  };
  return { headers, body };
}

async function deleteObject(objects: Objects, { bucket, key }: S3Request): Promise<S3Answer> {
  await objects.delete(bucket, key);
  return { status: 204, headers: {}, body: '' };
}

const etagOf = (content: Uint8Array): string => `"${createHash('md5').update(content).digest('hex')}"`;

async function list(objects: Objects, { bucket, query }: S3Request): Promise<S3Answer> {
  if (query.has('delimiter')) throw new S3Fault('NotImplemented', 'delimiter is not served here.', 501);
  const body = listXml(bucket, await objects.list(bucket), query);
  return { headers: { 'content-type': 'application/xml' }, body };
}
