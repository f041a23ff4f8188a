import { setTimeout as sleep } from 'node:timers/promises';
import { RollcallError } from '../../core/errors';
import type { FacilityRegistry } from '../../core/registry';
import { ApiRefused, type Registry } from '../../registry/port';
import { isLocal, type Target } from './options';

/** How the API is reached; the global `fetch` and real pauses unless a test says otherwise. */
export interface Reach {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly sleep: (ms: number) => Promise<unknown>;
}

export const reachable: Reach = { fetch: (url, init) => fetch(url, init), sleep };

interface RegistryPage {
  readonly facilities: readonly { readonly id: string; readonly registry: FacilityRegistry }[];
  readonly next?: string;
}

const timeoutMs = 30_000;
const attempts = 6;
/** Where the answer does not say when to come back. */
const pauseMs = 1_000;

/** The registry over HTTP, on this machine or on AWS. */
export class RegistryApi implements Registry {
  constructor(
    private readonly target: Required<Target>,
    private readonly reach: Reach = reachable,
  ) {}

  /** Without a token, a local runtime is asked for one that may do everything. */
  static async at({ api, token }: Target, reach: Reach = reachable): Promise<RegistryApi> {
    return new RegistryApi({ api, token: token ?? (await devToken(api, reach)) }, reach);
  }

  async regions(): Promise<readonly string[]> {
    const { regions } = await this.call<{ regions: readonly { readonly region: string }[] }>(
      'GET',
      '/v1/regions',
    );
    return regions.map(({ region }) => region);
  }

  /** What the registry says of each facility of a region, in the order of their ids. */
  async registry(region: string): Promise<ReadonlyMap<string, FacilityRegistry>> {
    const found = new Map<string, FacilityRegistry>();
    let next: string | undefined;
    do {
      const query = next === undefined ? '' : `?page=${encodeURIComponent(next)}`;
      const page: RegistryPage = await this.call('GET', `${pathOf(region)}/registry${query}`);
      for (const { id, registry } of page.facilities) found.set(id, registry);
      next = page.next;
    } while (next !== undefined);
    return found;
  }

  async put(region: string, id: string, registry: FacilityRegistry): Promise<void> {
    await this.call('PUT', facilityPath(region, id), registry);
  }

  async remove(region: string, id: string): Promise<void> {
    await this.call('DELETE', facilityPath(region, id));
  }

  private async call<T>(method: string, path: string, body?: object): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const response = await this.send(method, path, body);
      if (response?.ok) return (response.status === 204 ? undefined : await response.json()) as T;
      const later = response === undefined || response.status === 429 || response.status >= 500;
      if (!later || attempt === attempts) throw await refusalOf(response);
      const seconds = Number(response?.headers.get('retry-after') ?? Number.NaN);
      await this.reach.sleep(Number.isNaN(seconds) ? pauseMs * attempt : seconds * 1_000);
    }
  }

  private async send(method: string, path: string, body?: object): Promise<Response | undefined> {
    const headers = { authorization: `Bearer ${this.target.token}`, 'content-type': 'application/json' };
    const signal = AbortSignal.timeout(timeoutMs);
    const init = { method, headers, signal, ...(body && { body: JSON.stringify(body) }) };
    try {
      return await this.reach.fetch(`${this.target.api}${path}`, init);
    } catch (error) {
      // No connection, or no answer in time: whether it was done is unknown, and doing it again does no harm.
      if (error instanceof Error) return undefined;
      throw error;
    }
  }
}

const pathOf = (region: string): string => `/v1/regions/${encodeURIComponent(region)}`;

const facilityPath = (region: string, id: string): string =>
  `${pathOf(region)}/facility?id=${encodeURIComponent(id)}`;

/** Problems say what was wrong; what the platform itself answers has a shape of its own. */
async function refusalOf(response: Response | undefined): Promise<ApiRefused> {
  if (response === undefined) return new ApiRefused('there was no answer', 0);
  const text = await response.text();
  const said = /^\{/.test(text) ? (JSON.parse(text) as { detail?: string; field?: string }) : {};
  const { detail = response.statusText, field } = said;
  return new ApiRefused(`${response.status} ${detail}${field ? ` (${field})` : ''}`, response.status);
}

/** @throws ApiRefused unless there is a local runtime, which gives tokens to everybody */
async function devToken(api: string, reach: Reach): Promise<string> {
  if (!isLocal(api)) throw new ApiRefused('Say what you may do with --token, or in ROLLCALL_TOKEN.', 0);
  const everything = { '*': ['*'] };
  const body = JSON.stringify({ sub: 'registry', rollcall: { watch: everything, manage: everything } });
  const headers = { 'content-type': 'application/json' };
  try {
    const response = await reach.fetch(`${api}/dev/token`, { method: 'POST', headers, body });
    if (!response.ok) throw new ApiRefused(`${api} gives no tokens; say --token.`, response.status);
    return ((await response.json()) as { token: string }).token;
  } catch (error) {
    if (error instanceof RollcallError || !(error instanceof Error)) throw error;
    throw new ApiRefused(`Nothing answers at ${api}; start it, or say --api.`, 0);
  }
}
