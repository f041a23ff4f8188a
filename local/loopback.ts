import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** An emulated service that listens on this machine only. */
export interface LocalServer {
  /** `http://127.0.0.1:<port>`. */
  readonly endpoint: string;
  /** Ends the server and every open connection at once. */
  close(): Promise<void>;
}

/** Answers one request; if it rejects instead, the connection ends. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Starts a server on a free port of 127.0.0.1. */
export async function listenOnLoopback(answer: Answer): Promise<LocalServer> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: Error) => response.destroy(error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The body, or `undefined` when it has more than `mostBytes`; the rest is then read and dropped. */
export async function bodyOf(request: IncomingMessage, mostBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= mostBytes) chunks.push(chunk);
  }
  return bytes > mostBytes ? undefined : Buffer.concat(chunks);
}
