import type { ShownRegion } from '../truth';
import { regionStates } from '../view';
import type { RegionState } from '../wire';
import { compareNames } from '../words';

/** All regions together. */
export interface Whole {
  readonly facilities: number;
  readonly online: number;
  readonly offline: number;
  /** How many regions there are of each state. */
  readonly regions: ReadonlyMap<RegionState, number>;
}

export function wholeOf(regions: Iterable<ShownRegion>): Whole {
  const sum = { facilities: 0, online: 0, offline: 0 };
  const states = new Map<RegionState, number>();
  for (const { totals } of regions) {
    sum.facilities += totals.facilities;
    sum.online += totals.online;
    sum.offline += totals.offline;
    states.set(totals.state, (states.get(totals.state) ?? 0) + 1);
  }
  return { ...sum, regions: states };
}

/** The worst state first; of the same state the one with the larger share offline; then by name. */
export const worstFirst = (regions: Iterable<ShownRegion>): readonly ShownRegion[] =>
  [...regions].sort(
    (a, b) =>
      regionStates.indexOf(a.totals.state) - regionStates.indexOf(b.totals.state) ||
      offlineShare(b) - offlineShare(a) ||
      compareNames(a.name, b.name) ||
      compareNames(a.region, b.region),
  );

const offlineShare = ({ totals: { offline, facilities } }: ShownRegion): number =>
  facilities === 0 ? 0 : offline / facilities;
