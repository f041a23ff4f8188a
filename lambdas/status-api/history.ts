import type { Transition } from '../../core/facility';
import { availabilityOf, ratioOf, type Window } from '../../core/history';
import { maintenanceWithin } from '../../core/maintenance';
import { asOfFields, instant } from '../../core/messages';
import { FieldRefused } from '../../core/shape';
import { noSuchFacility } from './facility';
import type { ApiPorts } from './ports';

/** About 200 bytes each: well below the 6 MB that a function may answer. */
const mostTransitions = 5_000;

/**
 * What became of a facility in a window, and how much of it the facility was online.
 * @throws FieldRefused when there is more than one answer can hold
 */
export async function historyOf(
  region: string,
  id: string,
  window: Window,
  { regions, history, freshness }: Pick<ApiPorts, 'regions' | 'history' | 'freshness'>,
): Promise<object> {
  const fresh = await freshness();
  const [facility, before, within] = await Promise.all([
    regions.facility(region, id),
    history.lastBefore(region, id, window.fromMs),
    history.transitions(region, id, window, mostTransitions + 1),
  ]);
  if (facility === undefined && before === undefined && within.length === 0) throw noSuchFacility();
  if (within.length > mostTransitions) {
    throw new FieldRefused('to', `a window with at most ${mostTransitions} transitions`);
  }
  const maintenance = maintenanceWithin(window, facility?.registry?.maintenance);
  const availability = availabilityOf(window, before, within, fresh.asOfMs, maintenance);
  return {
    region,
    id,
    from: instant(window.fromMs),
    to: instant(window.toMs),
    ...asOfFields(fresh),
    statusBefore: before?.status ?? null,
    transitions: within.map(transitionMessage),
    availability: { ...availability, ratio: ratioOf(availability) },
  };
}

const transitionMessage = (transition: Transition) => ({
  status: transition.status,
  at: instant(transition.atMs),
  decidedAt: instant(transition.decidedAtMs),
  decidedAsOf: instant(transition.decidedAsOfMs),
  reason: transition.reason,
  version: transition.version,
  ...(transition.lastedMs !== undefined && { lastedMs: transition.lastedMs }),
});
