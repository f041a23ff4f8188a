import type { ListedRegion } from './wire';

/** The server's limit of subscriptions for one socket is 200, of which a facility's view takes one. */
export const maxRegions = 199;

/**
 * Which regions the page watches: those that are listed, as many as a socket may, and the one that the operator chose, which
 * is watched before anybody has reported for it.
 */
export function regionsToWatch(
  listed: readonly ListedRegion[],
  chosen: string | undefined,
): readonly ListedRegion[] {
  if (chosen === undefined) return listed.slice(0, maxRegions);
  const isChosen = ({ region }: ListedRegion): boolean => region === chosen;
  const others = listed.filter((item) => !isChosen(item)).slice(0, maxRegions - 1);
  return [listed.find(isChosen) ?? unheardOf(chosen), ...others];
}

const unheardOf = (region: string): ListedRegion => ({
  region,
  name: region,
  totals: { facilities: 0, online: 0, offline: 0, state: 'empty' },
});
