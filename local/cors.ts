import type { IncomingMessage } from 'node:http';

/** Who may call from another origin, as the template says. */
export interface Cors {
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders?: readonly string[];
  readonly maxAgeSeconds?: number;
}

type Headers = Readonly<Record<string, string>>;

/** A preflight, which a gateway with CORS answers itself; the function never hears of it. */
export const isPreflight = ({ method, headers }: IncomingMessage): boolean =>
  method === 'OPTIONS' && 'origin' in headers && 'access-control-request-method' in headers;

/** Headers that the gateway adds to an answer; none for an origin that is not allowed. */
export function corsHeaders({ headers }: IncomingMessage, cors: Cors | undefined): Headers {
  const allowed = cors && allowedOrigin(headers.origin, cors);
  if (allowed === undefined) return {};
  return {
    'access-control-allow-origin': allowed,
    ...(allowed !== '*' && { vary: 'Origin' }),
    ...(cors?.exposeHeaders && { 'access-control-expose-headers': cors.exposeHeaders.join(',') }),
  };
}

/** Headers of the answer to a preflight. */
export function preflightHeaders(request: IncomingMessage, cors: Cors): Headers {
  const allowed = corsHeaders(request, cors);
  if (Object.keys(allowed).length === 0) return {};
  return {
    ...allowed,
    'access-control-allow-methods': cors.allowMethods.join(','),
    'access-control-allow-headers': cors.allowHeaders.join(','),
    ...(cors.maxAgeSeconds !== undefined && { 'access-control-max-age': String(cors.maxAgeSeconds) }),
  };
}

function allowedOrigin(origin: string | undefined, { allowOrigins }: Cors): string | undefined {
  if (origin === undefined) return undefined;
  if (allowOrigins.includes('*')) return '*';
  return allowOrigins.includes(origin) ? origin : undefined;
}
