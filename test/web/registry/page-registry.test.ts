import type { RegionRegistry } from '../../../core/registry';
import type { Api } from '../../../web/api';
import { withChanges } from '../../../web/registry/draft';
import { PageRegistry } from '../../../web/registry/page-registry';

const thresholds = { upFrom: 0.9, downBelow: 0.5 };

/** The API of one region with more facilities than fit one answer. */
class OneRegion implements Pick<Api, 'send'> {
  readonly asked: string[] = [];
  constructor(public said: RegionRegistry) {}

  async send<T>(method: string, path: string, body?: object): Promise<T> {
    this.asked.push(`${method} ${path}`);
    if (method === 'PUT') this.said = body as RegionRegistry;
    const facilities = [{ id: path.includes('page=') ? 'b' : 'a', registry: {} }];
    const page = { ...this.said, region: 'north', facilities };
    return (path.includes('page=') ? page : { ...page, next: 'a' }) as T;
  }
}

test('a region is read whole, page by page', async () => {
  const whole = await new PageRegistry(new OneRegion({ name: 'The north' })).region('north');
  expect(whole).toEqual({
    registry: { name: 'The north' },
    facilities: new Map([
      ['a', {}],
      ['b', {}],
    ]),
  });
});

test('given a colleague changed its name, when somebody sets thresholds, then the name stays', async () => {
  const api = new OneRegion({ name: 'The new north' });
  const begun = { name: 'North' };
  const saved = await new PageRegistry(api).changeRegion('north', (now) =>
    withChanges(now, begun, { ...begun, thresholds }),
  );
  expect(api.said).toEqual({ name: 'The new north', thresholds });
  expect(saved).toEqual(api.said);
  expect(api.asked).toEqual(['GET /v1/regions/north/registry', 'PUT /v1/regions/north']);
});
