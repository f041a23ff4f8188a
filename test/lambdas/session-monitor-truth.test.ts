import { defaultTimings } from '../../core/timings';
import { runTick } from '../../lambdas/session-monitor/monitor';
import { at, minutes, seconds } from '../support/builders';
import { FeedClient, serverShows } from '../support/feed-client';
import { aSessionMonitor, facilitiesIn } from '../support/session-monitor-scene';
import { spied } from '../support/spied';

/** Ticks every five seconds until then. */
async function ticksUntil(monitor: ReturnType<typeof aSessionMonitor>, time: string): Promise<void> {
  while (monitor.clock.now() < at(time)) {
    monitor.clock.advance(seconds(5));
    await monitor.tick();
  }
}

describe('TR1, TR3 while as-of stands still, and after', () => {
  async function aFrozenMonitor() {
    const monitor = aSessionMonitor();
    await monitor.joins({ covers: ['alive'], until: at('10:02') });
    await monitor.joins({ session: 's2', covers: ['dead'], until: at('10:02') });
    await monitor.joins({ session: 's3', covers: ['left'], until: at('10:02') });
    await monitor.tick();
    monitor.watermarks.freeze();
    return monitor;
  }

  test('nobody goes offline, whoever comes is seen, and the log says that it is delayed', async () => {
    const monitor = await aFrozenMonitor();
    const inbox = await monitor.socket('c1');
    await ticksUntil(monitor, '10:03');
    await monitor.joins({ session: 's4', covers: ['new'], since: at('10:03'), until: at('10:05') });
    await ticksUntil(monitor, '10:04');
    expect(facilitiesIn(inbox)).toEqual(['new online']);
    expect(inbox).toMatchObject([
      { asOf: '2026-01-05T10:00:00.000Z', delayedSince: '2026-01-05T10:00:00.000Z' },
    ]);
    expect(await monitor.watermarks.told()).toBe(at('10:00'));
  });

  test('afterwards goodbyes are told at once, silence once as-of has moved on by the lease, others never', async () => {
    const monitor = await aFrozenMonitor();
    await monitor.joins({
      session: 's3',
      covers: ['left'],
      leftAt: at('10:01'),
      until: at('10:01:10'),
      revision: 1,
    });
    await ticksUntil(monitor, '10:03');
    const inbox = await monitor.socket('c1');
    monitor.watermarks.thaw();

    await ticksUntil(monitor, '10:03:05');
    expect(facilitiesIn(inbox)).toEqual(['left offline']);
    await monitor.joins({ covers: ['alive'], until: at('10:05'), revision: 1 });
    await ticksUntil(monitor, '10:04:35');
    expect(facilitiesIn(inbox)).toEqual(['left offline']);
    await ticksUntil(monitor, '10:04:40');
    expect(facilitiesIn(inbox)).toEqual(['left offline', 'dead offline']);
    expect(await monitor.ledger.lastBefore('north', 'dead', at('11:00'))).toMatchObject({
      atMs: at('10:02'),
      decidedAtMs: at('10:04:40'),
      reason: 'timeout',
    });
  });

  test('given the shards cannot be listed, when somebody comes, then they are seen all the same', async () => {
    const monitor = aSessionMonitor();
    monitor.canaries.shards = () => Promise.reject(new Error('no Kinesis'));
    await monitor.joins();
    await monitor.tick();
    expect(await monitor.statuses()).toEqual(['clinic-7 online']);
    expect(monitor.log.errors).toHaveLength(1);
  });

  test('given the endpoint takes no canary, when a tick ends, then that is noted at the last one it took, whatever the clock says', async () => {
    const monitor = aSessionMonitor();
    monitor.watermarks.freeze();
    monitor.clock.advance(minutes(1));
    monitor.canaries.endpointBusy = true;
    const noted: number[] = [];
    monitor.watermarks.noteRefusal = async (atMs) => void noted.push(atMs);
    await monitor.tick();
    expect(noted).toEqual([at('10:00')]);
  });

  test('given a canary cannot be put, when a tick ends, then its work is done all the same', async () => {
    const monitor = aSessionMonitor();
    monitor.canaries.putOnShards = () => Promise.reject(new Error('no Kinesis'));
    await monitor.joins();
    await monitor.tick();
    expect(await monitor.watermarks.told()).toBe(at('10:00'));
  });

  test('TR2 each tick puts a canary on every open shard and one through the endpoint', async () => {
    const monitor = aSessionMonitor();
    const landed: string[] = [];
    monitor.canaries.list = ['a', 'b', 'closed'].map((shardId) => ({
      shardId,
      parents: [],
      open: shardId !== 'closed',
      firstHashKey: '0',
    }));
    monitor.canaries.landed = (where) => landed.push(where);
    await monitor.tick();
    expect(landed.toSorted()).toEqual(['a', 'b', 'endpoint']);
  });

  test('CD1 given another monitor has settled with a newer as-of, when this one comes, then it leaves that alone', async () => {
    const monitor = aSessionMonitor();
    await monitor.joins({ until: at('10:00:50') });
    await monitor.tick();
    await monitor.tickAt('10:00:55');
    monitor.watermarks.freeze();
    const older = spied(monitor, ['watermarks'], {});
    const standing = await monitor.watermarks.standing();
    older.watermarks.standing = async () => ({ ...standing, asOfMs: at('10:00:40') });
    older.watermarks.read = async () => ({ shards: new Map(), endpoint: { canaryMs: 0 } });
    await monitor.ledger.raiseMark('north');
    await runTick(older, defaultTimings);
    expect(await monitor.statuses()).toEqual(['clinic-7 offline']);
  });
});

describe('CD5 what a tick reads', () => {
  const regions = Array.from({ length: 50 }, (_, index) => `r-${String(index).padStart(2, '0')}`);

  async function fiftyRegions() {
    const monitor = aSessionMonitor();
    for (const region of regions) await monitor.joins({ region, until: at('12:00') });
    await monitor.tick();
    const calls: string[] = [];
    const watcher = { before: (call: string) => void calls.push(call) };
    const counted = spied(monitor, ['sessions', 'ledger', 'watermarks', 'connections', 'bus'], watcher);
    const tick = async () => {
      calls.length = 0;
      monitor.clock.advance(seconds(5));
      await runTick(counted, defaultTimings);
      return calls.filter((call) => !call.startsWith('watermarks.'));
    };
    return { monitor, tick };
  }

  test('given nothing is due, when it ticks, then it costs one pass over heads and marks', async () => {
    const { tick } = await fiftyRegions();
    expect(await tick()).toEqual(['ledger.overview']);
  });

  test('given as-of stands still beyond leases, when it ticks, then it costs the same', async () => {
    const { monitor, tick } = await fiftyRegions();
    monitor.watermarks.freeze();
    monitor.clock.advance(minutes(9));
    expect(await tick()).toEqual(['ledger.overview']);
  });

  test('given three of fifty regions have something due, when it ticks, then the sessions of three are read', async () => {
    const { monitor, tick } = await fiftyRegions();
    for (const region of regions.slice(0, 3)) {
      await monitor.joins({ region, session: 's2', covers: ['ward'], until: at('12:00') });
    }
    const calls = await tick();
    const times = (call: string) => calls.filter((each) => each === call).length;
    expect([times('sessions.list'), times('ledger.rows'), times('ledger.read')]).toEqual([3, 3, 3]);
    expect(times('ledger.overview')).toBe(1);
  });
});

describe('CD3, CD4 a subscriber that loses a message', () => {
  const texts = ['a', 'b', 'c', 'd'];

  /** Watches four facilities come online, one by one, and loses the message of one. */
  async function watchingWithout(lost: number) {
    const monitor = aSessionMonitor();
    await monitor.joins({ session: 'first', covers: ['first'], until: at('12:00') });
    await monitor.tick();
    const client = new FeedClient('c1', monitor, defaultTimings);
    await client.opens();
    client.loses = (message) => message.type === 'changes' && message.toSeq === lost + 2;
    for (const [index, name] of texts.entries()) {
      await monitor.joins({ session: name, covers: [name], until: at('12:00') });
      await monitor.tick();
      await client.reads();
      if (index === lost) client.loses = () => false;
    }
    return { monitor, client };
  }

  test.each([0, 1, 2, 3])(
    'number %i, is right again within one ping interval, from the log alone',
    async (lost) => {
      const { monitor, client } = await watchingWithout(lost);
      expect(client.shows('north')).not.toEqual(await serverShows(monitor, 'north'));
      await client.waits(seconds(20));
      expect(client.shows('north')).toEqual(await serverShows(monitor, 'north'));
      expect(client.isProvedRight('north')).toBe(true);
      expect(client.snapshots).toBe(1);
    },
  );
});

describe('CD1 a mass change', () => {
  test('given 500 facilities of one region, when all fall silent at once, then one settle tells it all', async () => {
    const monitor = aSessionMonitor();
    const covers = Array.from({ length: 500 }, (_, index) => `clinic-${index}`);
    await monitor.joins({ covers, until: at('10:00:30') });
    await monitor.tick();
    const inbox = await monitor.socket('c1');
    monitor.bus.events.length = 0;

    await monitor.tickAt('10:00:30');

    expect(facilitiesIn(inbox)).toHaveLength(500);
    expect(
      inbox.map((message) => JSON.stringify(message).length).filter((bytes) => bytes >= 32 * 1_024),
    ).toEqual([]);
    expect(inbox.filter((message) => 'regionChange' in message)).toMatchObject([
      { regionChange: { state: 'down', previousState: 'up', wentOffline: 500 } },
    ]);
    const types = monitor.bus.events.map(({ type }) => type);
    expect(types.filter((type) => type === 'RegionStatusChanged')).toHaveLength(1);
    expect(types.filter((type) => type === 'FacilityStatusChanged')).toHaveLength(500);
  });
});

describe('CD2 a bad connection', () => {
  test('given one is slow, one dead and one fails, when changes are pushed, then the others get theirs at once', async () => {
    const monitor = aSessionMonitor();
    const inboxes = [await monitor.socket('first'), await monitor.socket('last')];
    for (const id of ['slow', 'dead', 'failing']) await monitor.socket(id);
    await monitor.feed.disconnect('dead');
    monitor.feed.failing.add('failing');
    const { post } = monitor.feed;
    let wake = () => {};
    monitor.feed.post = async (id, message) => {
      if (id === 'slow') await new Promise<void>((resolve) => (wake = resolve));
      return await post.call(monitor.feed, id, message);
    };
    await monitor.joins();
    const ticking = monitor.tick();
    while (inboxes.some((inbox) => inbox.length === 0)) await new Promise(setImmediate);
    wake();
    await ticking;
    expect(inboxes.map(facilitiesIn)).toEqual([['clinic-7 online'], ['clinic-7 online']]);
    const left = await monitor.connections.subscribers('north');
    expect(left.map(({ connectionId }) => connectionId)).toEqual(['first', 'last', 'slow', 'failing']);
  });
});
