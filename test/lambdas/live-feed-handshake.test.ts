import { MemoryConnectionStore } from '../../adapters/memory/connection-store';
import { MemoryFeedGateway } from '../../adapters/memory/feed-gateway';
import { MemoryPresenceLedger } from '../../adapters/memory/presence-ledger';
import { MemoryRegionLedger } from '../../adapters/memory/region-ledger';
import { VirtualClock } from '../../adapters/memory/virtual-clock';
import type { Ticket } from '../../core/connection';
import { defaultLimits, type Limits } from '../../core/limits';
import { refusedSocket } from '../../lambdas/live-feed/contract';
import { createFeed } from '../../lambdas/live-feed/feed';
import { at, grants, issuer, minutes } from '../support/builders';
import { openSocket } from '../support/feed-sockets';
import { ListLog } from '../support/http';

/** How tests speak of a feed's settings. */
interface FeedWords {
  readonly limits?: Partial<Limits>;
  readonly pageOrigins?: readonly string[];
}

/** A feed at ten. */
function aFeed({ limits, pageOrigins = [] }: FeedWords = {}) {
  const ledger = new MemoryRegionLedger();
  const ports = {
    regions: ledger,
    presence: new MemoryPresenceLedger(ledger),
    freshness: async () => ({ asOfMs: at('09:59:58'), delayed: false }),
    connections: new MemoryConnectionStore(),
    feed: new MemoryFeedGateway(),
    clock: new VirtualClock(at('10:00')),
    log: new ListLog(),
    limits: { ...defaultLimits, ...limits },
    pageOrigins,
  };
  const handle = createFeed(ports);
  const requestContext = (connectionId: string, routeKey: string) => ({ connectionId, routeKey });
  return {
    ...ports,
    sells: async (ticket: string, given: Partial<Ticket> = {}) => {
      const watch = grants({ north: ['*'] });
      const holder: Ticket = { issuer, subject: 'operator', watch, expiresAtMs: at('23:00'), ...given };
      await ports.connections.saveTicket(ticket, holder, at('23:00'));
    },
    connect: async (id: string, ticket: string, origin?: string) => {
      const headers = { 'Sec-WebSocket-Protocol': `rollcall.v1, ${ticket}`, Origin: origin };
      return (await handle({ requestContext: requestContext(id, '$connect'), headers })).statusCode;
    },
    disconnect: (id: string) => handle({ requestContext: requestContext(id, '$disconnect') }),
    socket: (id: string) => openSocket(id, ports),
    sends: (id: string, body: string) => handle({ requestContext: requestContext(id, '$default'), body }),
  };
}

describe('AC3 a handshake that is refused', () => {
  test.each<[what: string, protocol: string, why: string]>([
    ['no ticket', 'anything', 'no ticket was offered'],
    ['an empty one', 'ticket.', 'no ticket was offered'],
    ['a foreign one', 'ticket.xyz', 'the ticket is unknown, used, or too old'],
  ])('given %s is offered, then the log says why, without the ticket', async (_, protocol, why) => {
    const feed = aFeed();
    expect(await feed.connect('c1', protocol)).toBe(401);
    expect(feed.log.lines).toEqual([JSON.stringify({ message: refusedSocket, why })]);
  });

  test.each<[what: string, origin: string | undefined, status: number]>([
    ['of the list', 'https://status.example.com', 200],
    ['with another port', 'https://status.example.com:8443', 403],
    ['without TLS', 'http://status.example.com', 403],
    ['of a name that only begins the same', 'https://status.example.com.evil.example', 403],
    ['that a sandbox hides', 'null', 403],
    ['of nobody', undefined, 403],
  ])('given origins of pages, when the page is one %s, then that decides', async (_, origin, status) => {
    const feed = aFeed({ pageOrigins: ['https://status.example.com'] });
    await feed.sells('abc');
    expect(await feed.connect('c1', 'ticket.abc', origin)).toBe(status);
    expect((await feed.connections.find('c1')) !== undefined).toBe(status === 200);
    expect(await feed.connect('c2', 'ticket.abc', 'https://status.example.com')).toBe(401);
  });

  test('given no origins of pages, then any page may open a socket', async () => {
    const feed = aFeed();
    await feed.sells('abc');
    expect(await feed.connect('c1', 'ticket.abc', 'https://else.example')).toBe(200);
  });
});

describe('AC5 given a subject has as many sockets as it may', () => {
  const aFullFeed = async () => {
    const feed = aFeed({ limits: { connectionsPerSubject: 2 } });
    const opens = async (id: string, given: Partial<Ticket> = {}) => {
      await feed.sells(`of-${id}`, given);
      return await feed.connect(id, `ticket.of-${id}`);
    };
    expect([await opens('c1'), await opens('c2')]).toEqual([200, 200]);
    return { ...feed, opens };
  };

  test('when another is opened, then it is refused, its ticket is gone, and the others stay', async () => {
    const feed = await aFullFeed();
    expect(await feed.opens('c3')).toBe(429);
    expect(await feed.connections.find('c3')).toBeUndefined();
    expect(await feed.connections.redeemTicket('of-c3', at('10:00'))).toBeUndefined();
    expect(await feed.connections.find('c1')).toBeDefined();
    expect(feed.log.lines.at(-1)).toContain('too many sockets of one subject');
    expect(await feed.opens('c4', { subject: 'another' })).toBe(200);
  });

  test('when one closes, then another may be opened', async () => {
    const feed = await aFullFeed();
    await feed.disconnect('c1');
    expect(await feed.opens('c3')).toBe(200);
  });

  test('when they vanished without a word, then others may be opened once no socket lives that long', async () => {
    const feed = await aFullFeed();
    feed.clock.advance(minutes(124));
    expect(await feed.opens('c3')).toBe(429);
    feed.clock.advance(minutes(1));
    expect(await feed.opens('c4')).toBe(200);
  });
});

describe('AC5 given a message is longer than the limit', () => {
  const ping = '{"action":"ping"}';

  test('then it is refused unread, and the socket stays', async () => {
    const feed = aFeed();
    const inbox = await feed.socket('c1');
    await feed.sends('c1', ping.padEnd(4_097));
    await feed.sends('c1', ping.padEnd(4_096));
    expect(inbox).toMatchObject([
      { type: 'error', code: 'bad-request', message: 'expected at most 4096 bytes' },
      { type: 'tick' },
    ]);
  });

  test('then bytes count, not characters', async () => {
    const feed = aFeed({ limits: { feedMessageBytes: 600 } });
    const inbox = await feed.socket('c1');
    await feed.sends('c1', JSON.stringify({ action: '🦉'.repeat(200) }));
    expect(inbox).toMatchObject([{ code: 'bad-request', message: 'expected at most 600 bytes' }]);
  });
});
