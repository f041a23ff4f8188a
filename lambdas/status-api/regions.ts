import type { Freshness } from '../../core/as-of';
import { mapBounded } from '../../core/concurrency';
import { type Facility, type Totals, totals, totalsOf } from '../../core/facility';
import { asOfFields } from '../../core/messages';
import { matchesAny } from '../../core/pattern';
import type { RegionReader } from '../../core/ports';
import type { RegionRecord } from '../../core/region';
import { allowsAll, type Grants, patternsIn, reaches } from '../../core/rights';
import type { ApiPorts } from './ports';

const readsAtOnce = 8;

/** The regions that a token may watch, each with totals over what it may see (AC2). */
export async function listRegions(
  watch: Grants,
  { regions, freshness }: Pick<ApiPorts, 'regions' | 'freshness'>,
): Promise<object> {
  const fresh = await freshness();
  // Not older than the as-of that they are told with.
  const records = (await regions.overview({ consistent: true })).filter(({ region }) =>
    reaches(watch, region),
  );
  const listed = await mapBounded(records, readsAtOnce, async (record) =>
    regionItem(record, await totalsFor(record, watch, regions), fresh),
  );
  return { regions: listed.toSorted((a, b) => (a.region < b.region ? -1 : 1)) };
}

/** A region in a list; `thresholds` only where the registry has them. */
export const regionItem = (
  { region, head }: RegionRecord,
  seen: Totals = totals(0, 0),
  fresh: Freshness,
) => ({
  region,
  name: head?.name ?? region,
  ...(head?.thresholds && { thresholds: head.thresholds }),
  state: seen.state,
  totals: seen,
  epoch: head?.epoch ?? null,
  seq: head?.seq ?? 0,
  ...asOfFields(fresh),
});

async function totalsFor({ region, head }: RegionRecord, watch: Grants, regions: RegionReader) {
  if (allowsAll(watch, region)) return head?.totals ?? totals(0, 0);
  return totalsOf(visible(await regions.facilities(region), watch, region), head?.thresholds);
}

/** The facilities of a region that a token may see. */
export function visible(facilities: readonly Facility[], watch: Grants, region: string): readonly Facility[] {
  if (allowsAll(watch, region)) return facilities;
  const patterns = patternsIn(watch, region);
  return facilities.filter(({ id }) => matchesAny(patterns, id));
}
