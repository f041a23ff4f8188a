import { VirtualClock } from '../../adapters/memory/virtual-clock';
import { TryAgainLater } from '../../core/errors';
import { defaultTimings } from '../../core/timings';
import { at } from '../support/builders';
import { aSessionMonitor } from '../support/session-monitor-scene';

/** A clock on which something happens at given instants while the monitor sleeps. */
class Eventful extends VirtualClock {
  private readonly plans: { readonly atMs: number; readonly work: () => Promise<unknown> }[] = [];

  at(time: string, work: () => Promise<unknown>): void {
    this.plans.push({ atMs: at(time), work });
    this.plans.sort((a, b) => a.atMs - b.atMs);
  }

  override async sleep(ms: number): Promise<void> {
    const untilMs = this.now() + ms;
    for (let next = this.plans[0]; next !== undefined && next.atMs <= untilMs; next = this.plans[0]) {
      this.plans.shift();
      this.advance(next.atMs - this.now());
      await next.work();
    }
    this.advance(untilMs - this.now());
  }
}

const staying = (facility: string) => ({ session: facility, covers: [facility], until: at('12:00') });

function aRun() {
  const monitor = aSessionMonitor(defaultTimings, new Eventful(at('10:00')));
  const changes = async (region = 'north') =>
    (await monitor.ledger.entriesAfter(region, 0, 100)).map(({ decidedAtMs, changes: told }) => [
      decidedAtMs - at('10:00'),
      ...told.map(({ facility }) => facility.id),
    ]);
  return { ...monitor, changes };
}

describe('CD5 between two ticks', () => {
  test('given a region that was calm, when a session joins right after a tick, then it is told within a second', async () => {
    const monitor = aRun();
    await monitor.joins(staying('clinic-1'));
    monitor.clock.at('10:00:45.100', () => monitor.joins(staying('clinic-2')));
    await monitor.run();
    expect(await monitor.changes()).toEqual([
      [0, 'clinic-1'],
      [46_000, 'clinic-2'],
    ]);
  });

  test('given it was settled within a tick, when more sessions join, then they wait for the tick, together', async () => {
    const monitor = aRun();
    for (const [time, id] of [
      ['10:00:20.100', 'a'],
      ['10:00:21.900', 'b'],
      ['10:00:24.100', 'c'],
    ] as const) {
      monitor.clock.at(time, () => monitor.joins(staying(id)));
    }
    await monitor.run();
    expect(await monitor.changes()).toEqual([
      [21_000, 'a'],
      [25_000, 'b', 'c'],
    ]);
  });

  test('TR1 given a lease ended, then no glance says so: as-of moves with the ticks', async () => {
    const monitor = aRun();
    await monitor.joins({ until: at('10:00:51') });
    await monitor.run();
    expect(await monitor.changes()).toEqual([
      [0, 'clinic-7'],
      [55_000, 'clinic-7'],
    ]);
  });

  test('given nothing is new, then no session is read and nothing committed', async () => {
    const monitor = aRun();
    await monitor.joins({ until: at('12:00') });
    await monitor.run();
    expect(monitor.sessions.reads).toHaveLength(1);
  });

  test('given a glance fails, then the next tick does its work, and the run says that it was not whole', async () => {
    const monitor = aRun();
    await monitor.joins(staying('clinic-1'));
    monitor.clock.at('10:00:45.100', async () => {
      await monitor.joins(staying('clinic-2'));
      monitor.ledger.broken.add('north');
    });
    monitor.clock.at('10:00:49.500', async () => monitor.ledger.broken.clear());
    await expect(monitor.run()).rejects.toThrow(TryAgainLater);
    expect(await monitor.changes()).toEqual([
      [0, 'clinic-1'],
      [50_000, 'clinic-2'],
    ]);
  });
});
