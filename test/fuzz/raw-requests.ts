import { mark } from './texts';

const host = 'Host: localhost';
const beat = '{"sessionId":"s1","region":"fuzz"}';

/** Bytes that are no request, or hardly one, as no client library would send them; each ends after its headers. */
export const rawRequests: Readonly<Record<string, string>> = {
  'a path that is no URL': `GET //[ HTTP/1.1\r\n${host}\r\n\r\n`,
  'a path of two slashes': `GET // HTTP/1.1\r\n${host}\r\n\r\n`,
  'a whole URL of somebody else': `GET http://[::1/v1/regions HTTP/1.1\r\n${host}\r\n\r\n`,
  'a star': `OPTIONS * HTTP/1.1\r\n${host}\r\n\r\n`,
  'a path that climbs': `GET /../../../../etc/passwd HTTP/1.1\r\n${host}\r\n\r\n`,
  'a path that climbs, escaped': `GET /%2e%2e/%2e%2e/package.json HTTP/1.1\r\n${host}\r\n\r\n`,
  'a null byte in a path': `GET /assets/%00 HTTP/1.1\r\n${host}\r\n\r\n`,
  'a broken escape in a path': `GET /%zz HTTP/1.1\r\n${host}\r\n\r\n`,
  'no host': 'GET /v1/regions HTTP/1.1\r\n\r\n',
  'two hosts': `GET /v1/regions HTTP/1.1\r\n${host}\r\n${host}\r\n\r\n`,
  'two lengths': `POST /heartbeat HTTP/1.1\r\n${host}\r\nContent-Length: 5\r\nContent-Length: 50\r\n\r\n${beat}`,
  'a length and chunks': `POST /heartbeat HTTP/1.1\r\n${host}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  'a chunk that is no number': `POST /heartbeat HTTP/1.1\r\n${host}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n${beat}\r\n0\r\n\r\n`,
  'a negative length': `POST /heartbeat HTTP/1.1\r\n${host}\r\nContent-Length: -1\r\n\r\n`,
  'a body that never comes': `POST /heartbeat HTTP/1.1\r\n${host}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
  'a header without an end': `GET /v1/regions HTTP/1.1\r\n${host}\r\nX: `,
  'headers of 80 KB': `GET /v1/regions HTTP/1.1\r\n${host}\r\nX: ${'x'.repeat(80_000)}\r\n\r\n`,
  'a token of 20 KB': `GET /v1/regions HTTP/1.1\r\n${host}\r\nAuthorization: Bearer ${'x'.repeat(20_000)}\r\n\r\n`,
  'a null byte in a header': `GET /v1/regions HTTP/1.1\r\n${host}\r\nX: a\u0000b\r\n\r\n`,
  'a folded header': `GET /v1/regions HTTP/1.1\r\n${host}\r\nX: a\r\n  ${mark}\r\n\r\n`,
  'no HTTP at all': `\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003`,
  'HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'an old HTTP': 'GET /v1/regions HTTP/0.9\r\n\r\n',
  'a tunnel': `CONNECT example.com:443 HTTP/1.1\r\n${host}\r\n\r\n`,
  'another protocol': `GET /live HTTP/1.1\r\n${host}\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n`,
  'a handshake elsewhere': `GET //[ HTTP/1.1\r\n${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
  'a handshake without a key': `GET /live HTTP/1.1\r\n${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: rollcall.v1, ticket.abc\r\n\r\n`,
};

/** What is wrong with an answer to one of them: it may be none, it may not be a fault of ours. */
export function rawFaults(heard: string): readonly string[] {
  const statuses = [...heard.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));
  return [
    ...statuses.filter((status) => status >= 500).map((status) => `${status}: ${heard.slice(0, 300)}`),
    ...(heard.includes(mark) ? [`it repeats what was sent: ${heard.slice(0, 300)}`] : []),
    ...(/"(dependencies|scripts)"|root:x:0/.test(heard) ? ['it gives out a file of the machine'] : []),
  ];
}
