import type { IncomingMessage, ServerResponse } from 'node:http';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type Cors, corsHeaders, isPreflight, preflightHeaders } from './cors';
import { httpEvent, type RequestedRoute } from './http-event';
import type { Invocation, Invoke } from './invoke';
import { bodyOf } from './loopback';

export interface FunctionUrlOptions {
  readonly invoke: Invoke;
  /** Stands for the host name that a function URL has of its own. */
  readonly basePath: string;
  readonly cors?: Cors;
  readonly now: () => number;
}

export interface HttpApiOptions {
  /** By route key, such as `GET /v1/regions/{region}`. */
  readonly routes: ReadonlyMap<string, Invoke>;
  readonly cors?: Cors;
  readonly now: () => number;
}

type Serve = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** How one kind of front door answers for a function that could not, and what it takes. */
interface FrontDoor {
  readonly mostBytes: number;
  readonly preflightStatus: number;
  readonly tooLarge: Refusal;
  readonly failed: Refusal;
  readonly throttled: Refusal;
}

interface Refusal {
  readonly status: number;
  readonly body: object;
}

/** Quotas and answers of function URLs (Lambda guide, "Invoking Lambda function URLs"; 6 MB a request). */
const functionUrlDoor: FrontDoor = {
  mostBytes: 6 * 1_024 * 1_024,
  preflightStatus: 200,
  tooLarge: { status: 413, body: { Message: 'Request Entity Too Large' } },
  failed: { status: 502, body: { Message: 'Internal Server Error' } },
  throttled: { status: 429, body: { Message: 'Rate Exceeded.' } },
};

/** Quotas and answers of HTTP APIs (API Gateway guide, "Quotas for configuring and running an HTTP API"; 10 MB). */
const httpApiDoor: FrontDoor = {
  mostBytes: 10 * 1_024 * 1_024,
  preflightStatus: 204,
  tooLarge: { status: 413, body: { message: 'Request Entity Too Large' } },
  failed: { status: 500, body: { message: 'Internal Server Error' } },
  throttled: { status: 503, body: { message: 'Service Unavailable' } },
};

/** A function URL: every request goes to the one function. */
export function functionUrl({ invoke, basePath, cors, now }: FunctionUrlOptions): Serve {
  const findRoute: FindRoute = (_method, path) => ({
    invoke,
    route: { routeKey: '$default', rawPath: path.slice(basePath.length) || '/' },
  });
  return serveBehind(functionUrlDoor, findRoute, cors, now);
}

/** An HTTP API: a request goes to the function of its route. */
export function httpApi({ routes, cors, now }: HttpApiOptions): Serve {
  return serveBehind(httpApiDoor, routeTable(routes), cors, now);
}

type FindRoute = (
  method: string,
  path: string,
) => { readonly invoke: Invoke; readonly route: RequestedRoute } | undefined;

function serveBehind(
  door: FrontDoor,
  findRoute: FindRoute,
  cors: Cors | undefined,
  now: () => number,
): Serve {
  return async (request, response) => {
    if (cors !== undefined && isPreflight(request)) {
      response.writeHead(door.preflightStatus, preflightHeaders(request, cors)).end();
      return;
    }
    const body = await bodyOf(request, door.mostBytes);
    const answer = (invocation: Invocation) => resultOf(invocation, door);
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const found = findRoute(request.method ?? 'GET', pathname);
    const result =
      body === undefined
        ? refused(door.tooLarge)
        : found === undefined
          ? refused({ status: 404, body: { message: 'Not Found' } })
          : answer(await found.invoke(httpEvent(request, body, found.route, now())));
    send(response, result, corsHeaders(request, cors));
  };
}

/** `{name}` in a route stands for one segment, which reaches the function decoded. */
function routeTable(routes: ReadonlyMap<string, Invoke>): FindRoute {
  const table = [...routes].map(([routeKey, invoke]) => {
    const [method = '', path = ''] = routeKey.split(' ');
    const pattern = new RegExp(`^${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
    return { routeKey, method, pattern, invoke };
  });
  return (method, rawPath) => {
    for (const { routeKey, method: wanted, pattern, invoke } of table) {
      const match = wanted === method || wanted === 'ANY' ? pattern.exec(rawPath) : null;
      if (match === null) continue;
      const groups = Object.entries(match.groups ?? {});
      const pathParameters = Object.fromEntries(groups.map(([name, text]) => [name, decoded(text)]));
      return { invoke, route: { routeKey, rawPath, ...(groups.length > 0 && { pathParameters }) } };
    }
    return undefined;
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return text;
  }
}

const refused = ({ status, body }: Refusal): APIGatewayProxyStructuredResultV2 => ({
  statusCode: status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

function resultOf(invocation: Invocation, door: FrontDoor): APIGatewayProxyStructuredResultV2 {
  switch (invocation.kind) {
    case 'throttled':
      return refused(door.throttled);
    case 'failed':
      return refused(door.failed);
    case 'returned':
      return isStructured(invocation.value) ? invocation.value : inferred(invocation.value);
  }
}

const isStructured = (value: unknown): value is APIGatewayProxyStructuredResultV2 =>
  typeof value === 'object' && value !== null && 'statusCode' in value;

/** Without a status, what the function returned is the body. */
const inferred = (value: unknown): APIGatewayProxyStructuredResultV2 => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: typeof value === 'string' ? value : JSON.stringify(value ?? null),
});

function send(
  response: ServerResponse,
  { statusCode = 200, headers = {}, cookies, body = '', isBase64Encoded }: APIGatewayProxyStructuredResultV2,
  added: Readonly<Record<string, string>>,
): void {
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  response.writeHead(statusCode, {
    'content-type': 'application/json',
    ...Object.fromEntries(own),
    ...added,
    ...(cookies && { 'set-cookie': cookies }),
  });
  response.end(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'));
}
