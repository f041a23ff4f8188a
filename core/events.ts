import { changeMessage, instant } from './messages';
import type { Entry } from './region';

/** What rules know Rollcall's events by. */
export const eventSource = 'rollcall';

/** What core systems get on the event bus, source `rollcall`; at least once, unordered: drop what is not newer. */
export type StatusEvent =
  | { readonly type: 'FacilityStatusChanged'; readonly detail: object }
  | { readonly type: 'RegionStatusChanged'; readonly detail: object };

/** The events of an entry: one per change of a facility's status, and one when the region changed as a whole. */
export function eventsOf(entry: Entry): readonly StatusEvent[] {
  const { region, epoch, seq } = entry;
  const facilities = entry.changes
    .filter((change) => change.transition)
    .map((change) => ({
      type: 'FacilityStatusChanged' as const,
      detail: { region, epoch, seq, ...changeMessage(change) },
    }));
  if (entry.regionChange === undefined) return facilities;
  const detail = {
    region,
    epoch,
    seq,
    ...entry.regionChange,
    totals: entry.totals,
    decidedAt: instant(entry.decidedAtMs),
    asOf: instant(entry.asOfMs),
  };
  return [...facilities, { type: 'RegionStatusChanged', detail }];
}
