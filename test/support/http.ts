import type { Log, TokenVerifier } from '../../core/ports';
import { AccessRefused } from '../../core/problem';
import type { Identity } from '../../core/rights';
import type { HttpEvent, HttpResult } from '../../lambdas/http';

/** Tokens that were issued, by their text; every other one proves nothing. */
export class KnownTokens implements TokenVerifier {
  private readonly identities = new Map<string, Identity>();

  issue(token: string, identity: Identity): void {
    this.identities.set(token, identity);
  }

  async verify(token: string): Promise<Identity> {
    const identity = this.identities.get(token);
    if (identity === undefined) throw new AccessRefused('an unknown token');
    return identity;
  }
}

/** A log in lists. */
export class ListLog implements Log {
  readonly infos: string[] = [];
  readonly errors: unknown[] = [];
  /** Each line whole, as JSON. */
  readonly lines: string[] = [];

  info(message: string, fields: Record<string, unknown> = {}): void {
    this.infos.push(message);
    this.lines.push(JSON.stringify({ message, ...fields }));
  }

  error(message: string, error: unknown, fields: Record<string, unknown> = {}): void {
    this.errors.push(error);
    this.lines.push(JSON.stringify({ message, error: String(error), ...fields }));
  }
}

/** How tests speak of a request. */
export interface RequestWords {
  readonly method?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is; anything else as JSON. */
  readonly body?: unknown;
  readonly route?: string;
  readonly region?: string;
  readonly query?: Readonly<Record<string, string>>;
}

/** A request in the payload format that function URLs and HTTP APIs share; by default a POST of JSON by `ann`. */
export function aRequest(words: RequestWords = {}): HttpEvent {
  const { method = 'POST', token = 'ann', body = {}, query } = words;
  const context = { http: { method } } as HttpEvent['requestContext'];
  return {
    requestContext: context,
    isBase64Encoded: false,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...words.headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(words.route !== undefined && { routeKey: words.route }),
    ...(words.region !== undefined && { pathParameters: { region: words.region } }),
    ...(query !== undefined && { queryStringParameters: { ...query } }),
  };
}

/** Status and parsed body of an answer. */
export const answerOf = ({ statusCode, body }: HttpResult) => ({
  status: statusCode,
  body: JSON.parse(body ?? 'null'),
});
