import { mapBounded } from '../../core/concurrency';
import type { Facility } from '../../core/facility';
import { changesMessage, errorMessage, limitedChangesMessage } from '../../core/messages';
import type { Subscriber } from '../../core/ports';
import type { Entry } from '../../core/region';
import { allowsAll, patternsIn, reaches } from '../../core/rights';
import type { MonitorPorts } from './ports';

type PushPorts = Pick<MonitorPorts, 'ledger' | 'connections' | 'feed' | 'clock' | 'log'>;

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
  const nowMs = ports.clock.now();
  const subscribers = await ports.connections.subscribers(region);
  const limited = subscribers.some(({ watch }) => !allowsAll(watch, region));
  const facilities = limited ? await ports.ledger.facilities(region) : [];
  await mapBounded(subscribers, socketsAtOnce, (subscriber) =>
    subscriber.expiresAtMs <= nowMs || !reaches(subscriber.watch, region)
      ? expire(subscriber, region, ports)
      : pushTo(subscriber, region, messagesFor(subscriber, region, entries, facilities), ports),
  );
}

function messagesFor(
  { watch }: Subscriber,
  region: string,
  entries: readonly Entry[],
  facilities: readonly Facility[],
): readonly object[] {
  if (allowsAll(watch, region)) return entries.map(changesMessage);
  const patterns = patternsIn(watch, region);
  return entries.map((entry) => limitedChangesMessage(entry, patterns, facilities));
}

async function pushTo(
  { connectionId }: Subscriber,
  region: string,
  messages: readonly object[],
  { feed, connections }: PushPorts,
): Promise<void> {
  for (const message of messages) {
    const outcome = await feed.post(connectionId, message);
    if (outcome === 'gone') await connections.close(connectionId, [region]);
    if (outcome !== 'delivered') return;
  }
}

/** The socket ends with the token that bought it (AC3). */
async function expire(
  { connectionId }: Subscriber,
  region: string,
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
  await connections.close(connectionId, [region]);
}
