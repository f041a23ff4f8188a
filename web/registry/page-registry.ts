import { TryAgainLater } from '../../core/errors';
import type { FacilityRegistry, RegionRegistry } from '../../core/registry';
import { ApiRefused, type Registry } from '../../registry/port';
import { type Api, RequestRefused } from '../api';

type Method = Parameters<Api['send']>[0];

interface RegistryPage extends RegionRegistry {
  readonly facilities: readonly { readonly id: string; readonly registry: FacilityRegistry }[];
  readonly next?: string;
}

/** All that the registry says of one region. */
export interface WholeRegion {
  readonly registry: RegionRegistry;
  readonly facilities: ReadonlyMap<string, FacilityRegistry>;
}

const attempts = 4;
const pauseMs = 1_000;

/** The registry over the page's own API. */
export class PageRegistry implements Registry {
  constructor(private readonly api: Pick<Api, 'send'>) {}

  /** @throws ApiRefused */
  async region(region: string): Promise<WholeRegion> {
    const facilities = new Map<string, FacilityRegistry>();
    let page: RegistryPage | undefined;
    do {
      page = await this.page(region, page?.next);
      for (const { id, registry: said } of page.facilities) facilities.set(id, said);
    } while (page.next !== undefined);
    return { registry: saidOfRegion(page), facilities };
  }

  async registry(region: string): Promise<ReadonlyMap<string, FacilityRegistry>> {
    return (await this.region(region)).facilities;
  }

  async put(region: string, id: string, registry: FacilityRegistry): Promise<void> {
    await this.send('PUT', facilityPath(region, id), registry);
  }

  async remove(region: string, id: string): Promise<void> {
    await this.send('DELETE', facilityPath(region, id));
  }

  /**
   * Changes what the registry says of a region now, which may be more than the page knew.
   * @throws ApiRefused
   */
  async changeRegion(
    region: string,
    changed: (now: RegionRegistry) => RegionRegistry,
  ): Promise<RegionRegistry> {
    const wanted = changed(saidOfRegion(await this.page(region)));
    await this.send('PUT', pathOf(region), wanted);
    return wanted;
  }

  /**
   * Changes what the registry says of a facility now, which may be more than the page knew.
   * @throws ApiRefused
   */
  async change(
    region: string,
    id: string,
    changed: (now: FacilityRegistry) => FacilityRegistry,
  ): Promise<FacilityRegistry> {
    const now = await this.facility(region, id);
    const wanted = changed(now);
    await this.put(region, id, wanted);
    return wanted;
  }

  private async page(region: string, from?: string): Promise<RegistryPage> {
    const query = from === undefined ? '' : `?page=${encodeURIComponent(from)}`;
    return await this.send('GET', `${pathOf(region)}/registry${query}`);
  }

  /** Nothing of what is not registered yet. Who manages a facility may not be allowed to watch it. */
  private async facility(region: string, id: string): Promise<FacilityRegistry> {
    try {
      const path = `${facilityPath(region, id)}&members=none`;
      return (await this.send<{ readonly registry?: FacilityRegistry }>('GET', path)).registry ?? {};
    } catch (error) {
      if (!(error instanceof ApiRefused && error.status === 404)) throw error;
      return (await this.registry(region)).get(id) ?? {};
    }
  }

  private async send<T>(method: Method, path: string, body?: object): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.api.send<T>(method, path, body);
      } catch (error) {
        if (error instanceof RequestRefused) throw refusalOf(error);
        if (attempt === attempts) throw new ApiRefused(noAnswer(error), 0);
        await new Promise((resolve) => setTimeout(resolve, pauseMs * attempt));
      }
    }
  }
}

const saidOfRegion = ({ name, thresholds }: RegistryPage): RegionRegistry => ({
  ...(name !== undefined && { name }),
  ...(thresholds && { thresholds }),
});

const pathOf = (region: string): string => `/v1/regions/${encodeURIComponent(region)}`;

const facilityPath = (region: string, id: string): string =>
  `${pathOf(region)}/facility?id=${encodeURIComponent(id)}`;

function refusalOf({ problem: { status, detail, field } }: RequestRefused): ApiRefused {
  return new ApiRefused(field === undefined ? detail : `${detail} (${field})`, status);
}

const noAnswer = (error: unknown): string =>
  error instanceof TryAgainLater
    ? 'Rollcall is too busy just now. Nothing was lost; try again.'
    : 'Rollcall could not be reached. Nothing was lost; try again.';
