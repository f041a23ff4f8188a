import type { Connection, Topic } from '../../core/connection';
import { unreachable } from '../../core/errors';
import { type ClientMessage, errorMessage, parseClientMessage } from '../../core/messages';
import { allows, reaches } from '../../core/rights';
import { FieldRefused, fromJson } from '../../core/shape';
import { missedPresenceSince, missedSince } from './catch-up';
import { type ConnectEvent, connect, type FeedResult } from './connect';
import { connectionKeptMs, type FeedPorts } from './ports';
import { standingOf } from './standing';

/** What API Gateway sends for a socket's life and messages. */
export interface FeedEvent extends ConnectEvent {
  readonly requestContext: { readonly connectionId: string; readonly routeKey: string };
  readonly body?: string;
}

const ok: FeedResult = { statusCode: 200 };

/** Serves the live feed: who connects, what they subscribe to, and the proof that they are up to date. */
export const createFeed =
  (ports: FeedPorts) =>
  async (event: FeedEvent): Promise<FeedResult> => {
    const { connectionId, routeKey } = event.requestContext;
    if (routeKey === '$connect') return await connect(event, ports);
    if (routeKey === '$disconnect') await ports.connections.close(connectionId);
    else await receive(connectionId, event.body ?? '', ports);
    return ok;
  };

async function receive(connectionId: string, body: string, ports: FeedPorts): Promise<void> {
  const connection = await ports.connections.find(connectionId);
  // A message can overtake the end of its own socket; there is nobody to answer then.
  if (connection === undefined) return;
  if (connection.expiresAtMs <= ports.clock.now()) return await expire(connection, ports);
  try {
    for (const answer of await answersTo(messageIn(body, ports), connection, ports)) {
      if ((await ports.feed.post(connectionId, answer)) !== 'delivered') return;
    }
  } catch (error) {
    if (!(error instanceof FieldRefused)) throw error;
    await ports.feed.post(connectionId, errorMessage('bad-request', error.message));
  }
}

/** @throws FieldRefused before anybody parses what is too long */
function messageIn(body: string, { limits }: FeedPorts): ClientMessage {
  if (Buffer.byteLength(body) > limits.feedMessageBytes) {
    throw new FieldRefused('', `at most ${limits.feedMessageBytes} bytes`);
  }
  return parseClientMessage(fromJson(body));
}

async function answersTo(
  message: ClientMessage,
  connection: Connection,
  ports: FeedPorts,
): Promise<readonly object[]> {
  switch (message.action) {
    case 'ping':
      return [await standingOf(connection.topics, connection, ports)];
    case 'unsubscribe':
      await ports.connections.unsubscribe(connection.connectionId, topicOf(message));
      return [];
    case 'subscribe':
      return await subscribe(message, connection, ports);
    default:
      return unreachable(message);
  }
}

/** The subscription is written before the log is read: what is committed in between is pushed, not lost. */
async function subscribe(
  message: Extract<ClientMessage, { action: 'subscribe' }>,
  connection: Connection,
  ports: FeedPorts,
): Promise<readonly object[]> {
  const topic = topicOf(message);
  if (!mayWatch(connection.watch, topic)) {
    return [errorMessage('forbidden', 'The token does not watch this.')];
  }
  const atMost = ports.limits.subscriptionsPerConnection;
  const keepUntilMs = ports.clock.now() + connectionKeptMs;
  // Judged where it is written: a page that connects sends all of its subscriptions at once.
  if (!(await ports.connections.subscribe(connection, topic, keepUntilMs, atMost))) {
    return [errorMessage('too-many', `A connection holds at most ${atMost} subscriptions.`)];
  }
  const missed = await missedBy(message, connection, ports);
  return [...missed, await standingOf([topic], connection, ports)];
}

const topicOf = ({ region, facility }: Topic): Topic => ({
  region,
  ...(facility !== undefined && { facility }),
});

const mayWatch = (watch: Connection['watch'], { region, facility }: Topic): boolean =>
  facility === undefined ? reaches(watch, region) : allows(watch, region, facility);

async function missedBy(
  { region, facility, since, epoch }: Extract<ClientMessage, { action: 'subscribe' }>,
  connection: Connection,
  ports: FeedPorts,
): Promise<readonly object[]> {
  if (since === undefined) return [];
  const resume = { since, ...(epoch !== undefined && { epoch }) };
  return facility === undefined
    ? await missedSince(region, resume, connection, ports)
    : await missedPresenceSince({ region, facility }, resume, ports);
}

async function expire({ connectionId }: Connection, { feed, connections }: FeedPorts): Promise<void> {
  await feed.post(
    connectionId,
    errorMessage('token-expired', 'The token has expired; open a new connection.'),
  );
  await feed.disconnect(connectionId);
  await connections.close(connectionId);
}
