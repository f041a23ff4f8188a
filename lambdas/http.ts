import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { TryAgainLater } from '../core/errors';
import type { Log } from '../core/ports';
import { AccessRefused, fieldProblem, type Problem, RequestRefused } from '../core/problem';
import { FieldRefused } from '../core/shape';

/** HTTP in payload format 2.0, which function URLs and HTTP APIs share. */
export type HttpEvent = Pick<APIGatewayProxyEventV2, 'headers' | 'isBase64Encoded' | 'requestContext'> &
  Partial<Pick<APIGatewayProxyEventV2, 'body' | 'routeKey' | 'pathParameters' | 'queryStringParameters'>>;
export type HttpResult = APIGatewayProxyStructuredResultV2;

/** How long a client that was turned away for load should wait. */
const retryAfterSeconds = 5;

export const jsonResult = (statusCode: number, body: object): HttpResult => ({
  statusCode,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: JSON.stringify(body),
});

export const problemResult = (problem: Problem): HttpResult => ({
  statusCode: problem.status,
  headers: {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    ...(problem.retryAfter !== undefined && { 'retry-after': String(problem.retryAfter) }),
    ...(problem.status === 401 && { 'www-authenticate': 'Bearer' }),
  },
  body: JSON.stringify(problem),
});

/** Turns refusals into problems (AC4). Anything else is a fault of ours: the platform counts it and answers. */
export const answering =
  (log: Log, serve: (event: HttpEvent) => Promise<HttpResult>) =>
  async (event: HttpEvent): Promise<HttpResult> => {
    try {
      return await serve(event);
    } catch (error) {
      if (error instanceof AccessRefused) log.info('token refused', { why: error.why });
      if (error instanceof RequestRefused) return problemResult(error.problem);
      if (error instanceof FieldRefused) return problemResult(fieldProblem(error));
      log.error('request failed', error);
      if (error instanceof TryAgainLater) return problemResult(busyProblem);
      throw error;
    }
  };

export const busyProblem: Problem = {
  ...new RequestRefused('busy', 'Nothing was stored; try again shortly.').problem,
  retryAfter: retryAfterSeconds,
};

/** What the `authorization` header holds; the scheme's name has no case (RFC 9110, section 11.1). */
export function credentials(event: HttpEvent): { readonly scheme: string; readonly value: string } {
  const [scheme = '', value = '', ...more] = (event.headers.authorization ?? '').split(' ');
  return { scheme: scheme.toLowerCase(), value: more.length > 0 ? '' : value };
}

/** @throws AccessRefused without one */
export function bearerToken(event: HttpEvent): string {
  const { scheme, value } = credentials(event);
  if (scheme !== 'bearer' || value === '') throw new AccessRefused('no bearer token');
  return value;
}

/**
 * The body as text, of at most so many bytes and declared as JSON.
 * @throws RequestRefused before anybody parses what is not wanted.
 */
export function jsonText(event: HttpEvent, maxBytes: number): string {
  const [mediaType = ''] = (event.headers['content-type'] ?? '').split(';');
  if (mediaType.trim().toLowerCase() !== 'application/json') {
    throw new RequestRefused('unsupported-media-type', 'Send the body as application/json.', 'content-type');
  }
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > maxBytes) {
    throw new RequestRefused('too-large', `The body may have ${maxBytes} bytes.`, 'body');
  }
  return bytes.toString('utf8');
}

/** @throws RequestRefused */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new RequestRefused('invalid-json', 'The body is not JSON.', 'body');
  }
}
