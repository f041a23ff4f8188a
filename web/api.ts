import { RollcallError, TryAgainLater } from '../core/errors';
import type { Tokens } from './sign-in/tokens';
import type { ListedRegion, Problem } from './wire';

/** The token no longer counts, nor did a new one. */
export class TokenRefused extends RollcallError {}

/** The server will not take this request; `problem` says why, in its own words. */
export class RequestRefused extends RollcallError {
  constructor(readonly problem: Problem) {
    super(problem.detail, { actual: problem.status });
  }
}

const timeoutMs = 15_000;

/** The HTTP API with the operator's token, which is renewed once where it is refused. */
export class Api {
  constructor(
    private readonly apiUrl: string,
    private readonly tokens: Tokens,
  ) {}

  /**
   * @param path with its query, which must be encoded
   * @throws TokenRefused, RequestRefused, TryAgainLater
   */
  async get<T>(path: string): Promise<T> {
    return await this.send<T>('GET', path);
  }

  /** @throws TokenRefused, RequestRefused, TryAgainLater */
  async send<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<T> {
    const first = await this.ask(method, path, body);
    return await answerOf<T>(first.status === 401 ? await this.ask(method, path, body) : first);
  }

  private async ask(method: string, path: string, body: object | undefined): Promise<Response> {
    const token = await this.tokens.current();
    const response = await fetch(`${this.apiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    // By its name: another request may have renewed it meanwhile.
    if (response.status === 401) this.tokens.drop(token);
    return response;
  }
}

/**
 * The regions that the operator may watch.
 * @throws TokenRefused, RequestRefused, TryAgainLater
 */
export const listRegions = async (api: Api): Promise<readonly ListedRegion[]> =>
  (await api.get<{ readonly regions: readonly ListedRegion[] }>('/v1/regions')).regions;

/**
 * Asks for something that is served beside the page, such as `config.json`.
 * @throws TryAgainLater unless it is there
 */
export const fetchJson = async <T>(path: string, init: RequestInit = {}): Promise<T> =>
  await answerOf<T>(await fetch(path, { ...init, signal: AbortSignal.timeout(timeoutMs) }));

async function answerOf<T>(response: Response): Promise<T> {
  const { ok, status } = response;
  if (status === 204) return undefined as T;
  if (ok) return (await response.json()) as T;
  if (status === 401) throw new TokenRefused('the token was refused', { actual: status });
  // What the platform itself answers has another shape, and passes.
  if (!response.headers.get('content-type')?.startsWith('application/problem+json') || status >= 500) {
    throw new TryAgainLater('a request failed', { actual: status, expected: 200 });
  }
  throw new RequestRefused((await response.json()) as Problem);
}
