import { defaultTimings } from '../../core/timings';
import { createApi } from '../../lambdas/status-api/api';
import type { Reach } from '../../tools/registry/api';
import { apiPortsOver } from './api-scene';
import { anIdentity, rights } from './builders';
import { FeedClient } from './feed-client';
import { answerOf, aRequest, KnownTokens, type RequestWords } from './http';
import { aSessionMonitor, type TestClock } from './session-monitor-scene';

/**
 * An API beside a session monitor at ten: `boss` manages and watches the north, `keeper` manages it and watches nothing,
 * `part` manages and watches its laboratories, `eve` watches and manages nothing.
 */
export function aRegistry(monitor: ReturnType<typeof aSessionMonitor<TestClock>> = aSessionMonitor()) {
  const verifier = new KnownTokens();
  const north = { north: ['*'] };
  const labs = { north: ['lab/*'] };
  verifier.issue('boss', anIdentity({ rights: rights({ manage: north, watch: north }) }));
  verifier.issue('keeper', anIdentity({ rights: rights({ manage: north }) }));
  verifier.issue('part', anIdentity({ rights: rights({ manage: labs, watch: labs }) }));
  verifier.issue('eve', anIdentity({ rights: rights({ watch: north }) }));
  const ports = apiPortsOver(monitor, verifier);
  const handle = createApi(ports);
  const raw = (route: string, words: RequestWords = {}) =>
    handle(aRequest({ route, region: 'north', token: 'boss', ...words }));
  const asks = async (route: string, words: RequestWords = {}) => answerOf(await raw(route, words));
  const ofFacility = (method: string, id: string, words: RequestWords = {}) =>
    asks(`${method} /v1/regions/{region}/facility`, { query: { id }, ...words });
  return {
    ...ports,
    raw,
    /** Another token that manages and watches these. */
    issue: (token: string, given: Readonly<Record<string, readonly string[]>>) =>
      verifier.issue(token, anIdentity({ rights: rights({ manage: given, watch: given }) })),
    put: (id: string, body: unknown = {}, words: RequestWords = {}) =>
      ofFacility('PUT', id, { body, ...words }),
    remove: (id: string, words: RequestWords = {}) => ofFacility('DELETE', id, { body: '', ...words }),
    facility: (id: string, words: RequestWords = {}) => ofFacility('GET', id, words),
    putRegion: (body: unknown, words: RequestWords = {}) =>
      asks('PUT /v1/regions/{region}', { body, ...words }),
    snapshot: (words: RequestWords = {}) => asks('GET /v1/regions/{region}', words),
    registry: (words: RequestWords = {}) => asks('GET /v1/regions/{region}/registry', words),
    availability: async (id: string) => {
      const query = { id, from: '2026-01-05T09:00:00Z', to: '2026-01-05T12:00:00Z' };
      const { body } = await asks('GET /v1/regions/{region}/facility/history', { query });
      return body;
    },
    watcher: async (id = 'page') => {
      const client = new FeedClient(id, monitor, defaultTimings);
      await client.opens();
      return client;
    },
  };
}

/** How the command line reaches such an API: each request as the HTTP API would hand it over. */
export function reachOf(api: ReturnType<typeof aRegistry>): Reach & { readonly requests: string[] } {
  const requests: string[] = [];
  return {
    requests,
    sleep: async (ms) => api.clock.advance(ms),
    fetch: async (address, { method = 'GET', headers, body }) => {
      const { pathname, searchParams } = new URL(address);
      const [, , , region, ...rest] = pathname.split('/');
      const path = ['/v1/regions', ...(region === undefined ? [] : ['{region}']), ...rest].join('/');
      requests.push(`${method} ${pathname}${searchParams.has('id') ? ` ${searchParams.get('id')}` : ''}`);
      const token = new Headers(headers).get('authorization')?.replace('Bearer ', '') ?? '';
      const { statusCode = 0, ...answer } = await api.raw(`${method} ${path}`, {
        token,
        body: body ?? '',
        query: Object.fromEntries(searchParams),
        ...(region !== undefined && { region: decodeURIComponent(region) }),
      });
      const answered = statusCode === 204 ? null : (answer.body ?? '');
      return new Response(answered, {
        status: statusCode,
        headers: new Headers(
          Object.entries(answer.headers ?? {}).map(([name, value]) => [name, String(value)]),
        ),
      });
    },
  };
}
