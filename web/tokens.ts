import { fetchJson } from './api';
import type { PageConfig } from './wire';

/** Where the page's bearer token comes from. It lives in memory only. */
export interface Tokens {
  /** The token at hand, or the first one. */
  current(): Promise<string>;
  /** Drops the token at hand: the next one is new. */
  drop(): void;
}

/** Remembers one token; whoever asks while it is on its way gets the same. */
export function remembered(fetchToken: () => Promise<string>): Tokens {
  let token: Promise<string> | undefined;
  const drop = (): void => {
    token = undefined;
  };
  const current = async (): Promise<string> => {
    token ??= fetchToken();
    try {
      return await token;
    } catch (error) {
      drop();
      throw error;
    }
  };
  return { current, drop };
}

/** The local runtime's tokens, or those of an issuer; the code for the latter is loaded only where it is needed. */
export async function tokensFor({ auth }: PageConfig): Promise<Tokens> {
  if (auth.mode === 'dev') return remembered(devToken);
  const { issuerToken } = await import('./sign-in');
  return remembered(() => issuerToken(auth));
}

async function devToken(): Promise<string> {
  const request = { sub: 'operator', rollcall: { watch: { '*': ['*'] } }, expiresIn: 3_600 };
  const { token } = await fetchJson<{ token: string }>('/dev/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  return token;
}
