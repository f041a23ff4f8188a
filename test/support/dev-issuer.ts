import type { ServerResponse } from 'node:http';
import { DevIssuer } from '../../local/dev-issuer';
import { DevSignIn } from '../../local/dev-sign-in';
import { type LocalServer, listenOnLoopback } from '../../local/loopback';

/** The local runtime's issuer alone, on a port of its own. */
export class RunningDevIssuer {
  /** Paths that were asked for, in order. */
  readonly asked: string[] = [];
  /** Paths that answer 503 for now. */
  readonly broken = new Set<string>();
  /** Fields of JSON that its answers leave out, as poorer issuers do. */
  readonly leftOut = new Set<string>();

  private constructor(
    private readonly server: LocalServer,
    private readonly issuer: DevIssuer,
  ) {}

  static async start(): Promise<RunningDevIssuer> {
    let running: RunningDevIssuer | undefined;
    let routes: DevSignIn['routes'] = new Map();
    const server = await listenOnLoopback(async (request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      running?.asked.push(pathname);
      if (running?.broken.has(pathname)) return void response.writeHead(503).end('busy');
      running?.leaveOutOf(response);
      if (pathname === '/.well-known/openid-configuration') {
        const document = JSON.stringify(running?.issuer.discovery());
        return void response.writeHead(200, { 'content-type': 'application/json' }).end(document);
      }
      await routes.get(pathname)?.(request, response);
    });
    const issuer = await DevIssuer.create({ issuer: server.endpoint, audience: 'rollcall', now: Date.now });
    routes = new DevSignIn(issuer, Date.now).routes;
    running = new RunningDevIssuer(server, issuer);
    return running;
  }

  get url(): string {
    return this.server.endpoint;
  }

  close(): Promise<void> {
    return this.server.close();
  }

  private leaveOutOf(response: ServerResponse): void {
    const end: (body?: string) => ServerResponse = response.end.bind(response);
    const poorer = (body?: string) => end(body?.startsWith('{') ? this.without(body) : body);
    response.end = poorer as ServerResponse['end'];
  }

  private without(json: string): string {
    return JSON.stringify(JSON.parse(json), (name, value) => (this.leftOut.has(name) ? undefined : value));
  }
}
