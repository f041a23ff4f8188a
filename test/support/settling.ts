import type { Facility } from '../../core/facility';
import type { Commit, RegionHead } from '../../core/region';
import { exists } from '../../core/removal';
import { type SettleInput, type Settlement, settle } from '../../core/settle';
import { defaultTimings } from '../../core/timings';
import { aHead, at } from './builders';

/** A settle of a region that nobody has reported for, at five past ten by both clocks. */
export function settling(given: Partial<SettleInput> = {}, timings = defaultTimings): Settlement {
  return settle(settleInput(given), timings);
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
  return settlement.commits.reduce<Standing>(committed, {
    head: settlement.commits[0].head,
    facilities: before,
  });
}

/** Applies one commit, as every ledger does: what the registry says stays unless a change tells it. */
export function committed({ facilities }: Pick<Standing, 'facilities'>, { head, entry }: Commit): Standing {
  const rows = new Map(facilities.map((facility) => [facility.id, facility]));
  for (const { facility, registry: told } of entry?.changes ?? []) {
    const registry = told ?? (exists(facility) ? rows.get(facility.id)?.registry : undefined);
    rows.set(facility.id, { ...facility, ...(registry && { registry }) });
  }
  return { head, facilities: [...rows.values()] };
}
