import { connectionKeptMs, type FeedPorts } from './ports';

/** The part of a $connect event that matters. */
export interface ConnectEvent {
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly requestContext: { readonly connectionId: string };
}

const protocol = 'rollcall.v1';
const ticketPrefix = 'ticket.';

/** The answer to a $connect or a message; another status than 200 refuses the socket. */
export interface FeedResult {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Opens a socket for whoever holds a ticket (AC3). The ticket is gone afterwards, whatever becomes of the socket. */
export async function connect(event: ConnectEvent, ports: FeedPorts): Promise<FeedResult> {
  const offered = protocolsOf(event);
  const ticket = offered.find((name) => name.startsWith(ticketPrefix))?.slice(ticketPrefix.length);
  const nowMs = ports.clock.now();
  const holder =
    ticket && offered.includes(protocol) ? await ports.connections.redeemTicket(ticket, nowMs) : undefined;
  if (holder === undefined || holder.expiresAtMs <= nowMs) return { statusCode: 401 };
  const { connectionId } = event.requestContext;
  await ports.connections.open({ ...holder, connectionId, topics: [] }, nowMs + connectionKeptMs);
  return { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': protocol } };
}

function protocolsOf({ headers = {} }: ConnectEvent): readonly string[] {
  const name = Object.keys(headers).find((key) => key.toLowerCase() === 'sec-websocket-protocol');
  const value = name === undefined ? '' : (headers[name] ?? '');
  return value.split(',').map((protocolName) => protocolName.trim());
}
