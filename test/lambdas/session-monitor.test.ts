import { TryAgainLater } from '../../core/errors';
import { defaultTimings } from '../../core/timings';
import { at, grants, hours, minutes, seconds } from '../support/builders';
import type { SocketWords } from '../support/feed-sockets';
import { aSessionMonitor, facilitiesIn } from '../support/session-monitor-scene';

describe('TR1 a pass', () => {
  test('given a session joined, when a tick comes, then its facility is online, told and noted', async () => {
    const monitor = aSessionMonitor();
    const inbox = await monitor.socket('c1');
    await monitor.joins();

    await monitor.tick();

    expect(await monitor.statuses()).toEqual(['clinic-7 online']);
    expect(facilitiesIn(inbox)).toEqual(['clinic-7 online']);
    expect(monitor.bus.events.map(({ type }) => type)).toEqual([
      'FacilityStatusChanged',
      'RegionStatusChanged',
    ]);
    expect(await monitor.watermarks.told()).toBe(at('10:00'));
    expect(await monitor.record()).toMatchObject({ cursors: { websocket: 1, eventbridge: 1 } });
  });

  test('given it fell silent, when as-of passes its lease, then it is offline, on a consistent read', async () => {
    const monitor = aSessionMonitor();
    await monitor.joins({ until: at('10:01:35') });
    await monitor.tick();
    await monitor.tickAt('10:01:34');
    expect(await monitor.statuses()).toEqual(['clinic-7 online']);
    await monitor.tickAt('10:01:35');
    expect(await monitor.statuses()).toEqual(['clinic-7 offline']);
    expect(monitor.sessions.reads).toEqual(['consistent', 'eventual', 'consistent']);
  });

  test('given it said goodbye, when its grace is over, then one consistent read is enough', async () => {
    const monitor = aSessionMonitor();
    await monitor.joins();
    await monitor.tick();
    const [joined] = await monitor.sessions.list('north');
    const left = { leftAtMs: at('10:00:19'), leaseUntilMs: at('10:00:29') };
    if (joined !== undefined) await monitor.sessions.save({ ...joined, ...left });
    await monitor.ledger.raiseMark('north');
    monitor.sessions.reads.length = 0;

    await monitor.tickAt('10:00:20');
    await monitor.tickAt('10:00:30');

    expect(await monitor.statuses()).toEqual(['clinic-7 offline']);
    expect(monitor.sessions.reads).toEqual(['consistent', 'consistent']);
  });

  test('given as-of stands still, when the lease passes, then nobody is declared offline', async () => {
    const monitor = aSessionMonitor();
    await monitor.joins();
    await monitor.tick();
    monitor.freezeAsOf();
    await monitor.tickAt('11:30');
    expect(await monitor.statuses()).toEqual(['clinic-7 online']);
    expect(await monitor.watermarks.told()).toBe(at('10:00'));
  });

  test('HB7 an hour after their lease sessions are removed', async () => {
    const monitor = aSessionMonitor();
    await monitor.joins();
    await monitor.tick();
    await monitor.tickAt('10:02');
    await monitor.tickAt('11:02');
    expect(await monitor.sessions.list('north')).toEqual([]);
  });
});

describe('CD5 work follows what is due', () => {
  test('given nothing changes, when ticks pass, then nothing is read, committed or told', async () => {
    const monitor = aSessionMonitor();
    const inbox = await monitor.socket('c1');
    await monitor.joins({ until: at('12:00') });
    await monitor.tick();
    for (let count = 0; count < 60; count += 1) {
      monitor.clock.advance(seconds(5));
      await monitor.tick();
    }
    expect(inbox).toHaveLength(1);
    expect(monitor.ledger.commits).toBe(2);
    expect(monitor.sessions.reads).toHaveLength(1);
    expect(await monitor.watermarks.told()).toBe(at('10:05'));
  });

  test('given nothing is due, when ten minutes pass, then the region is settled all the same', async () => {
    const monitor = aSessionMonitor();
    await monitor.joins({ until: at('12:00') });
    await monitor.tick();
    await monitor.tickAt('10:10');
    expect(monitor.ledger.commits).toBe(3);
    expect((await monitor.record()).head?.seq).toBe(1);
  });

  test('given a session joins while a settle is under way, when the next tick comes, then it is not lost', async () => {
    const monitor = aSessionMonitor();
    await monitor.joins();
    monitor.sessions.meanwhile = () => monitor.joins({ session: 's2', covers: ['ward-1'] });
    await monitor.tick();
    expect(await monitor.statuses()).toEqual(['clinic-7 online']);
    await monitor.tick();
    expect(await monitor.statuses()).toEqual(['clinic-7 online', 'ward-1 online']);
  });
});

describe('CD1 two monitors at once', () => {
  test('given another commits first, when this one commits, then it starts again from what is stored', async () => {
    const monitor = aSessionMonitor();
    const inbox = await monitor.socket('c1');
    await monitor.joins();
    monitor.sessions.meanwhile = monitor.tick;
    await monitor.tick();
    const { head } = await monitor.record();
    expect(head).toMatchObject({ seq: 1, revision: 2 });
    expect(new Set(facilitiesIn(inbox))).toEqual(new Set(['clinic-7 online']));
  });

  test('given more than one transaction holds, when it is settled, then all are told in order', async () => {
    const monitor = aSessionMonitor();
    const inbox = await monitor.socket('c1');
    const covers = Array.from({ length: 120 }, (_, index) => `f-${index}`);
    await monitor.joins({ covers });
    await monitor.tick();
    expect(inbox).toMatchObject([{ toSeq: 1 }, { toSeq: 2 }, { toSeq: 3 }]);
    expect(facilitiesIn(inbox)).toHaveLength(120);
    expect(await monitor.statuses()).toHaveLength(120);
  });
});

describe('CD2 delivery', () => {
  test('given it died between commit and delivery, when the next pass comes, then it is sent', async () => {
    const monitor = aSessionMonitor();
    await monitor.joins();
    monitor.bus.down = true;
    await expect(monitor.tick()).rejects.toThrow(TryAgainLater);
    monitor.bus.down = false;
    await monitor.tick();
    expect(monitor.bus.events).toHaveLength(2);
    expect((await monitor.record()).head?.seq).toBe(1);
  });

  test('given one sink fails, when others can be served, then they are, and nobody need doubt what is settled', async () => {
    const monitor = aSessionMonitor();
    const inbox = await monitor.socket('c1');
    monitor.bus.down = true;
    await monitor.joins();
    await expect(monitor.tick()).rejects.toThrow('the bus is down');
    expect(facilitiesIn(inbox)).toEqual(['clinic-7 online']);
    expect((await monitor.record()).cursors).toEqual({ websocket: 1, eventbridge: 0 });
    expect(monitor.log.errors).toHaveLength(1);
    expect(await monitor.watermarks.told()).toBe(at('10:00'));
  });

  test('given it died before the cursor moved, when the next pass comes, then it is sent again', async () => {
    const monitor = aSessionMonitor();
    const inbox = await monitor.socket('c1');
    await monitor.joins();
    monitor.ledger.cursorsStuck = true;
    await expect(monitor.tick()).rejects.toThrow(TryAgainLater);
    monitor.ledger.cursorsStuck = false;
    await monitor.tick();
    expect(inbox).toMatchObject([{ toSeq: 1 }, { toSeq: 1 }]);
  });

  test('given one socket fails or is gone, when entries are pushed, then the others get theirs', async () => {
    const monitor = aSessionMonitor();
    await monitor.socket('failing');
    await monitor.socket('gone');
    const inbox = await monitor.socket('c1');
    monitor.feed.failing.add('failing');
    await monitor.feed.disconnect('gone');
    await monitor.joins();
    await monitor.tick();
    expect(facilitiesIn(inbox)).toEqual(['clinic-7 online']);
    expect(await monitor.connections.find('gone')).toBeUndefined();
    expect(await monitor.connections.find('failing')).toBeDefined();
  });

  test('given one region cannot be settled, when a tick comes, then the others are', async () => {
    const monitor = aSessionMonitor();
    await monitor.joins({ region: 'broken' });
    await monitor.joins();
    monitor.ledger.broken.add('broken');
    await expect(monitor.tick()).rejects.toThrow(TryAgainLater);
    expect(await monitor.statuses()).toEqual(['clinic-7 online']);
    expect(await monitor.watermarks.told()).toBe(0);
  });
});

describe('AC2, AC3 rights are looked at with each push', () => {
  test('CD4 a limited watcher gets every seq, what it may see, and totals over that', async () => {
    const monitor = aSessionMonitor();
    const inbox = await monitor.socket('c1', { watch: grants({ north: ['lab/*'] }) });
    await monitor.joins({ covers: ['clinic-7'] });
    await monitor.tick();
    await monitor.joins({ session: 's2', covers: ['lab/1'] });
    await monitor.tick();
    expect(inbox).toMatchObject([
      { toSeq: 1, changes: [], totals: { facilities: 0, state: 'empty' } },
      { toSeq: 2, changes: [{ facility: 'lab/1' }], totals: { facilities: 1 } },
    ]);
  });

  test.each<[string, SocketWords]>([
    ['whose token has expired', { expiresAtMs: at('10:00') }],
    ['that may no longer watch the region', { watch: grants({ south: ['*'] }) }],
  ])('a socket %s is told so and closed', async (_, words) => {
    const monitor = aSessionMonitor();
    const inbox = await monitor.socket('c1', words);
    await monitor.joins();
    await monitor.tick();
    expect(inbox).toMatchObject([{ type: 'error', code: 'token-expired' }]);
    expect(await monitor.connections.subscribers('north')).toEqual([]);
    expect(await monitor.feed.post('c1', {})).toBe('gone');
  });

  test('a socket gets only the regions that it is subscribed to', async () => {
    const monitor = aSessionMonitor();
    const inbox = await monitor.socket('c1', { regions: ['south'] });
    await monitor.joins();
    await monitor.tick();
    expect(inbox).toEqual([]);
  });
});

describe('a run ticks until its successor takes over', () => {
  test('given none does, when two minutes are over, then it ends by itself', async () => {
    const monitor = aSessionMonitor();
    await monitor.run();
    expect(monitor.clock.now() - at('10:00')).toBe(minutes(2) - seconds(5));
    expect(await monitor.watermarks.told()).toBe(monitor.clock.now());
  });

  test('given one does, when the next tick is due, then it ends without it', async () => {
    const monitor = aSessionMonitor();
    await monitor.joins();
    monitor.sessions.meanwhile = () => monitor.fence.take();
    await monitor.run();
    expect(monitor.clock.now()).toBe(at('10:00:05'));
    expect(await monitor.watermarks.told()).toBe(at('10:00'));
  });

  test('given a pass a minute, when it has ticked once, then it ends', async () => {
    const monitor = aSessionMonitor({ ...defaultTimings, tickSeconds: 60, freshnessSeconds: 200 });
    await monitor.run();
    expect(monitor.clock.now()).toBe(at('10:00'));
  });

  test('given a tick fails, when the next ones do not, then the run goes on and fails at its end', async () => {
    const monitor = aSessionMonitor();
    await monitor.joins({ until: at('10:00') + hours(1) });
    monitor.sessions.meanwhile = () => Promise.reject(new TryAgainLater('throttled'));
    await expect(monitor.run()).rejects.toThrow('throttled');
    expect(await monitor.statuses()).toEqual(['clinic-7 online']);
    expect(monitor.clock.now()).toBeGreaterThan(at('10:01'));
  });
});
