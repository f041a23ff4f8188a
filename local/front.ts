import type { IncomingMessage, ServerResponse } from 'node:http';
import { fieldProblem, RequestRefused } from '../core/problem';
import { FieldRefused, fromJson } from '../core/shape';
import { functionOf, readCrash } from './crashes';
import type { Deployment } from './deployment';
import { type DevIssuer, readTokenRequest } from './dev-issuer';
import { DevSignIn } from './dev-sign-in';
import type { EventBridge } from './eventbridge';
import type { Faults } from './faults';
import type { Endpoints, Functions } from './functions';
import { functionUrl, httpApi } from './http-gateway';
import { bodyOf } from './loopback';
import type { Metering } from './metering';
import { pageFiles } from './page-files';
import type { Permissions } from './permissions/permissions';
import type { Serve } from './public-server';

export interface FrontParts {
  readonly port: number;
  readonly deployment: Deployment;
  readonly functions: Functions;
  readonly issuer: DevIssuer;
  readonly eventBridge: EventBridge;
  readonly endpoints: Endpoints;
  readonly permissions: Permissions;
  readonly metering: Metering;
  readonly faults: Faults;
  readonly now: () => number;
}

/** Where sockets are opened; with API Gateway, the stage. */
export const livePath = '/live';
/** Where heartbeats are posted; with a function URL, its host. */
export const heartbeatPath = '/heartbeat';

const requestBytes = 16_384;

/** Hands each request of the public port to what would answer it on a host name of its own. */
export function front({
  port,
  deployment,
  functions,
  issuer,
  eventBridge,
  endpoints,
  permissions,
  metering,
  faults,
  now,
}: FrontParts): Serve {
  const origin = `http://localhost:${port}`;
  const heartbeats = functionUrl({
    invoke: metering.answering('Answers to beats', functions.invoke(deployment.heartbeats.functionName)),
    basePath: heartbeatPath,
    now,
    ...(deployment.heartbeats.cors && { cors: deployment.heartbeats.cors }),
  });
  const routes = [...deployment.api.routes].map(
    ([key, name]) => [key, metering.requesting(key, functions.invoke(name))] as const,
  );
  const api = httpApi({
    routes: new Map(routes),
    now,
    ...(deployment.api.cors && { cors: deployment.api.cors }),
  });
  const page = pageFiles(deployment.page.directory, localPolicy(deployment, port));
  const signIn = new DevSignIn(issuer, now).routes;
  return async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', origin);
    const signingIn = signIn.get(pathname);
    if (signingIn !== undefined) return await signingIn(request, response);
    if (pathname === heartbeatPath || pathname.startsWith(`${heartbeatPath}/`)) {
      if (faults.state.heartbeatEndpoint === 'refusing') return refuse(response);
      return await heartbeats(request, response);
    }
    if (pathname.startsWith('/v1/')) return await api(request, response);
    switch (pathname) {
      case '/config.json':
        return sendJson(response, 200, configFor(port, issuer));
      case '/.well-known/openid-configuration':
        return sendJson(response, 200, issuer.discovery());
      case '/.well-known/jwks.json':
        return sendJson(response, 200, issuer.jwks());
      case '/dev/token':
        return await sellToken(request, response, issuer);
      case '/dev/faults':
        return await changeFaults(request, response, faults);
      case '/dev/crash':
        return await answerJson(request, response, async (body) => crash(body, deployment, functions));
      case '/dev/events':
        return sendJson(response, 200, eventBridge.recent());
      case '/dev/permissions':
        return sendJson(response, 200, permissions.report());
      case '/dev/meter':
        return request.method === 'GET'
          ? sendJson(response, 200, metering.read())
          : await answerJson(request, response, async () => metering.reset());
      case '/dev/services':
        return sendJson(response, 200, endpoints);
      default:
        return await page(request, response);
    }
  };
}

const configFor = (port: number, { url, clientId }: DevIssuer): object => ({
  heartbeatUrl: `http://localhost:${port}/heartbeat`,
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

const sellToken = (request: IncomingMessage, response: ServerResponse, issuer: DevIssuer): Promise<void> =>
  answerJson(request, response, async (body) => ({ token: await issuer.token(readTokenRequest(body, '')) }));

/** GET says what is broken on purpose, POST breaks or mends what it names. */
async function changeFaults(
  request: IncomingMessage,
  response: ServerResponse,
  faults: Faults,
): Promise<void> {
  if (request.method === 'GET') return sendJson(response, 200, faults.state);
  await answerJson(request, response, async (body) => faults.apply(body));
}

/** Kills what a function has in hand, as the loss of its machine would; its next invocation starts anew. */
function crash(body: unknown, deployment: Deployment, functions: Functions): object {
  const { stage } = readCrash(body, '');
  functions.kill(functionOf(stage, deployment));
  return { stage };
}

/** JSON only: a form of a foreign website could otherwise ask for something without the browser asking first. */
async function answerJson(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (body: unknown) => Promise<object>,
): Promise<void> {
  if (request.method !== 'POST' || request.headers['content-type'] !== 'application/json') {
    return sendJson(response, 415, { message: 'POST application/json' });
  }
  const body = await bodyOf(request, requestBytes);
  try {
    if (body === undefined) throw new FieldRefused('', `at most ${requestBytes} bytes`);
    sendJson(response, 200, await answer(fromJson(body.toString('utf8'))));
  } catch (error) {
    if (!(error instanceof FieldRefused)) throw error;
    sendJson(response, 400, fieldProblem(error));
  }
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}
