import { isRegionId } from '../../core/ids';
import { matchesAny } from '../../core/pattern';
import { registryOf } from '../../core/registry-commits';
import { type Identity, patternsIn } from '../../core/rights';
import type { HttpEvent } from '../http';
import type { ApiPorts } from './ports';
import { noSuchRegion, pageOf } from './queries';

/** Up to 16 KB each: below the 6 MB that a function may answer. */
const facilitiesPerPage = 300;

/** What the registry says of a region and its facilities, without status, for who watches or manages them. */
export async function listRegistry(
  event: HttpEvent,
  { rights }: Identity,
  { regions }: Pick<ApiPorts, 'regions'>,
): Promise<object> {
  const region = event.pathParameters?.region ?? '';
  const patterns = [...patternsIn(rights.watch, region), ...patternsIn(rights.manage, region)];
  if (!isRegionId(region) || patterns.length === 0) throw noSuchRegion();
  const after = pageOf(event);
  const [{ head }, facilities] = await Promise.all([regions.read(region), regions.facilities(region)]);
  const rest = facilities.filter(({ id }) => matchesAny(patterns, id) && (after === undefined || id > after));
  const page = rest.slice(0, facilitiesPerPage);
  const last = page.at(-1);
  return {
    region,
    ...(head && registryOf(head)),
    facilities: page.map(({ id, registry = {} }) => ({ id, registry })),
    ...(last !== undefined && rest.length > page.length && { next: last.id }),
  };
}
