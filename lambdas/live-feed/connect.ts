import type { Ticket } from '../../core/connection';
import { refusedSocket } from './contract';
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
  const ticket = offeredTicket(event);
  if (ticket === undefined) return refused(401, 'no ticket was offered', ports);
  const nowMs = ports.clock.now();
  const holder = await ports.connections.redeemTicket(ticket, nowMs);
  if (holder === undefined || holder.expiresAtMs <= nowMs) {
    return refused(401, 'the ticket is unknown, used, or too old', ports);
  }
  if (!isWelcome(headerOf(event, 'origin'), ports)) return refused(403, 'a page of another origin', ports);
  if (!(await open(event, holder, nowMs, ports)))
    return refused(429, 'too many sockets of one subject', ports);
  return { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': protocol } };
}

async function open(
  { requestContext: { connectionId } }: ConnectEvent,
  holder: Ticket,
  nowMs: number,
  { connections, limits }: FeedPorts,
): Promise<boolean> {
  const places = { atMost: limits.connectionsPerSubject, nowMs };
  return await connections.open({ ...holder, connectionId, topics: [] }, nowMs + connectionKeptMs, places);
}

/** Why goes to the log alone: a browser learns of a handshake that failed only that it failed. */
function refused(statusCode: number, why: string, { log }: FeedPorts): FeedResult {
  log.info(refusedSocket, { why });
  return { statusCode };
}

const isWelcome = (origin: string | undefined, { pageOrigins }: FeedPorts): boolean =>
  pageOrigins.length === 0 || (origin !== undefined && pageOrigins.includes(origin));

function offeredTicket(event: ConnectEvent): string | undefined {
  const offered = (headerOf(event, 'sec-websocket-protocol') ?? '').split(',').map((name) => name.trim());
  if (!offered.includes(protocol)) return undefined;
  const ticket = offered.find((name) => name.startsWith(ticketPrefix))?.slice(ticketPrefix.length);
  return ticket === '' ? undefined : ticket;
}

/** API Gateway hands headers over in the case in which they came. */
function headerOf({ headers = {} }: ConnectEvent, wanted: string): string | undefined {
  const name = Object.keys(headers).find((key) => key.toLowerCase() === wanted);
  return name === undefined ? undefined : headers[name];
}
