import { type Session, setAttributes } from '../../core/session';
import { aBeat, at } from '../support/builders';
import { aMonitor } from '../support/heartbeat-monitor-scene';

describe('HB5 attributes', () => {
  const set = (mood: string) => new Map([['mood', mood]]);
  const kept = (monitor: ReturnType<typeof aMonitor>) => monitor.sessions.attributes([aBeat()]);

  test('given a beat that carries them, when it is processed, then they are kept and the region is marked', async () => {
    const monitor = aMonitor();
    await monitor.receive({ attributes: set('happy') });
    await monitor.receive({ at: at('10:00:05'), attributes: set('sad') });
    expect(await kept(monitor)).toEqual([set('sad')]);
    expect(await monitor.mark()).toBe(2);
  });

  test('given they were set otherwise meanwhile, when a beat sets them as before, then they are as it says', async () => {
    const monitor = aMonitor();
    await monitor.receive({ seq: 1, attributes: set('happy') });
    const put = setAttributes((await monitor.stored()) as Session, set('sad'), at('10:00:03'));
    await monitor.sessions.save(put?.session as Session, set('sad'));
    await monitor.receive({ at: at('10:00:05'), seq: 2, attributes: set('happy') });
    expect(await kept(monitor)).toEqual([set('happy')]);
  });

  test('given a beat without them, when it renews, then they stay', async () => {
    const monitor = aMonitor();
    await monitor.receive({ attributes: set('happy') });
    await monitor.receive({ at: at('10:01') });
    expect(await kept(monitor)).toEqual([set('happy')]);
  });

  test('given the same ones again, when they come, then nothing is written or marked', async () => {
    const monitor = aMonitor();
    await monitor.receive({ attributes: set('happy') });
    await monitor.receive({ at: at('10:00:05'), attributes: set('happy') });
    expect(await monitor.stored()).toMatchObject({ revision: 1 });
    expect(await monitor.mark()).toBe(1);
  });

  test('given beats that overtake each other, when they carry a seq, then the newest by seq wins', async () => {
    const monitor = aMonitor();
    await monitor.receive({ seq: 2, attributes: set('new') });
    await monitor.receive({ at: at('10:00:05'), seq: 1, attributes: set('old') });
    expect(await kept(monitor)).toEqual([set('new')]);
  });

  test('CD5 given a batch is repeated, when its session was written, then the mark is raised again', async () => {
    const monitor = aMonitor();
    await monitor.receive({});
    const again = { at: at('10:00:05'), attributes: set('happy') };
    await monitor.receive(again);
    await monitor.receive(again);
    expect(await monitor.mark()).toBe(3);
  });
});
