import { MemoryConnectionStore } from '../../adapters/memory/connection-store';
import { MemoryFeedGateway } from '../../adapters/memory/feed-gateway';
import { MemoryPresenceLedger } from '../../adapters/memory/presence-ledger';
import { MemoryRegionLedger } from '../../adapters/memory/region-ledger';
import { VirtualClock } from '../../adapters/memory/virtual-clock';
import type { Ticket } from '../../core/connection';
import { defaultLimits } from '../../core/limits';
import { createFeed } from '../../lambdas/live-feed/feed';
import { at, grants, hours, issuer, minutes, seconds } from '../support/builders';
import { openSocket, type SocketWords } from '../support/feed-sockets';
import { ListLog } from '../support/http';
import { withHistory } from '../support/region-history';

class PrunedLedger extends MemoryRegionLedger {
  /** Entries up to this one are no longer kept. */
  prunedTo = 0;

  override async entriesAfter(region: string, seq: number, limit: number) {
    const entries = await super.entriesAfter(region, seq, limit + this.prunedTo);
    return entries.filter((entry) => entry.seq > this.prunedTo).slice(0, limit);
  }
}

/** A feed at ten over regions without history. */
function aFeed() {
  const regions = new PrunedLedger();
  const ports = {
    regions,
    presence: new MemoryPresenceLedger(regions),
    freshness: async () => ({ asOfMs: at('09:59:58'), delayed: false }),
    connections: new MemoryConnectionStore(),
    feed: new MemoryFeedGateway(),
    clock: new VirtualClock(at('10:00')),
    log: new ListLog(),
    limits: { ...defaultLimits, subscriptionsPerConnection: 20 },
    pageOrigins: [],
  };
  const handle = createFeed(ports);
  const event = (connectionId: string, routeKey: string) => ({ requestContext: { connectionId, routeKey } });
  return {
    ...ports,
    connect: (id: string, protocols: string, header = 'Sec-WebSocket-Protocol') =>
      handle({ ...event(id, '$connect'), headers: { [header]: protocols } }),
    disconnect: (id: string) => handle(event(id, '$disconnect')),
    sends: (id: string, message: unknown) => {
      const body = typeof message === 'string' ? message : JSON.stringify(message);
      return handle({ ...event(id, '$default'), body });
    },
    socket: (id: string, words?: SocketWords) => openSocket(id, ports, words),
    history: (entries: number) => withHistory(ports.regions, entries),
  };
}

const aTicket = (given: Partial<Ticket> = {}): Ticket => ({
  issuer,
  subject: 'operator',
  watch: grants({ north: ['*'] }),
  expiresAtMs: at('11:00'),
  ...given,
});

describe('AC3 a socket is opened with a ticket', () => {
  const selling = async (given: Partial<Ticket> = {}) => {
    const feed = aFeed();
    await feed.connections.saveTicket('abc', aTicket(given), at('10:00:30'));
    return feed;
  };

  test('given one, when it is offered as a subprotocol, then the socket opens with its rights', async () => {
    const feed = await selling();
    expect(await feed.connect('c1', 'rollcall.v1, ticket.abc')).toEqual({
      statusCode: 200,
      headers: { 'Sec-WebSocket-Protocol': 'rollcall.v1' },
    });
    expect(await feed.connections.find('c1')).toEqual({ ...aTicket(), connectionId: 'c1', topics: [] });
  });

  test('the name of the header has no case', async () => {
    const feed = await selling();
    const { statusCode } = await feed.connect('c1', 'ticket.abc,rollcall.v1', 'sec-websocket-protocol');
    expect(statusCode).toBe(200);
  });

  test('given it was used, when it is offered again, then the second socket is refused', async () => {
    const feed = await selling();
    await feed.connect('c1', 'rollcall.v1, ticket.abc');
    expect(await feed.connect('c2', 'rollcall.v1, ticket.abc')).toEqual({ statusCode: 401 });
    expect(await feed.connections.find('c2')).toBeUndefined();
  });

  test.each(['', 'rollcall.v1', 'ticket.abc', 'rollcall.v1, ticket.', 'rollcall.v1, ticket.xyz'])(
    'subprotocols %p open nothing',
    async (protocols) => {
      const feed = await selling();
      expect(await feed.connect('c1', protocols)).toEqual({ statusCode: 401 });
    },
  );

  test('given half a minute passed, when it is offered, then it is too late', async () => {
    const feed = await selling();
    feed.clock.advance(seconds(30));
    expect((await feed.connect('c1', 'rollcall.v1, ticket.abc')).statusCode).toBe(401);
  });

  test('given its token has expired, when it is offered, then it opens nothing', async () => {
    const feed = await selling({ expiresAtMs: at('10:00') });
    expect((await feed.connect('c1', 'rollcall.v1, ticket.abc')).statusCode).toBe(401);
  });

  test('given a socket closes, when it is gone, then so are its subscriptions', async () => {
    const feed = aFeed();
    await feed.socket('c1');
    await feed.disconnect('c1');
    expect(await feed.connections.subscribers('north')).toEqual([]);
  });
});

describe('CD3 a subscribe', () => {
  const subscribe = { action: 'subscribe', region: 'north' };

  test('without since: from now on, and the proof of where that is', async () => {
    const feed = aFeed();
    const { head } = await feed.history(3);
    const inbox = await feed.socket('c1', { regions: [] });
    await feed.sends('c1', subscribe);
    expect(inbox).toEqual([
      {
        type: 'tick',
        at: '2026-01-05T10:00:00.000Z',
        regions: [
          {
            region: 'north',
            epoch: 'e1',
            seq: 3,
            asOf: '2026-01-05T09:59:58.000Z',
            digest: head.digest,
          },
        ],
      },
    ]);
    expect(await feed.connections.subscribers('north')).toMatchObject([{ connectionId: 'c1' }]);
  });

  test('with since: what is missing, in order, and then the proof', async () => {
    const feed = aFeed();
    await feed.history(5);
    const inbox = await feed.socket('c1', { regions: [] });
    await feed.sends('c1', { ...subscribe, since: 2, epoch: 'e1' });
    expect(inbox).toMatchObject([
      { type: 'changes', fromSeq: 3 },
      { type: 'changes', fromSeq: 4 },
      { type: 'changes', toSeq: 5 },
      { type: 'tick', regions: [{ seq: 5 }] },
    ]);
  });

  test('with nothing missing: the proof alone', async () => {
    const feed = aFeed();
    await feed.history(2);
    const inbox = await feed.socket('c1', { regions: [] });
    await feed.sends('c1', { ...subscribe, since: 2 });
    expect(inbox).toMatchObject([{ type: 'tick' }]);
  });

  test('to a region that has no facility yet stands at seq 0 without epoch', async () => {
    const feed = aFeed();
    const inbox = await feed.socket('c1', { regions: [] });
    await feed.sends('c1', { ...subscribe, since: 0 });
    expect(inbox).toMatchObject([{ type: 'tick', regions: [{ epoch: null, seq: 0 }] }]);
  });

  test.each([
    ['of another epoch', { since: 1, epoch: 'e0' }, 'epoch', 0],
    ['from the future', { since: 9 }, 'epoch', 0],
    ['from before what is kept', { since: 1 }, 'too-old', 3],
  ])('%s is told to take a snapshot, and is subscribed', async (_, from, reason, prunedTo) => {
    const feed = aFeed();
    await feed.history(5);
    feed.regions.prunedTo = prunedTo;
    const inbox = await feed.socket('c1', { regions: [] });
    await feed.sends('c1', { ...subscribe, ...from });
    expect(inbox).toMatchObject([{ type: 'resync', region: 'north', reason }, { type: 'tick' }]);
    expect(await feed.connections.subscribers('north')).toHaveLength(1);
  });

  test('that would be longer than a snapshot is told to take one', async () => {
    const feed = aFeed();
    await feed.history(202);
    const inbox = await feed.socket('c1', { regions: [] });
    await feed.sends('c1', { ...subscribe, since: 1 });
    expect(inbox).toMatchObject([{ type: 'resync', reason: 'too-long' }, { type: 'tick' }]);
    await feed.sends('c1', { ...subscribe, since: 2 });
    expect(inbox).toHaveLength(2 + 200 + 1);
  });

  test('CD4 of a limited watcher gets every seq, and no digest', async () => {
    const feed = aFeed();
    await feed.history(2);
    const inbox = await feed.socket('c1', { regions: [], watch: grants({ north: ['f-001'] }) });
    await feed.sends('c1', { ...subscribe, since: 0 });
    expect(inbox).toMatchObject([
      { toSeq: 1, changes: [] },
      { toSeq: 2, changes: [{ facility: 'f-001' }] },
      { type: 'tick', regions: [{ seq: 2 }] },
    ]);
    expect(JSON.stringify(inbox)).not.toMatch(/digest|f-000/);
  });

  test.each(['south', '__proto__'])('AC2 to %p, which may not be watched, is forbidden', async (region) => {
    const feed = aFeed();
    const inbox = await feed.socket('c1', { regions: [], watch: grants({ north: ['*'] }) });
    await feed.sends('c1', { ...subscribe, region });
    expect(inbox).toMatchObject([{ type: 'error', code: 'forbidden' }]);
    expect(await feed.connections.subscribers(region)).toEqual([]);
  });

  test('AC5 beyond the limit is too many, a repeated one is not', async () => {
    const feed = aFeed();
    const regions = Array.from({ length: 20 }, (_, index) => `r-${index}`);
    const inbox = await feed.socket('c1', { regions });
    await feed.sends('c1', subscribe);
    await feed.sends('c1', { ...subscribe, region: 'r-7' });
    expect(inbox).toMatchObject([{ type: 'error', code: 'too-many' }, { type: 'tick' }]);
  });

  test('is undone by unsubscribe, without an answer', async () => {
    const feed = aFeed();
    const inbox = await feed.socket('c1');
    await feed.sends('c1', { action: 'unsubscribe', region: 'north' });
    expect(inbox).toEqual([]);
    expect(await feed.connections.subscribers('north')).toEqual([]);
  });
});

describe('CD4 a ping', () => {
  test('is answered with the standing of each subscribed region', async () => {
    const feed = aFeed();
    await feed.history(1);
    const inbox = await feed.socket('c1', { regions: ['north', 'south'] });
    await feed.sends('c1', { action: 'ping' });
    expect(inbox).toMatchObject([
      {
        type: 'tick',
        regions: [
          { region: 'north', seq: 1 },
          { region: 'south', seq: 0 },
        ],
      },
    ]);
  });
});

describe('AC3 when the token that bought the ticket expires', () => {
  test('the next message is answered with token-expired and the socket is closed', async () => {
    const feed = aFeed();
    const inbox = await feed.socket('c1', { expiresAtMs: at('10:00') + hours(1) });
    feed.clock.advance(minutes(60));
    await feed.sends('c1', { action: 'ping' });
    expect(inbox).toMatchObject([{ type: 'error', code: 'token-expired' }]);
    expect(await feed.connections.find('c1')).toBeUndefined();
    expect(await feed.feed.post('c1', {})).toBe('gone');
  });
});

describe('AC4 a message outside the contract', () => {
  test.each(['{', '', '[]', '{"action":"shout"}', '{"action":"subscribe","region":"a b"}'])(
    '%p is answered with bad-request',
    async (message) => {
      const feed = aFeed();
      const inbox = await feed.socket('c1');
      await feed.sends('c1', message);
      expect(inbox).toMatchObject([{ type: 'error', code: 'bad-request' }]);
    },
  );

  test('of a socket that is gone is dropped', async () => {
    const feed = aFeed();
    expect(await feed.sends('nobody', { action: 'ping' })).toEqual({ statusCode: 200 });
  });
});
