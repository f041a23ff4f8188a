import { assumedMs, memoryOfOneCpuMb, sdkCallMs, sdkRowMs } from '../metering/lambda-time';
import { measured } from './measured';
import type { Rates } from './model';
import type { Setup } from './setup';

/** Regions that are settled side by side. */
const regionsAtOnce = 8;

/** How long session-monitor takes for everything that is due in a tick. */
export function passSeconds(rates: Rates, setup: Setup): number {
  const { marked, ended, idle } = rates.settles;
  const silent = rates.silences / (rates.leaves + rates.silences);
  const lists = marked + (1 + silent) * ended + idle;
  const settles = marked + ended + idle;
  const perSecond = {
    rows: lists * rates.rowsPerRegion + settles * rates.facilitiesPerRegion,
    calls: lists + 3 * settles + 11 * rates.entries + rates.changes,
  };
  const cpuMs = perSecond.rows * (sdkRowMs + measured.settleMsPerRow) + perSecond.calls * sdkCallMs.together;
  const share = Math.min(1, setup.sessionMonitorMemoryMb / memoryOfOneCpuMb);
  const waitMs = (perSecond.calls * assumedMs.dynamo) / regionsAtOnce;
  const busy = (cpuMs / share + waitMs) / 1_000;
  return busy * setup.timings.tickSeconds;
}
