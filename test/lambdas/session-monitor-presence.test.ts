import type { Attributes } from '../../core/attributes';
import { hashOf } from '../../core/attributes';
import { userText } from '../../core/session';
import { defaultTimings } from '../../core/timings';
import { runTick } from '../../lambdas/session-monitor/monitor';
import { aSession, at, grants, issuer, minutes, type SessionWords } from '../support/builders';
import { aSessionMonitor } from '../support/session-monitor-scene';
import { spied } from '../support/spied';

const attributes = (values: Record<string, string | number | boolean>): Attributes =>
  new Map(Object.entries(values));

/** A monitor with a socket that watches who is present in `clinic-7`. */
async function watched(watch = grants({ north: ['*'] }), facility = 'clinic-7') {
  const monitor = aSessionMonitor();
  const connection = {
    connectionId: 'c1',
    issuer,
    subject: 'operator',
    watch,
    expiresAtMs: at('23:00'),
    topics: [],
  };
  await monitor.connections.open(connection);
  await monitor.connections.subscribe(connection, { region: 'north', facility });
  const inbox = monitor.feed.open('c1');
  return {
    ...monitor,
    inbox,
    told: () => inbox.map((message) => `${Reflect.get(message, 'user')} ${Reflect.get(message, 'event')}`),
    seqs: () => inbox.map((message) => Reflect.get(message, 'presenceSeq')),
    /** Writes a session as the heartbeat monitor would. */
    writes: async (words: SessionWords, set?: Attributes, atMs = at('09:59')) => {
      const given = set === undefined ? {} : { attributes: { hash: hashOf(set), atMs } };
      await monitor.sessions.save(
        { ...aSession({ revision: 0, until: at('12:00'), ...words }), ...given },
        set,
      );
      await monitor.ledger.raiseMark('north');
    },
  };
}

describe('TR4 presence in a facility', () => {
  test('two devices of one user: one join, and one leave when the second one leaves', async () => {
    const monitor = await watched();
    await monitor.writes({});
    await monitor.writes({ session: 's2' });
    await monitor.tick();
    await monitor.writes({ leftAt: at('10:01'), until: at('10:01:10'), revision: 1 });
    await monitor.tickAt('10:02');
    expect(monitor.told()).toEqual(['ann join']);
    await monitor.writes({ session: 's2', leftAt: at('10:03'), until: at('10:03:10'), revision: 1 });
    await monitor.tickAt('10:04');
    expect(monitor.told()).toEqual(['ann join', 'ann leave']);
    expect(monitor.inbox[1]).toMatchObject({
      type: 'presence',
      region: 'north',
      facility: 'clinic-7',
      presenceSeq: 2,
      at: '2026-01-05T10:03:00.000Z',
    });
  });

  test('two devices that are killed in turn: one timeout, at the second one’s lease', async () => {
    const monitor = await watched();
    await monitor.writes({ until: at('10:01') });
    await monitor.writes({ session: 's2', until: at('10:02') });
    await monitor.tick();
    await monitor.tickAt('10:01:30');
    expect(monitor.told()).toEqual(['ann join']);
    await monitor.tickAt('10:02');
    expect(monitor.told()).toEqual(['ann join', 'ann timeout']);
    expect(monitor.inbox[1]).toMatchObject({ at: '2026-01-05T10:02:00.000Z' });
    expect(await monitor.presence.present('north', 'clinic-7', { limit: 9 })).toEqual([]);
  });

  test('attributes come with the join, and each other set of them is told', async () => {
    const monitor = await watched();
    await monitor.writes({}, attributes({ mood: 'happy' }));
    await monitor.tick();
    await monitor.writes({ revision: 1 }, attributes({ mood: 'sad' }), at('10:00:30'));
    await monitor.tickAt('10:00:35');
    await monitor.writes({ revision: 2 }, attributes({ mood: 'sad' }), at('10:00:30'));
    await monitor.tickAt('10:00:40');
    expect(monitor.inbox).toMatchObject([
      { event: 'join', attributes: { mood: 'happy' } },
      { event: 'updateAttributes', attributes: { mood: 'sad' }, at: '2026-01-05T10:00:30.000Z' },
    ]);
  });

  test('of several sessions the newest set of attributes wins', async () => {
    const monitor = await watched();
    await monitor.writes({}, attributes({ from: 'desk' }), at('09:59:50'));
    await monitor.writes({ session: 's2' }, attributes({ from: 'phone' }), at('09:59:40'));
    await monitor.tick();
    expect(monitor.inbox).toMatchObject([{ event: 'join', attributes: { from: 'desk' } }]);
  });

  test('given a user has a session for each facility, then each has the attributes of its own', async () => {
    const monitor = await watched();
    await monitor.writes({}, attributes({ score: 3 }));
    await monitor.writes({ session: 's2', covers: ['ward'] }, attributes({ score: 5 }));
    await monitor.tick();
    const score = async (facility: string) =>
      (await monitor.presence.presentUser('north', facility, userText({ issuer, subject: 'ann' })))
        ?.attributes?.values;
    expect(await score('clinic-7')).toEqual({ score: 3 });
    expect(await score('ward')).toEqual({ score: 5 });
  });

  test('given a session stays in one of two facilities, when it drops the other, then it has left that one', async () => {
    const monitor = await watched();
    await monitor.writes({ covers: ['clinic-7', 'ward'] });
    await monitor.tick();
    await monitor.writes({ covers: ['ward'], dropped: ['clinic-7'], since: at('10:01'), revision: 1 });
    await monitor.tickAt('10:02');
    expect(monitor.told()).toEqual(['ann join', 'ann leave']);
    expect(monitor.inbox[1]).toMatchObject({ at: '2026-01-05T10:01:00.000Z' });
    expect(await monitor.presence.present('north', 'ward', { limit: 9 })).toHaveLength(1);
  });

  test('given who said goodbye before anybody was told of them, when they are back within the grace, then they join', async () => {
    const monitor = await watched();
    await monitor.writes({ of: 'bob', session: 'b' });
    await monitor.writes({ leftAt: at('10:00'), until: at('10:00:10') });
    await monitor.tick();
    expect(monitor.told()).toEqual(['bob join']);
    await monitor.writes({ session: 's2', since: at('10:00:03') });
    await monitor.tickAt('10:00:05');
    await monitor.tickAt('10:00:15');
    expect(monitor.told()).toEqual(['bob join', 'ann join']);
  });

  test('given a watcher unsubscribes, when somebody joins, then it is told nothing more', async () => {
    const monitor = await watched();
    await monitor.writes({});
    await monitor.tick();
    await monitor.connections.unsubscribe('c1', { region: 'north', facility: 'clinic-7' });
    await monitor.writes({ of: 'bob', session: 's2' });
    await monitor.tick();
    expect(monitor.told()).toEqual(['ann join']);
    expect(await monitor.presence.present('north', 'clinic-7', { limit: 9 })).toHaveLength(2);
  });

  test('a region’s operators are told nothing where only attributes change', async () => {
    const monitor = await watched();
    const operators = await monitor.socket('c2');
    await monitor.writes({}, attributes({ mood: 'happy' }));
    await monitor.tick();
    await monitor.writes({ revision: 1 }, attributes({ mood: 'sad' }), at('10:00:30'));
    await monitor.tickAt('10:00:35');
    expect(operators).toHaveLength(1);
    expect(monitor.seqs()).toEqual([1, 2]);
  });

  test('a provider of thousands is one user in each of them, and its attributes are read once', async () => {
    const monitor = await watched();
    const covers = Array.from({ length: 500 }, (_, index) => `clinic-${index}`);
    let reads = 0;
    const { attributes: read } = monitor.sessions;
    monitor.sessions.attributes = async (keys) => {
      reads += keys.length;
      return await read.call(monitor.sessions, keys);
    };
    await monitor.writes({ covers }, attributes({ model: 'x' }));
    await monitor.tick();
    expect(reads).toBe(1);
    const user = userText({ issuer, subject: 'ann' });
    expect(await monitor.presence.presentUser('north', 'clinic-499', user)).toMatchObject({
      attributes: { values: { model: 'x' } },
    });
    expect(monitor.told()).toEqual(['ann join']);
  });

  test('AC2 whoever may no longer watch the facility is told so, and gets nothing of it', async () => {
    const monitor = await watched(grants({ north: ['lab/*'] }));
    await monitor.writes({});
    await monitor.tick();
    expect(monitor.inbox).toMatchObject([{ type: 'error', code: 'token-expired' }]);
  });

  test('CD5 given nothing of it changes, when the region is settled, then nobody’s presence is read', async () => {
    const monitor = await watched();
    await monitor.writes({});
    await monitor.tick();
    monitor.presence.present = () => Promise.reject(new Error('read for nothing'));
    await monitor.writes({ session: 's2', covers: ['ward'] });
    monitor.clock.advance(minutes(1));
    monitor.watermarks.passQuietly();
    await monitor.tick();
    expect(monitor.told()).toEqual(['ann join']);
  });
});

describe('CD2 given a monitor dies before it sent the presence that it committed', () => {
  class Killed extends Error {}
  type Monitor = Awaited<ReturnType<typeof watched>>;

  async function diedAtFirstPost(before: (monitor: Monitor) => Promise<unknown> = async () => {}) {
    const monitor = await watched();
    await before(monitor);
    const told = monitor.told();
    await monitor.writes({});
    let died = false;
    const dies = (call: string) => {
      died ||= call === 'feed.post';
      if (died) throw new Killed(call);
    };
    const dying = spied(monitor, ['sessions', 'ledger', 'presence', 'connections', 'feed', 'bus'], {
      before: dies,
    });
    await expect(runTick(dying, defaultTimings)).rejects.toThrow(Killed);
    expect(monitor.told()).toEqual(told);
    return monitor;
  }

  test('when the next one comes, then it sends it', async () => {
    const monitor = await diedAtFirstPost();
    await monitor.tickAt('10:00:05');
    expect(monitor.told()).toEqual(['ann join']);
  });

  test('and another one, whose clock is ahead, had settled before, when the next one comes, then it sends it', async () => {
    const monitor = await diedAtFirstPost(async (ports) => {
      await ports.writes({ of: 'bob', session: 's2' });
      const now = (): number => ports.clock.now() + minutes(1);
      await runTick({ ...ports, clock: { now, sleep: (ms) => ports.clock.sleep(ms) } }, defaultTimings);
    });
    await monitor.tickAt('10:00:05');
    expect(monitor.told()).toEqual(['bob join', 'ann join']);
    await monitor.tickAt('10:00:10');
    expect(monitor.told()).toEqual(['bob join', 'ann join']);
  });

  test('when there is more to tell of the facility by then, then both are sent, in order', async () => {
    const monitor = await diedAtFirstPost();
    await monitor.writes({ of: 'bob', session: 's2' });
    await monitor.tickAt('10:00:05');
    expect(monitor.told()).toEqual(['ann join', 'bob join']);
    expect(monitor.seqs()).toEqual([1, 2]);
  });
});
