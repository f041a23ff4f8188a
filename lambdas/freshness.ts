import { type Freshness, freshnessOf } from '../core/as-of';
import type { Clock, Watermarks } from '../core/ports';
import type { Timings } from '../core/timings';

/** What may be claimed right now: the as-of that every region was last looked at with, and whether it is too old. */
export type ReadFreshness = () => Promise<Freshness>;

export const freshnessReader =
  (watermarks: Pick<Watermarks, 'told'>, clock: Clock, timings: Timings): ReadFreshness =>
  async () =>
    freshnessOf(await watermarks.told(), clock.now(), timings);
