import { RollcallError, TryAgainLater } from '../core/errors';
import type { ListedRegion, PageConfig, Snapshot, SnapshotPage } from './wire';

/** The token no longer counts; a new one may. */
export class TokenRefused extends RollcallError {}

/** There is nothing of this name for the token. */
export class NotThere extends RollcallError {}

const timeoutMs = 15_000;

/** The HTTP API as the page uses it; every answer is JSON, everything but success is an error. */
export class Api {
  constructor(
    private readonly config: Pick<PageConfig, 'apiUrl'>,
    private readonly token: () => Promise<string>,
  ) {}

  /** The regions that the operator may watch. */
  async regions(): Promise<readonly ListedRegion[]> {
    const { regions } = await this.call<{ regions: readonly ListedRegion[] }>('GET', '/v1/regions');
    return regions;
  }

  /** A whole region. Its pages may be of different instants: the lowest `seq` counts, the log brings the rest (CD3). */
  async snapshot(region: string): Promise<Snapshot> {
    const path = `/v1/regions/${encodeURIComponent(region)}`;
    let { next, ...whole } = await this.call<SnapshotPage>('GET', path);
    while (next !== undefined) {
      const page = await this.call<SnapshotPage>('GET', `${path}?page=${encodeURIComponent(next)}`);
      if (page.epoch !== whole.epoch) throw new TryAgainLater('the region began anew between two pages');
      whole = joined(whole, page);
      next = page.next;
    }
    return whole;
  }

  /** Opens one socket, within 30 seconds (AC3). */
  async ticket(): Promise<string> {
    return (await this.call<{ ticket: string }>('POST', '/v1/tickets')).ticket;
  }

  private async call<T>(method: 'GET' | 'POST', path: string): Promise<T> {
    const response = await fetch(`${this.config.apiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${await this.token()}` },
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status === 401) throw new TokenRefused('the token was refused', { actual: path });
    if (response.status === 404)
      throw new NotThere('there is no such thing for this token', { actual: path });
    if (!response.ok) {
      throw new TryAgainLater(`${method} ${path} failed`, { actual: response.status, expected: 200 });
    }
    return (await response.json()) as T;
  }
}

const joined = (first: Snapshot, { facilities, seq, asOf }: SnapshotPage): Snapshot => ({
  ...first,
  seq: Math.min(first.seq, seq),
  asOf: first.asOf < asOf ? first.asOf : asOf,
  facilities: [...first.facilities, ...facilities],
});

/**
 * Asks for something that is served beside the page, such as `config.json`.
 * @throws TryAgainLater unless it is there
 */
export async function fetchJson<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(path, { ...init, signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new TryAgainLater(`${path} failed`, { actual: response.status, expected: 200 });
  return (await response.json()) as T;
}
