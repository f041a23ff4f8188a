import type { Window } from './history';
import type { MaintenanceWindow } from './registry';

const windowOf = ({ from, to }: MaintenanceWindow): Window => ({
  fromMs: Date.parse(from),
  toMs: Date.parse(to),
});

/** Whether one of the windows holds at an instant; its end is no longer part of it. */
export const inMaintenance = (windows: readonly MaintenanceWindow[] = [], nowMs: number): boolean =>
  windows.map(windowOf).some(({ fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs);

/** The windows that are not over yet, by their beginning, so many of them. */
export const windowsAhead = (
  windows: readonly MaintenanceWindow[] = [],
  nowMs: number,
  most: number,
): readonly Pick<MaintenanceWindow, 'from' | 'to'>[] =>
  windows
    .filter(({ to }) => Date.parse(to) > nowMs)
    .toSorted((a, b) => Date.parse(a.from) - Date.parse(b.from))
    .slice(0, most)
    .map(({ from, to }) => ({ from, to }));

/** The parts of a stretch that are in maintenance, in order, those that touch or overlap put together. */
export function maintenanceWithin(
  stretch: Window,
  windows: readonly MaintenanceWindow[] = [],
): readonly Window[] {
  const parts: Window[] = [];
  for (const window of windows.map(windowOf).sort((a, b) => a.fromMs - b.fromMs)) {
    const fromMs = Math.max(window.fromMs, stretch.fromMs);
    const toMs = Math.min(window.toMs, stretch.toMs);
    if (fromMs >= toMs) continue;
    const last = parts.at(-1);
    if (last === undefined || last.toMs < fromMs) parts.push({ fromMs, toMs });
    else parts.splice(-1, 1, { fromMs: last.fromMs, toMs: Math.max(last.toMs, toMs) });
  }
  return parts;
}
