import type { Endpoints } from '../../local/functions';

/** Rights as a token's claim spells them. */
export interface Claim {
  readonly provide?: Readonly<Record<string, readonly string[]>>;
  readonly watch?: Readonly<Record<string, readonly string[]>>;
  readonly manage?: Readonly<Record<string, readonly string[]>>;
}

/** An answer over HTTP; `body` is parsed where it is JSON of any kind. */
export interface Answer<T = unknown> {
  readonly status: number;
  readonly mediaType: string;
  readonly body: T;
}

/** A running Rollcall, as whoever has its address reaches it. */
export abstract class Reached {
  abstract get url(): string;

  async get<T>(path: string, token?: string): Promise<Answer<T>> {
    return await answerOf<T>(
      await fetch(`${this.url}${path}`, {
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      }),
    );
  }

  async post<T>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> {
    return await answerOf<T>(
      await fetch(`${this.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    );
  }

  /** A request that changes something, with a token. */
  async send<T>(method: 'PUT' | 'DELETE', path: string, token: string, body?: object): Promise<Answer<T>> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    return await answerOf<T>(
      await fetch(`${this.url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) }),
    );
  }

  /** A token with these rights, as an identity provider would sign it. */
  async token(rollcall: Claim, sub = 'ana', expiresIn = 3_600): Promise<string> {
    const { body } = await this.post<{ token: string }>('/dev/token', { sub, rollcall, expiresIn });
    return body.token;
  }

  async services(): Promise<Endpoints> {
    return (await this.get<Endpoints>('/dev/services')).body;
  }
}

async function answerOf<T>(response: Response): Promise<Answer<T>> {
  const mediaType = response.headers.get('content-type') ?? '';
  const text = await response.text();
  const body = /json/.test(mediaType) && text !== '' ? JSON.parse(text) : text;
  return { status: response.status, mediaType, body };
}
