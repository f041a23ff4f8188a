import { TryAgainLater } from '../../core/errors';
import { at } from '../support/builders';
import { aMonitor } from '../support/heartbeat-monitor-scene';
import { aSessionMonitor } from '../support/session-monitor-scene';

describe('what session-monitor tells of a tick', () => {
  test('given a facility comes online, then one transition, the push, and as-of', async () => {
    const monitor = aSessionMonitor();
    await monitor.socket('c1');
    await monitor.joins();
    await monitor.tick();
    await monitor.tick();
    expect(monitor.meter.passes).toMatchObject([
      { ticks: 1, tickDuration: 0, transitions: 1, pushes: 1, asOfAge: 0, canaryLatency: 0 },
      { ticks: 1, transitions: 0 },
    ]);
    expect(monitor.meter.passes[0]).not.toHaveProperty('failedTicks');
  });

  test('given as-of stands still, then how long ago it is, in seconds', async () => {
    const monitor = aSessionMonitor();
    await monitor.tick();
    monitor.freezeAsOf();
    await monitor.tickAt('10:01:30');
    expect(monitor.meter.passes.at(-1)).toMatchObject({ asOfAge: 90 });
  });

  test('given a region that cannot be read, then the tick failed', async () => {
    const monitor = aSessionMonitor();
    await monitor.joins();
    monitor.ledger.broken.add('north');
    await expect(monitor.tick()).rejects.toThrow(TryAgainLater);
    expect(monitor.meter.passes).toMatchObject([{ failedTicks: 1 }]);
    expect(monitor.meter.passes[0]).not.toHaveProperty('ticks');
  });

  test('given a socket that does not answer, then a push that failed', async () => {
    const monitor = aSessionMonitor();
    await monitor.socket('c1');
    monitor.feed.failing.add('c1');
    await monitor.joins();
    await monitor.tick();
    expect(monitor.meter.passes).toMatchObject([{ pushes: 1, failedPushes: 1 }]);
  });
});

describe('what heartbeat-monitor tells of a batch', () => {
  test('given nothing is wrong, then nothing', async () => {
    const monitor = aMonitor();
    await monitor.receive({ at: at('10:00') });
    expect(monitor.meter.passes).toEqual([]);
  });

  test('HB8 given a record that nobody can read and one that cannot be written, then how many of each', async () => {
    const monitor = aMonitor();
    monitor.sessions.failing.add('s2');
    await monitor.receive({ session: 's1' }, 'poison', { session: 's2' });
    expect(monitor.meter.passes).toEqual([{ poisonRecords: 1, returnedRecords: 1 }]);
  });
});
