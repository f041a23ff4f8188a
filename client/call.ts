import type { Environment, Response } from './environment';
import type { Reason } from './errors';

/**
 * A bearer token. `refresh` is true when the last one was refused: then it must be a new one. It is asked for before each
 * request, so remember it yourself; one that is not given within a reasonable time should be refused.
 */
export type GetToken = (options: { readonly refresh: boolean }) => string | Promise<string>;

/** What became of a request: done; the same may succeed later, not before `afterMs` from now; or it never will. */
export type Answer =
  | { readonly type: 'done'; readonly body: unknown; readonly reason?: undefined }
  | {
      readonly type: 'again' | 'refused';
      readonly body?: undefined;
      readonly reason: Reason;
      readonly afterMs: number;
      readonly detail: string;
    };

/** Requests with a bearer token. */
export interface Caller {
  /**
   * POSTs if there is a body, else GETs. Never throws. A refused token is renewed once; the second refusal is final.
   * @param refresh whether the first token must be a new one already
   */
  call(url: string, body?: object, refresh?: boolean): Promise<Answer>;
  /** POSTs with the last token for a page that goes away: at once, and nobody listens to the answer. */
  part(url: string, body: object): Promise<unknown>;
}

const again = (reason: Reason, detail: unknown, afterMs = 0): Answer => ({
  type: 'again',
  reason,
  afterMs,
  detail: String(detail),
});

export function callerOf({ fetch }: Pick<Environment, 'fetch'>, getToken: GetToken): Caller {
  let token: string | undefined;
  const send = (url: string, body: object | undefined) =>
    fetch(url, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      body: body ? JSON.stringify(body) : null,
      // What is said last of all must arrive also when the page ends meanwhile.
      keepalive: !!body,
    });
  const call = async (url: string, body?: object, refresh = false): Promise<Answer> => {
    let reason: Reason = 'token';
    try {
      token = await getToken({ refresh });
      reason = 'network';
      const response = await send(url, body);
      const detail = await response.text();
      if (response.status < 300) return { type: 'done', body: JSON.parse(detail) };
      if (response.status === 401 && !refresh) return await call(url, body, true);
      return refusal(response, detail);
    } catch (error) {
      return again(reason, error);
    }
  };
  // Nobody is left who could try again; the lease ends by itself.
  return { call, part: (url, body) => send(url, body).catch(() => undefined) };
}

const reasons: Readonly<Record<number, Reason>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
};

/** Busy servers and the platform's own limits pass, other refusals do not. */
const refusal = ({ status, headers }: Response, detail: string): Answer =>
  status === 429 || status >= 500
    ? again('busy', detail, (Number(headers.get('retry-after')) || 0) * 1_000)
    : { type: 'refused', reason: reasons[status] ?? 'rejected', afterMs: 0, detail };
