import { inMaintenance } from '../../core/maintenance';
import type { ShownRegion } from '../truth';
import type { FacilityState } from '../wire';

/** What fills the screen for one turn. */
export type Slide =
  | { readonly kind: 'all'; readonly regions: readonly ShownRegion[] }
  | {
      readonly kind: 'region';
      readonly region: ShownRegion;
      /** Those offline that fit, latest first, with those in maintenance behind all others. */
      readonly offline: readonly FacilityState[];
      readonly page: number;
      readonly pages: number;
      /** How many are offline beyond the last page. */
      readonly hidden: number;
    };

/** More pages of one region would keep the others off the screen. */
const mostPages = 3;

/**
 * What the screen goes through: all regions together if there are several, then one after the other.
 * @param regions in the order in which they are shown
 * @param perPage how many facilities fit
 */
export function slidesOf(regions: readonly ShownRegion[], perPage: number, nowMs: number): readonly Slide[] {
  const each = regions.flatMap((region) => slidesOfRegion(region, perPage, nowMs));
  return regions.length > 1 ? [{ kind: 'all', regions }, ...each] : each;
}

function slidesOfRegion(region: ShownRegion, perPage: number, nowMs: number): readonly Slide[] {
  const offline = offlineOf(region, nowMs);
  const pages = Math.min(mostPages, Math.max(1, Math.ceil(offline.length / perPage)));
  return Array.from({ length: pages }, (_, page) => ({
    kind: 'region' as const,
    region,
    offline: offline.slice(page * perPage, (page + 1) * perPage),
    page,
    pages,
    hidden: page === pages - 1 ? Math.max(0, offline.length - pages * perPage) : 0,
  }));
}

function offlineOf({ facilities }: ShownRegion, nowMs: number): readonly FacilityState[] {
  const expected = ({ maintenanceWindows }: FacilityState): number =>
    Number(inMaintenance(maintenanceWindows, nowMs));
  return [...facilities.values()]
    .filter(({ status }) => status === 'offline')
    .sort(
      (a, b) =>
        expected(a) - expected(b) || Date.parse(b.since) - Date.parse(a.since) || (a.id < b.id ? -1 : 1),
    );
}

/** The chosen ones in the order of the choice, or all of them as they come. */
export function chosenOf(regions: readonly ShownRegion[], chosen: readonly string[]): readonly ShownRegion[] {
  if (chosen.length === 0) return regions;
  const byId = new Map(regions.map((region) => [region.region, region]));
  return [...new Set(chosen)].flatMap((id) => byId.get(id) ?? []);
}
