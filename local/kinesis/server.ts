import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttp2Server, type Http2Server } from 'node:http2';
import { createServer, type Socket } from 'node:net';
import { awsJson } from '../aws-json';
import type { LocalServer } from '../loopback';
import { kinesisOperations } from './operations';
import type { Streams } from './streams';

/** An HTTP/2 connection begins with this (RFC 9113, section 3.4); no method of HTTP/1.1 that is served does. */
const preface = 'PRI ';

/**
 * Serves Kinesis over HTTP/1.1 and, on the same port, HTTP/2 without TLS, which is what the SDK's own Kinesis client
 * speaks to a plain endpoint.
 */
export async function startKinesis(
  streams: Streams,
  { port = 0, now = Date.now }: { readonly port?: number; readonly now?: () => number } = {},
): Promise<LocalServer> {
  const answer = awsJson(kinesisOperations(streams, now));
  const http1 = createHttpServer((request, response) => void answer(request, response));
  // The compatibility API of http2 is that of http as far as `answer` uses it.
  const http2 = createHttp2Server((request, response) => {
    void answer(request as unknown as IncomingMessage, response as unknown as ServerResponse);
  });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.once('error', () => socket.destroy());
    socket.once('data', (first) => handOver(socket, first, http1, http2));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    endpoint: `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Gives a connection to the server that speaks its protocol, as if nothing had been read of it. */
function handOver(socket: Socket, first: Buffer, http1: HttpServer, http2: Http2Server): void {
  socket.pause();
  socket.unshift(first);
  if (first.toString('latin1', 0, preface.length) === preface) {
    // Takes what was read from the socket itself; resumed, the socket would give it away to nobody before.
    http2.emit('connection', socket);
    return;
  }
  http1.emit('connection', socket);
  socket.resume();
}
