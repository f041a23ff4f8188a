/** A request as far as it must be known to judge it. */
export interface RequestHead {
  readonly method: string;
  readonly path: string;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  /** Bytes up to the body. */
  readonly headBytes: number;
  readonly bodyBytes: number;
}

/** A body whose length is not said beforehand, or a head that is none. */
export class NotFramed extends Error {}

const endOfHead = '\r\n\r\n';
/** What Node.js takes as a head at most. */
const mostHeadBytes = 16 * 1_024;

/**
 * The head of an HTTP/1.1 request at the start of what was received (RFC 9112).
 * @returns `undefined` while it is not complete
 * @throws NotFramed
 */
export function requestHead(received: Buffer): RequestHead | undefined {
  const end = received.indexOf(endOfHead);
  if (end === -1) {
    if (received.length > mostHeadBytes) throw new NotFramed('the head of a request is too long');
    return undefined;
  }
  const [line = '', ...fields] = received.toString('latin1', 0, end).split('\r\n');
  const [method = '', path = ''] = line.split(' ');
  const headers = new Map(fields.map(fieldOf));
  if (headers.has('transfer-encoding')) throw new NotFramed('a length is required');
  const bodyBytes = Number(headers.get('content-length') ?? 0);
  return { method, path, headers, headBytes: end + endOfHead.length, bodyBytes };
}

function fieldOf(field: string): readonly [string, string] {
  const colon = field.indexOf(':');
  return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
}

/** An answer of a service. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer as it goes over the wire. */
export function answerBytes({ status, headers, body }: Answer): string {
  const all = { ...headers, 'content-length': String(Buffer.byteLength(body)) };
  const fields = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Refused\r\n${fields.join('')}\r\n${body}`;
}
