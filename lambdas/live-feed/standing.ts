import { mapBounded } from '../../core/concurrency';
import type { Subscriber, Topic } from '../../core/connection';
import { tickFacility, tickMessage, tickRegion } from '../../core/messages';
import { allowsAll } from '../../core/rights';
import type { FeedPorts } from './ports';

const readsAtOnce = 16;

/**
 * Where each of these topics stands: as-of, `seq` and digest of regions, `presenceSeq` of facilities, so that the page can
 * tell whether it is right (CD4). As-of is read before the heads: what a head says is at least as new.
 */
export async function standingOf(
  topics: readonly Topic[],
  { watch }: Pick<Subscriber, 'watch'>,
  ports: FeedPorts,
): Promise<object> {
  const fresh = await ports.freshness();
  const watched = topics.filter(({ facility }) => facility === undefined);
  const regions = await mapBounded(watched, readsAtOnce, async ({ region }) => {
    const { head } = await ports.regions.read(region);
    return tickRegion(region, head, fresh, allowsAll(watch, region));
  });
  const facilities = await mapBounded(topics.filter(isOfFacility), readsAtOnce, async (topic) => {
    const found = await ports.regions.facility(topic.region, topic.facility);
    return tickFacility(topic, found?.presence);
  });
  return tickMessage(regions, facilities, ports.clock.now());
}

const isOfFacility = (topic: Topic): topic is Required<Topic> => topic.facility !== undefined;
