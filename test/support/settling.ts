import type { Facility } from '../../core/facility';
import type { RegionHead } from '../../core/region';
import { type SettleInput, type Settlement, settle } from '../../core/settle';
import { defaultTimings } from '../../core/timings';
import { aHead, at } from './builders';

/** A settle of a region that nobody has reported for, at five past ten by both clocks. */
export function settling(given: Partial<SettleInput> = {}): Settlement {
  return settle(settleInput(given), defaultTimings);
}

export function settleInput(given: Partial<SettleInput> = {}): SettleInput {
  const facilities = given.facilities ?? [];
  const asOfMs = given.asOfMs ?? at('10:05');
  const head = aHead(facilities);
  return { sessions: [], facilities, head, mark: 0, asOfMs, gaps: [], nowMs: asOfMs, ...given };
}

/** All changes of a settlement, over all of its entries. */
export const changesIn = ({ commits }: Settlement) => commits.flatMap(({ entry }) => entry?.changes ?? []);

/** What a settlement tells of facilities. */
export const toldBy = (settlement: Settlement): readonly Facility[] =>
  changesIn(settlement).map(({ facility }) => facility);

/** A region after its commits: what the next settle starts from. */
export interface Standing {
  readonly head: RegionHead;
  readonly facilities: readonly Facility[];
}

/** Applies a settlement to the state that it was made from. */
export function applied(before: readonly Facility[], settlement: Settlement): Standing {
  const facilities = new Map(before.map((facility) => [facility.id, facility]));
  for (const facility of toldBy(settlement)) facilities.set(facility.id, facility);
  const last = settlement.commits.at(-1) ?? settlement.commits[0];
  return { head: last.head, facilities: [...facilities.values()] };
}
