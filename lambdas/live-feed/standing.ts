import { mapBounded } from '../../core/concurrency';
import { tickMessage, tickRegion } from '../../core/messages';
import type { Subscriber } from '../../core/ports';
import { allowsAll } from '../../core/rights';
import type { FeedPorts } from './ports';

const readsAtOnce = 16;

/**
 * Where each of these regions stands: as-of, `seq` and digest, so that the page can tell whether it is right (CD4).
 * As-of is read before the heads: what a head says is at least as new.
 */
export async function standingOf(
  regions: readonly string[],
  { watch }: Pick<Subscriber, 'watch'>,
  ports: FeedPorts,
): Promise<object> {
  const fresh = await ports.freshness();
  const standings = await mapBounded(regions, readsAtOnce, async (region) => {
    const { head } = await ports.regions.read(region);
    return tickRegion(region, head, fresh, allowsAll(watch, region));
  });
  return tickMessage(standings, ports.clock.now());
}
