import { TryAgainLater } from '../../core/errors';
import { digestOf, type Facility, totalsOf } from '../../core/facility';
import { asOfFields, facilityMessage } from '../../core/messages';
import type { RegionReader } from '../../core/ports';
import type { RegionHead } from '../../core/region';
import { allowsAll, type Grants } from '../../core/rights';
import type { ApiPorts } from './ports';
import { visible } from './regions';

/** About 250 bytes each: well below the 6 MB that a function may answer. */
const facilitiesPerPage = 2_000;
const readAttempts = 4;

/**
 * A region as it is at one `seq`; a large one in pages by facility id, whose `seq` may differ: the client goes on from
 * the lowest and drops what is not newer (CD3).
 * @param after facility id that ended the previous page
 */
export async function snapshotOf(
  region: string,
  watch: Grants,
  after: string | undefined,
  { regions, freshness, clock }: Pick<ApiPorts, 'regions' | 'freshness' | 'clock'>,
): Promise<object> {
  const fresh = await freshness();
  const nowMs = clock.now();
  const { head, facilities } = await readTogether(region, regions);
  const seen = visible(facilities, watch, region);
  const rest = seen.filter(({ id }) => after === undefined || id > after);
  const page = rest.slice(0, facilitiesPerPage);
  const last = page.at(-1);
  const seenTotals = totalsOf(seen, head?.thresholds);
  return {
    region,
    name: head?.name ?? region,
    ...(head?.thresholds && { thresholds: head.thresholds }),
    epoch: head?.epoch ?? null,
    seq: head?.seq ?? 0,
    ...asOfFields(fresh),
    ...(allowsAll(watch, region) && { digest: digestOf(facilities) }),
    totals: seenTotals,
    state: seenTotals.state,
    facilities: page.map((facility) => facilityMessage(facility, nowMs)),
    ...(last !== undefined && rest.length > page.length && { next: last.id }),
  };
}

/** Head and rows of one moment: a commit between the two reads shows as a row that is newer than the head. */
async function readTogether(
  region: string,
  regions: RegionReader,
): Promise<{ readonly head?: RegionHead; readonly facilities: readonly Facility[] }> {
  for (let attempt = 0; attempt < readAttempts; attempt += 1) {
    const { head } = await regions.read(region);
    if (head === undefined) return { facilities: [] };
    const facilities = await regions.facilities(region);
    const { count, sum } = digestOf(facilities);
    if (count === head.digest.count && sum === head.digest.sum) return { head, facilities };
  }
  throw new TryAgainLater('the region changed during each read of it', { actual: readAttempts });
}
