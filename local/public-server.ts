import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { RollcallError } from '../core/errors';
import type { Log } from '../core/ports';

/** Somebody else listens on the port already. */
export class PortTaken extends RollcallError {}

/** Serves one request. */
export type Serve = (request: IncomingMessage, response: ServerResponse) => Promise<void>;
/** Takes over a WebSocket handshake. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

const starting: Serve = async (_request, response) => {
  response
    .writeHead(503, { 'retry-after': '1', 'content-type': 'text/plain' })
    .end('Rollcall is starting.\n');
};

/** The one port that everything local is reached by. It is taken first, so that a taken one is told at once. */
export class PublicServer {
  private serve: Serve = starting;
  private upgrade: Upgrade = (_request, socket) => socket.destroy();

  private constructor(
    private readonly server: Server,
    log: Log,
  ) {
    server.on('request', (request, response) => {
      if (!isAddressed(request)) return void response.writeHead(400).end();
      this.serve(request, response).catch((error: unknown) => {
        // Whoever hung up in the middle of a body gets no answer, and nothing has failed.
        if (request.destroyed && !request.complete) return;
        log.error('a request could not be served', error, { method: request.method });
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    });
    server.on('upgrade', (request, socket, head) => {
      if (isAddressed(request)) this.upgrade(request, socket, head);
      else socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    });
  }

  /** @throws PortTaken */
  static async listen(port: number, log: Log): Promise<PublicServer> {
    const server = createServer();
    try {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
      throw new PortTaken(`Port ${port} is taken; stop what uses it or choose another one with --port.`);
    }
    return new PublicServer(server, log);
  }

  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** From now on requests are served. */
  open(serve: Serve, upgrade: Upgrade): void {
    this.serve = serve;
    this.upgrade = upgrade;
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}

/** A target that makes no URL, such as `//[`, is refused before anybody reads it. */
const isAddressed = ({ url = '/' }: IncomingMessage): boolean => URL.canParse(url, 'http://localhost');
