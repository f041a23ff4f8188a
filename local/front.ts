import type { ServerResponse } from 'node:http';
import { RequestRefused } from '../core/problem';
import type { Deployment } from './deployment';
import type { DevIssuer } from './dev-issuer';
import { functionUrl, httpApi } from './http-gateway';
import { type OwnParts, ownPaths } from './own-paths';
import { pageFiles } from './page-files';
import type { Serve } from './public-server';

export interface FrontParts extends Omit<OwnParts, 'config'> {
  readonly port: number;
}

/** Where sockets are opened; with API Gateway, the stage. */
export const livePath = '/live';
/** Where heartbeats are posted; with a function URL, its host. */
export const heartbeatPath = '/heartbeat';

/** Hands each request of the public port to what would answer it on a host name of its own. */
export function front(parts: FrontParts): Serve {
  const { port, deployment, issuer } = parts;
  const own = ownPaths({ ...parts, config: configFor(port, issuer) });
  const heartbeats = heartbeatEndpoint(parts);
  const api = statusApi(parts);
  const page = pageFiles(deployment.page.directory, localPolicy(deployment, port));
  const origin = `http://localhost:${port}`;
  return async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', origin);
    const serve =
      own.get(pathname) ??
      (isUnder(heartbeatPath, pathname) ? heartbeats : pathname.startsWith('/v1/') ? api : page);
    await serve(request, response);
  };
}

const isUnder = (path: string, pathname: string): boolean =>
  pathname === path || pathname.startsWith(`${path}/`);

function heartbeatEndpoint({ deployment, functions, metering, faults, now }: FrontParts): Serve {
  const { functionName, cors } = deployment.heartbeats;
  const answer = functionUrl({
    invoke: metering.answering('Answers to beats', functions.invoke(functionName)),
    basePath: heartbeatPath,
    now,
    ...(cors && { cors }),
  });
  return async (request, response) =>
    faults.state.heartbeatEndpoint === 'refusing' ? refuse(response) : await answer(request, response);
}

function statusApi({ deployment, functions, metering, now }: FrontParts): Serve {
  const { routes, cors } = deployment.api;
  const metered = [...routes].map(
    ([key, name]) => [key, metering.requesting(key, functions.invoke(name))] as const,
  );
  return httpApi({ routes: new Map(metered), now, ...(cors && { cors }) });
}

const configFor = (port: number, { url, clientId }: DevIssuer): object => ({
  heartbeatUrl: `http://localhost:${port}${heartbeatPath}`,
  apiUrl: `http://localhost:${port}`,
  liveUrl: `ws://localhost:${port}${livePath}`,
  auth: { mode: 'dev', issuer: url, clientId, scopes: ['openid'] },
});

/** The deployed policy, with the one local origin where it names hosts of AWS. */
const localPolicy = ({ page }: Deployment, port: number): string =>
  page.contentSecurityPolicy.replace(/connect-src [^;]*/, `connect-src 'self' ws://localhost:${port}`);

/** As the endpoint answers when the stream is too busy (POST /dev/faults). */
const refuse = (response: ServerResponse): void => {
  const { problem } = new RequestRefused('busy', 'Refused on purpose.');
  response
    .writeHead(problem.status, { 'content-type': 'application/problem+json', 'retry-after': '5' })
    .end(JSON.stringify(problem));
};
