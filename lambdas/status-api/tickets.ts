import { isSubject } from '../../core/ids';
import { instant } from '../../core/messages';
import { RequestRefused } from '../../core/problem';
import type { Identity } from '../../core/rights';
import type { ApiPorts } from './ports';

/** Long enough to open a socket, too short to be of use in a log (AC3). */
const ticketLifeMs = 30_000;

/** Sells a ticket: it opens one socket, once, with the rights of the token that bought it. */
export async function sellTicket(
  { issuer, subject, rights: { watch }, expiresAtMs }: Identity,
  { connections, newSecret, clock }: Pick<ApiPorts, 'connections' | 'newSecret' | 'clock'>,
): Promise<object> {
  // No row holds it, as no session does.
  if (!isSubject(subject)) throw new RequestRefused('forbidden', 'The subject of the token cannot be used.');
  if (watch.size === 0) throw new RequestRefused('forbidden', 'The token watches nothing.');
  const ticket = newSecret();
  const validUntilMs = Math.min(clock.now() + ticketLifeMs, expiresAtMs);
  await connections.saveTicket(ticket, { issuer, subject, watch, expiresAtMs }, validUntilMs);
  return { ticket, expiresAt: instant(validUntilMs) };
}
