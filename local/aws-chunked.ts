import { RollcallError } from '../core/errors';

/** A body that is not what its `aws-chunked` framing announces. */
export class ChunksRefused extends RollcallError {}

/** What an `aws-chunked` body carries. */
export interface Unchunked {
  readonly content: Buffer;
  /** Headers that came behind the content, names in lower case. */
  readonly trailers: Readonly<Record<string, string>>;
}

const lineEnd = '\r\n';

/**
 * Takes the framing off a body in `aws-chunked` encoding: `<hex size>[;chunk-signature=…]`, the chunk, …, a chunk of size 0,
 * then trailers (S3 API reference, "Signature calculations for trailing headers"). Signatures are not looked at.
 * @throws ChunksRefused when the framing is broken.
 */
export function unchunked(body: Buffer): Unchunked {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const header = lineAt(body, at);
    const size = sizeOf(header);
    const start = at + header.length + lineEnd.length;
    if (size === 0) return { content: Buffer.concat(chunks), trailers: trailersOf(body.subarray(start)) };
    const chunk = body.subarray(start, start + size);
    at = start + size + lineEnd.length;
    if (body.toString('latin1', start + size, at) !== lineEnd) throw broken(`no chunk of ${size} bytes`);
    chunks.push(chunk);
  }
}

function lineAt(body: Buffer, at: number): string {
  const end = body.indexOf(lineEnd, at);
  if (end === -1) throw broken('no end of a line');
  return body.toString('latin1', at, end);
}

function sizeOf(header: string): number {
  const [, hex] = /^([0-9a-fA-F]{1,8})(;.*)?$/.exec(header) ?? [];
  if (hex === undefined) throw broken(header);
  return Number.parseInt(hex, 16);
}

function trailersOf(rest: Buffer): Readonly<Record<string, string>> {
  const lines = rest.toString('latin1').split(lineEnd);
  const fields = lines.flatMap((line) => {
    const [, name, value] = /^([^:]+):(.*)$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name.toLowerCase(), value.trim()]];
  });
  return Object.fromEntries(fields);
}

const broken = (actual: string): ChunksRefused =>
  new ChunksRefused('The body is not framed as aws-chunked.', {
    actual,
    expected: 'hexadecimal size, chunk, line end',
  });
