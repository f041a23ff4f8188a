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
  const { head, facilities, together } = await readTogether(region, regions);
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
    ...(together && allowsAll(watch, region) && { digest: digestOf(facilities) }),
    totals: seenTotals,
    state: seenTotals.state,
    facilities: page.map((facility) => facilityMessage(facility, nowMs)),
    ...(last !== undefined && rest.length > page.length && { next: last.id }),
  };
}

interface Reading {
  readonly head?: RegionHead;
  readonly facilities: readonly Facility[];
  /** Whether both are of one moment. */
  readonly together: boolean;
}

/**
 * Head and rows of one moment: a commit between the two reads shows as a row that is newer than the head. While people
 * change a region without a pause no such moment may be found; rows that are newer than the head's `seq` do no harm,
 * since the log from there leads to where they are, but then no digest can prove them.
 */
async function readTogether(region: string, regions: RegionReader): Promise<Reading> {
  for (let attempt = 1; ; attempt += 1) {
    const { head } = await regions.read(region);
    if (head === undefined) return { facilities: [], together: true };
    const facilities = await regions.facilities(region);
    const { count, sum } = digestOf(facilities);
    const together = count === head.digest.count && sum === head.digest.sum;
    if (together || attempt === readAttempts) return { head, facilities, together };
  }
}
