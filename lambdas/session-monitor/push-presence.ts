import { mapBounded } from '../../core/concurrency';
import { presenceMessage } from '../../core/messages';
import { allows } from '../../core/rights';
import type { MonitorPorts } from './ports';
import { type PushPorts, pushTo } from './push';
import type { Unsent } from './settle-presence';

const socketsAtOnce = 200;
const eventsAtMost = 500;

/**
 * Sends presence events to whoever watches these facilities. What does not arrive is noticed by the next ping, and read
 * from the events that are kept.
 */
export async function pushPresence(
  region: string,
  unsent: readonly Unsent[],
  ports: PushPorts & Pick<MonitorPorts, 'presence'>,
): Promise<void> {
  const ranges = new Map(unsent.map((range) => [range.facility, range]));
  const watchers = (await ports.connections.presenceSubscribers(region)).filter(({ facility }) =>
    ranges.has(facility),
  );
  const messages = new Map<string, Promise<readonly object[]>>();
  const messagesOf = (facility: string): Promise<readonly object[]> => {
    const known = messages.get(facility) ?? messagesIn(region, ranges.get(facility), ports);
    messages.set(facility, known);
    return known;
  };
  await mapBounded(watchers, socketsAtOnce, async ({ facility, ...subscriber }) =>
    pushTo(subscriber, {
      topic: { region, facility },
      mayWatch: allows(subscriber.watch, region, facility),
      messages: await messagesOf(facility),
      ports,
    }),
  );
}

async function messagesIn(
  region: string,
  range: Unsent | undefined,
  { presence }: Pick<MonitorPorts, 'presence'>,
): Promise<readonly object[]> {
  if (range === undefined) return [];
  const { facility, fromSeq } = range;
  const events = await presence.presenceEvents(region, facility, fromSeq - 1, eventsAtMost);
  return events.map((event) => presenceMessage({ region, facility }, event));
}
