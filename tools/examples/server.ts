import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { buildSync } from 'esbuild';
import { buildClient } from '../client/build';

const root = join(__dirname, '..', '..');
const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

/** A request that is passed on to Rollcall, and how it was answered. */
export interface PassedOn {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly atMs: number;
  status?: number;
}

/**
 * Serves the examples as an app of its own would: on another port than the running Rollcall, which it passes requests on to,
 * and under the content security policy of the operators' page.
 */
export class ExamplesServer {
  /** All that was passed on so far. */
  readonly passedOn: PassedOn[] = [];

  private constructor(
    private readonly server: Server,
    private readonly rollcallUrl: string,
    private readonly directory: string,
    private readonly policy: string,
  ) {
    server.on('request', (asked, answer) => {
      this.serve(asked, answer).catch((error: unknown) => answer.writeHead(502).end(String(error)));
    });
  }

  /** @param directory takes what is built */
  static async start(rollcallUrl: string, directory: string, port = 0): Promise<ExamplesServer> {
    buildClient(join(directory, 'client'));
    buildReactExample(directory);
    const page = await fetch(rollcallUrl);
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    const policy = withoutTrustedTypes(page.headers.get('content-security-policy') ?? "default-src 'none'");
    return new ExamplesServer(server, rollcallUrl, directory, policy);
  }

  get url(): string {
    const address = this.server.address();
    return `http://localhost:${typeof address === 'object' && address !== null ? address.port : 0}`;
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async serve(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { pathname } = new URL(asked.url ?? '/', this.url);
    if (pathname === '/config.json') return await this.configure(answer);
    const file = await this.file(pathname);
    if (file === undefined) return await this.passOn(asked, answer);
    answer
      .writeHead(200, {
        'content-type': mediaTypes[extname(pathname)] ?? mediaTypes['.html'],
        'content-security-policy': this.policy,
        'cache-control': 'no-cache',
      })
      .end(file);
  }

  /** All but the socket is asked for here. */
  private async configure(answer: ServerResponse): Promise<void> {
    const config = (await (await fetch(`${this.rollcallUrl}/config.json`)).json()) as object;
    const here = { heartbeatUrl: `${this.url}/heartbeat`, apiUrl: this.url };
    answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ...config, ...here }));
  }

  private async file(pathname: string): Promise<Buffer | undefined> {
    const path = normalize(pathname.endsWith('/') ? `${pathname}index.html` : pathname);
    for (const folder of [join(this.directory, 'client'), this.directory, join(root, 'examples')]) {
      try {
        return await readFile(join(folder, path));
      } catch (error) {
        const { code = '' } = error as NodeJS.ErrnoException;
        if (!['ENOENT', 'EISDIR', 'ENOTDIR'].includes(code)) throw error;
      }
    }
    return undefined;
  }

  private async passOn(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of asked) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const { method = 'GET', url: path = '/' } = asked;
    const passed: PassedOn = { method, path, body: body.toString(), atMs: Date.now() };
    this.passedOn.push(passed);
    const { host: _, ...headers } = asked.headers;
    const onward = request(`${this.rollcallUrl}${path}`, { method, headers }, (answered) => {
      passed.status = answered.statusCode ?? 0;
      answer.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    onward.end(body);
  }
}

/** What a bundler makes of it, with the file of the worker beside it. */
function buildReactExample(directory: string): void {
  const built = join(directory, 'client');
  buildSync({
    entryPoints: {
      app: join(root, 'examples', 'react', 'app.tsx'),
      'rollcall-worker': join(built, 'rollcall-worker.js'),
    },
    outdir: join(directory, 'react'),
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    alias: {
      '@rollcall/client': join(built, 'esm', 'index.js'),
      '@rollcall/client/react': join(built, 'esm', 'react', 'index.js'),
    },
    nodePaths: [join(root, 'node_modules')],
    tsconfigRaw: {},
    logLevel: 'warning',
  });
}

const withoutTrustedTypes = (policy: string): string =>
  policy
    .split('; ')
    .filter((directive) => !directive.includes('trusted-types'))
    .join('; ');
