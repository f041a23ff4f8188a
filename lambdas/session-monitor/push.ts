import { mapBounded } from '../../core/concurrency';
import type { Subscriber, Topic } from '../../core/connection';
import type { Facility } from '../../core/facility';
import { changesMessage, errorMessage, limitedChangesMessage } from '../../core/messages';
import type { Entry } from '../../core/region';
import { allowsAll, patternsIn, reaches } from '../../core/rights';
import type { MonitorPorts } from './ports';

export type PushPorts = Pick<MonitorPorts, 'ledger' | 'connections' | 'feed' | 'clock' | 'log' | 'meter'>;

/** As many as there may be slow ones among them: those hold up nobody else of a region. */
const socketsAtOnce = 200;

/**
 * Pushes entries to everybody subscribed to the region, in order for each socket, all sockets beside each other. A
 * socket that fails misses the rest of the pass and finds its gap with the next tick; it holds up no other.
 */
export async function pushEntries(
  region: string,
  entries: readonly Entry[],
  ports: PushPorts,
): Promise<void> {
  const subscribers = await ports.connections.subscribers(region);
  const limited = subscribers.some(({ watch }) => !allowsAll(watch, region));
  const facilities = limited ? await ports.ledger.facilities(region) : [];
  const messages = messagesByRights(region, entries, facilities);
  await mapBounded(subscribers, socketsAtOnce, (subscriber) =>
    pushTo(subscriber, {
      topic: { region },
      mayWatch: reaches(subscriber.watch, region),
      messages: messages(subscriber),
      ports,
    }),
  );
}

/** Messages are made once for all who may watch the same: thousands of sockets, but hardly ever many different rights. */
function messagesByRights(
  region: string,
  entries: readonly Entry[],
  facilities: readonly Facility[],
): (subscriber: Subscriber) => readonly object[] {
  const made = new Map<string, readonly object[]>();
  return ({ watch }) => {
    const all = allowsAll(watch, region);
    const patterns = all ? [] : patternsIn(watch, region);
    // No pattern holds a space.
    const key = all ? 'all' : ` ${patterns.join(' ')}`;
    const known = made.get(key);
    if (known !== undefined) return known;
    const messages = entries.map((entry) =>
      all ? changesMessage(entry) : limitedChangesMessage(entry, patterns, facilities),
    );
    made.set(key, messages);
    return messages;
  };
}

/** What one socket gets of a topic. */
export interface Push {
  readonly topic: Topic;
  readonly mayWatch: boolean;
  readonly messages: readonly object[];
  readonly ports: PushPorts;
}

/** Sends in order; rights and expiry are looked at again each time, and only a socket that is gone is forgotten (AC3). */
export async function pushTo(subscriber: Subscriber, push: Push): Promise<void> {
  const { topic, messages, ports } = push;
  if (subscriber.expiresAtMs <= ports.clock.now() || !push.mayWatch) {
    return await expire(subscriber, topic, ports);
  }
  for (const message of messages) {
    const outcome = await ports.feed.post(subscriber.connectionId, message);
    ports.meter.count('pushes');
    if (outcome === 'failed') ports.meter.count('failedPushes');
    if (outcome === 'gone') await ports.connections.close(subscriber.connectionId, [topic]);
    if (outcome !== 'delivered') return;
  }
}

/** The socket ends with the token that bought it (AC3). */
async function expire(
  { connectionId }: Subscriber,
  topic: Topic,
  { feed, connections, log }: PushPorts,
): Promise<void> {
  await feed.post(
    connectionId,
    errorMessage('token-expired', 'The token has expired; open a new connection.'),
  );
  try {
    await feed.disconnect(connectionId);
  } catch (error) {
    // Its rows go all the same: without them it gets nothing any more, and the gateway ends it within two hours.
    log.error('a socket could not be closed', error, { connectionId });
  }
  await connections.close(connectionId, [topic]);
}
