import type { Line, Reading, Unit } from './meter';
import { dollarsFor, prices, type Step } from './prices';

/** How a stream is billed. */
export type StreamMode = 'provisioned' | 'on-demand';

/** What one line of a month's reading costs. */
export interface Charge extends Line {
  readonly dollars: number;
}

const ofOnDemand: readonly Unit[] = ['kinesisOnDemandBytes', 'kinesisOnDemandReadBytes'];
const ofProvisioned: readonly Unit[] = ['kinesisPutUnits', 'kinesisShardHours'];

/** A month's reading in dollars, the dearest first. A record counts as the stream's mode says. */
export function billOf(month: Reading, mode: StreamMode = 'provisioned'): readonly Charge[] {
  const left = mode === 'provisioned' ? ofOnDemand : ofProvisioned;
  return month.lines
    .filter(({ unit }) => !left.includes(unit))
    .map((line) => ({ ...line, dollars: dollarsOf(line, month) }))
    .sort((a, b) => b.dollars - a.dollars);
}

/** Steps of a price are shared by everything of that unit. */
function dollarsOf({ unit, amount }: Line, month: Reading): number {
  const steps: readonly Step[] = prices[unit];
  const total = month.total(unit);
  return total === 0 ? 0 : (dollarsFor(steps, total) * amount) / total;
}

export const totalOf = (bill: readonly { readonly dollars: number }[]): number =>
  bill.reduce((sum, { dollars }) => sum + dollars, 0);
