import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { PageConfig } from '../../web/wire';
import type { Rollcall } from './rollcall';

/** A handshake as it went: the status of the answer, and the socket where that is 101. */
export interface Handshake {
  readonly status: number;
  readonly socket: WebSocket;
}

/**
 * Opens a socket with a ticket, or with whatever is offered instead.
 * @param origin of the page that does so, by default Rollcall's own; none for a program that is no browser
 */
export async function shakeHands(
  rollcall: Rollcall,
  ticket: string,
  origin: string | 'none' = rollcall.url,
): Promise<Handshake> {
  const { body: config } = await rollcall.get<PageConfig>('/config.json');
  const protocols = ['rollcall.v1', `ticket.${ticket}`];
  const socket = new WebSocket(config.liveUrl, protocols, origin === 'none' ? {} : { origin });
  // Its end is told by the status; the library also calls it an error.
  socket.on('error', () => {});
  const status = await new Promise<number>((resolve) => {
    socket.on('open', () => resolve(101));
    socket.on('unexpected-response', (request, { statusCode = 0 }: IncomingMessage) => {
      request.destroy();
      resolve(statusCode);
    });
  });
  return { status, socket };
}

/** Buys a ticket. */
export async function ticketFor(rollcall: Rollcall, token: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` };
  const { body } = await rollcall.post<{ ticket: string }>('/v1/tickets', {}, headers);
  return body.ticket;
}
