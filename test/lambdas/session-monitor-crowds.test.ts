import { defaultTimings } from '../../core/timings';
import { runTick } from '../../lambdas/session-monitor/monitor';
import { seconds } from '../support/builders';
import { FeedClient, serverShows } from '../support/feed-client';
import { aSessionMonitor, facilitiesIn } from '../support/session-monitor-scene';
import { spied } from '../support/spied';

const manyFacilities = (count: number, prefix = 'f') =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

/** Thousands of facilities that come online at once: forty-one entries, and a page of the log holds twenty. */
const crowd = manyFacilities(2_000);

class Killed extends Error {}

/** A tick that dies at the n-th of these calls. */
async function tickThatDiesAt(
  monitor: ReturnType<typeof aSessionMonitor>,
  wanted: string,
  nth: number,
): Promise<void> {
  let calls = 0;
  let died = false;
  const before = (call: string) => {
    calls += call === wanted ? 1 : 0;
    died ||= calls === nth;
    if (died) throw new Killed(call);
  };
  const ports = spied(monitor, ['sessions', 'ledger', 'presence', 'connections', 'feed', 'bus'], { before });
  await expect(runTick(ports, defaultTimings)).rejects.toThrow(Killed);
}

describe('CD2 while a settle commits one entry after another', () => {
  test('then the sockets are told of the first ones before the last is committed', async () => {
    const monitor = aSessionMonitor();
    const inbox = await monitor.socket('c1');
    await monitor.joins({ covers: crowd });
    const heardBefore: number[] = [];
    const before = async (call: string) => {
      if (call !== 'ledger.commit') return;
      // A commit takes a while, in which others get their turn.
      await new Promise(setImmediate);
      heardBefore.push(inbox.length);
    };
    await runTick(spied(monitor, ['ledger'], { before }), defaultTimings);
    expect(heardBefore[19]).toBe(0);
    expect(heardBefore[20]).toBe(20);
    expect(inbox).toMatchObject(Array.from({ length: 41 }, (_, index) => ({ toSeq: index + 1 })));
    expect(facilitiesIn(inbox)).toHaveLength(crowd.length);
  });

  test.each<[string, number, () => readonly string[]]>([
    ['of its entries', 41, () => []],
    ['of those, and of the few that an earlier settle of the pass left', 44, () => crowd],
  ])(
    'then the sockets have heard the last %s before presence is committed, or anything published',
    async (_, entries, late) => {
      const monitor = aSessionMonitor();
      const inbox = await monitor.socket('c1');
      const first = late().length === 0 ? crowd : manyFacilities(100, 'early');
      await monitor.joins({ covers: first });
      monitor.sessions.meanwhile = () => monitor.joins({ session: 's2', covers: late() });
      const heardBefore = new Map<string, number>();
      const before = (call: string) => {
        if (!heardBefore.has(call)) heardBefore.set(call, inbox.length);
      };
      await runTick(spied(monitor, ['presence', 'bus'], { before }), defaultTimings);
      expect(heardBefore.get('presence.commitPresence')).toBe(entries);
      expect(heardBefore.get('bus.publish')).toBe(entries);
    },
  );

  test.each([
    ['ledger.advanceCursor', 1],
    ['ledger.advanceCursor', 3],
    ['feed.post', 7],
    ['feed.post', 21],
    ['feed.post', 41],
    ['connections.subscribers', 1],
    ['ledger.entriesAfter', 1],
    ['ledger.commit', 21],
    ['ledger.commit', 30],
  ])('and the monitor dies at %s number %i, then nothing is lost', async (call, nth) => {
    const monitor = aSessionMonitor();
    await monitor.joins({ covers: ['f-0'] });
    await monitor.tick();
    const client = new FeedClient('c1', monitor, defaultTimings);
    await client.opens();
    await monitor.joins({ session: 's2', covers: crowd });
    await tickThatDiesAt(monitor, call, nth);

    monitor.clock.advance(seconds(5));
    await monitor.tick();
    await client.waits(seconds(25));
    const shown = await serverShows(monitor, 'north');
    expect(client.shows('north')).toEqual(shown);
    expect(shown).toHaveLength(crowd.length);
    expect(client.snapshots).toBe(1);
    const { head, cursors } = await monitor.record();
    expect(cursors).toEqual({ websocket: head?.seq, eventbridge: head?.seq });
  });
});

describe('CD5 given a settle falls into the midst of a crowd that joins', () => {
  test('then whoever came meanwhile is settled in the same pass', async () => {
    const monitor = aSessionMonitor();
    const inbox = await monitor.socket('c1');
    await monitor.joins({ covers: manyFacilities(100, 'early') });
    monitor.sessions.meanwhile = () => monitor.joins({ session: 's2', covers: manyFacilities(100, 'late') });
    await monitor.tick();
    expect(facilitiesIn(inbox)).toHaveLength(200);
  });

  test('then the pass ends when the next one is due, however many still come', async () => {
    const monitor = aSessionMonitor();
    let arrivals = 0;
    const arrive = async () => {
      arrivals += 1;
      monitor.clock.advance(seconds(2));
      await monitor.joins({ session: `wave-${arrivals}`, covers: manyFacilities(2_000, `wave-${arrivals}`) });
      monitor.sessions.meanwhile = arrive;
    };
    await monitor.joins({ covers: manyFacilities(100) });
    monitor.sessions.meanwhile = arrive;
    await monitor.tick();
    expect(arrivals).toBe(3);
  });

  test('then a few who come beside it wait for the next tick', async () => {
    const monitor = aSessionMonitor();
    const inbox = await monitor.socket('c1');
    await monitor.joins({ covers: ['clinic-7'] });
    monitor.sessions.meanwhile = () => monitor.joins({ session: 's2', covers: ['ward-1'] });
    await monitor.tick();
    expect(facilitiesIn(inbox)).toEqual(['clinic-7 online']);
  });
});
