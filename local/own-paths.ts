import type { IncomingMessage, ServerResponse } from 'node:http';
import { fieldProblem } from '../core/problem';
import { FieldRefused, fromJson } from '../core/shape';
import { functionOf, readCrash } from './crashes';
import type { Deployment } from './deployment';
import { type DevIssuer, readTokenRequest } from './dev-issuer';
import { DevSignIn } from './dev-sign-in';
import type { EventBridge } from './eventbridge';
import type { Faults } from './faults';
import type { Endpoints, Functions } from './functions';
import { bodyOf } from './loopback';
import type { Metering } from './metering';
import type { Permissions } from './permissions/permissions';
import type { Serve } from './public-server';

/** What the paths tell of, or change. */
export interface OwnParts {
  readonly deployment: Deployment;
  readonly functions: Functions;
  readonly issuer: DevIssuer;
  readonly eventBridge: EventBridge;
  readonly endpoints: Endpoints;
  readonly permissions: Permissions;
  readonly metering: Metering;
  readonly faults: Faults;
  readonly now: () => number;
  /** What /config.json says. */
  readonly config: object;
}

const requestBytes = 16_384;

/** What no function answers, by path: the page's settings, the local issuer, and what is there for development. */
export function ownPaths(parts: OwnParts): ReadonlyMap<string, Serve> {
  const { deployment, functions, issuer, metering, faults } = parts;
  return new Map<string, Serve>([
    ...new DevSignIn(issuer, parts.now).routes,
    ['/config.json', telling(() => parts.config)],
    ['/.well-known/openid-configuration', telling(() => issuer.discovery())],
    ['/.well-known/jwks.json', telling(() => issuer.jwks())],
    ['/dev/token', doing(async (body) => ({ token: await issuer.token(readTokenRequest(body, '')) }))],
    // GET says what is broken on purpose, POST breaks or mends what it names.
    [
      '/dev/faults',
      either(
        telling(() => faults.state),
        doing((body) => faults.apply(body)),
      ),
    ],
    ['/dev/crash', doing((body) => crash(body, deployment, functions))],
    ['/dev/events', telling(() => parts.eventBridge.recent())],
    ['/dev/permissions', telling(() => parts.permissions.report())],
    [
      '/dev/meter',
      either(
        telling(() => metering.read()),
        doing(() => metering.reset()),
      ),
    ],
    ['/dev/services', telling(() => parts.endpoints)],
  ]);
}

const telling =
  (tell: () => object): Serve =>
  async (_request, response) =>
    sendJson(response, 200, tell());

const doing =
  (act: (body: unknown) => object | Promise<object>): Serve =>
  (request, response) =>
    answerJson(request, response, act);

const either =
  (get: Serve, post: Serve): Serve =>
  (request, response) =>
    request.method === 'GET' ? get(request, response) : post(request, response);

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
  answer: (body: unknown) => object | Promise<object>,
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
