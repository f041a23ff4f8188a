import type { MemoryConnectionStore } from '../../adapters/memory/connection-store';
import type { MemoryFeedGateway } from '../../adapters/memory/feed-gateway';
import type { Connection } from '../../core/connection';
import type { Grants } from '../../core/rights';
import { at, grants, hours, issuer } from './builders';

/** How tests speak of an operator's socket. */
export interface SocketWords {
  readonly watch?: Grants;
  readonly expiresAtMs?: number;
  readonly regions?: readonly string[];
}

/** Opens a socket that is subscribed, by default to `north` whole. @returns what it receives */
export async function openSocket(
  connectionId: string,
  { connections, feed }: { readonly connections: MemoryConnectionStore; readonly feed: MemoryFeedGateway },
  words: SocketWords = {},
): Promise<readonly object[]> {
  const connection: Connection = {
    connectionId,
    issuer,
    subject: 'operator',
    watch: words.watch ?? grants({ '*': ['*'] }),
    expiresAtMs: words.expiresAtMs ?? at('12:00') + hours(8),
    topics: [],
  };
  await connections.open(connection);
  for (const region of words.regions ?? ['north']) await connections.subscribe(connection, { region });
  return feed.open(connectionId);
}
