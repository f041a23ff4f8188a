import { MemoryConnectionStore } from '../../adapters/memory/connection-store';
import { MemoryFeedGateway } from '../../adapters/memory/feed-gateway';
import { MemoryPresenceLedger } from '../../adapters/memory/presence-ledger';
import { MemoryRegionLedger } from '../../adapters/memory/region-ledger';
import { VirtualClock } from '../../adapters/memory/virtual-clock';
import { defaultLimits } from '../../core/limits';
import { noPresence } from '../../core/presence';
import { newHead } from '../../core/region';
import { createFeed } from '../../lambdas/live-feed/feed';
import { aFacility, anEntry, at, grants, issuer } from '../support/builders';
import { openSocket } from '../support/feed-sockets';
import { ListLog } from '../support/http';

const facility = 'lab/1';

/** A feed at ten, of a region where so many users have joined `lab/1`, one after the other. */
async function aFeed(joined: number) {
  const ledger = new MemoryRegionLedger();
  const presence = new MemoryPresenceLedger(ledger);
  const head = { ...newHead('north', 'e1'), seq: 1, revision: 1 };
  await ledger.commit({ head, entry: anEntry([{ facility: aFacility(facility), transition: true }]) });
  let before = noPresence;
  for (let seq = 1; seq <= joined; seq += 1) {
    const user = `${issuer} u${seq}`;
    const after = { digest: `d${seq}`, seq, fromSeq: seq, decidedAtMs: at('09:59') };
    const events = [{ seq, event: 'join' as const, user, atMs: at('09:58'), decidedAtMs: at('09:59') }];
    const commit = { facility, before, after, events, joined: [{ user, sinceMs: at('09:58') }], gone: [] };
    await presence.commitPresence('north', [commit]);
    before = after;
  }
  const ports = {
    regions: ledger,
    presence,
    freshness: async () => ({ asOfMs: at('09:59:58'), delayed: false }),
    connections: new MemoryConnectionStore(),
    feed: new MemoryFeedGateway(),
    clock: new VirtualClock(at('10:00')),
    log: new ListLog(),
    limits: defaultLimits,
    pageOrigins: [],
  };
  const handle = createFeed(ports);
  const inbox = await openSocket('c1', ports, { regions: [], watch: grants({ north: ['lab/*'] }) });
  const sends = (message: object) =>
    handle({ requestContext: { connectionId: 'c1', routeKey: '$default' }, body: JSON.stringify(message) });
  return { ...ports, inbox, sends };
}

const subscribe = { action: 'subscribe', region: 'north', facility };

describe('CD3 presence in a facility', () => {
  test('a subscription from now is answered with where it stands', async () => {
    const { inbox, sends, connections } = await aFeed(2);
    await sends(subscribe);
    expect(inbox).toEqual([
      {
        type: 'tick',
        at: '2026-01-05T10:00:00.000Z',
        regions: [],
        facilities: [{ region: 'north', facility, presenceSeq: 2 }],
      },
    ]);
    expect(await connections.presenceSubscribers('north')).toMatchObject([{ connectionId: 'c1', facility }]);
  });

  test('one that goes on gets the events that it misses, then the tick', async () => {
    const { inbox, sends } = await aFeed(3);
    await sends({ ...subscribe, since: 1 });
    expect(inbox).toMatchObject([
      { type: 'presence', region: 'north', facility, presenceSeq: 2, event: 'join', user: 'u2' },
      { presenceSeq: 3, user: 'u3', at: '2026-01-05T09:58:00.000Z' },
      { type: 'tick' },
    ]);
  });

  test.each([
    ['epoch', 4],
    ['too-long', 0],
  ])('one that cannot go on is told to take a snapshot: %s', async (reason, since) => {
    const { inbox, sends } = await aFeed(reason === 'too-long' ? 201 : 3);
    await sends({ ...subscribe, since });
    expect(inbox[0]).toEqual({ type: 'resync', region: 'north', facility, reason });
  });

  test('one whose events are no longer kept is told to take a snapshot', async () => {
    const { inbox, sends, presence } = await aFeed(3);
    const { presenceEvents } = presence;
    presence.presenceEvents = async (...given) => (await presenceEvents.apply(presence, given)).slice(1);
    await sends({ ...subscribe, since: 1 });
    expect(inbox[0]).toMatchObject({ type: 'resync', reason: 'too-old' });
  });

  test('a ping says where each facility stands, until it is unsubscribed', async () => {
    const { inbox, sends } = await aFeed(1);
    await sends(subscribe);
    await sends({ action: 'ping' });
    await sends({ action: 'unsubscribe', region: 'north', facility });
    await sends({ action: 'ping' });
    expect(inbox).toMatchObject([
      { facilities: [{ presenceSeq: 1 }] },
      { facilities: [{ presenceSeq: 1 }] },
      { regions: [] },
    ]);
    expect(inbox[2]).not.toHaveProperty('facilities');
  });

  test.each(['clinic-1', 'clinic-404'])(
    'AC2 %s may not be watched, whether it is there or not',
    async (id) => {
      const { inbox, sends, connections } = await aFeed(0);
      await sends({ ...subscribe, facility: id });
      expect(inbox).toEqual([
        { type: 'error', code: 'forbidden', message: 'The token does not watch this.' },
      ]);
      expect(await connections.presenceSubscribers('north')).toEqual([]);
    },
  );

  test('AC4 an id that is none is named', async () => {
    const { inbox, sends } = await aFeed(0);
    await sends({ ...subscribe, facility: '../x' });
    expect(inbox).toMatchObject([{ code: 'bad-request', message: expect.stringContaining('facility') }]);
  });
});
