import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seconds } from '../support/builders';
import { replayed, transitionsIn } from '../support/change-log';
import { type Account, accounts, byRegion, type Crash, killedInTheMiddle, ownRegion } from '../support/crash';
import { Rollcall } from '../support/rollcall';
import { patience, quickest, until } from '../support/waiting';
import { WatchedRegion } from '../support/watched-region';

const tickMs = seconds(1);
/** What an operator may expect (DESIGN, section 7), with the tick of these tests. */
const joinsWithin = seconds(2) + tickMs;
const endsWithin = 2 * tickMs + seconds(4);
const grace = seconds(10);
/** What is stored for a beat every 5 s: three intervals and the slack, and in advance an interval and 10 s. */
const storedLease = seconds(3 * 5 + 5) + seconds(5 + 10);
/** Seconds until the next beat of a session that lives longer than these tests. */
const long = 300;
const frameBytes = 32 * 1_024;

const data = mkdtempSync(join(tmpdir(), 'rollcall-data-'));
let rollcall: Rollcall;
/** Goes on beside the tests of the first part, which mostly wait. */
let crashing: Promise<Crash>;

beforeAll(async () => {
  crashing = killedInTheMiddle(data);
  // Whoever waits for it is told.
  crashing.catch(() => {});
  rollcall = await Rollcall.start();
});

afterAll(async () => {
  await Promise.allSettled([rollcall?.close(), crashing.then(({ successor }) => successor.close())]);
  rmSync(data, { recursive: true, force: true });
});

const sinceMs = ({ at }: { readonly at: string }): number => Date.parse(at);

describe('the way of a heartbeat', () => {
  test.concurrent('CD5 given a first beat, then its facility is seen online within 2 s and a tick', async () => {
    const region = await WatchedRegion.of(rollcall, 'quick');

    expect(await quickest(joinsWithin, (round) => region.join(`clinic-${round}`))).toBeLessThan(joinsWithin);
  });

  test.concurrent('HB1, TR5 given a first beat, then its facility is online since the instant at which it arrived', async () => {
    const region = await WatchedRegion.of(rollcall, 'joining');
    const sentMs = Date.now();

    const { status, body } = await region.beat({ sessionId: 's1', facilities: ['clinic-7'], next: long });
    const change = await region.feed.change('clinic-7', { status: 'online' }, patience);

    expect(status).toBe(202);
    expect(change).toMatchObject({ reason: 'heartbeat', sessions: 1, users: 1, version: 1 });
    expect(sinceMs(change)).toBeGreaterThanOrEqual(sentMs);
    expect(sinceMs(change)).toBeLessThanOrEqual(Date.parse(body.serverTime));
  });

  test.concurrent('HB3, HB6, TR1 given silence, when the stored lease is over, then it timed out exactly at its end', async () => {
    const region = await WatchedRegion.of(rollcall, 'silence');
    await region.beat({ sessionId: 's1', facilities: ['clinic-7'], next: 5 });
    const joined = await region.feed.change('clinic-7', { status: 'online' }, patience);
    const endMs = sinceMs(joined) + storedLease;

    const change = await region.feed.change('clinic-7', { status: 'offline' }, storedLease + patience);

    expect(change).toMatchObject({ reason: 'timeout', sessions: 0, users: 0 });
    expect(sinceMs(change)).toBe(endMs);
    expect(change.heardAtMs).toBeGreaterThan(endMs);
    expect(change.heardAtMs).toBeLessThan(endMs + endsWithin);
  });

  test.concurrent('HB4 given a session leaves, when its grace is over, then its facility left when it did', async () => {
    const region = await WatchedRegion.of(rollcall, 'leaving');
    await region.beat({ sessionId: 's1', facilities: ['clinic-7'], next: 30 });
    await region.feed.change('clinic-7', { status: 'online' }, patience);
    const leftMs = Date.now();

    const { body } = await region.beat({ sessionId: 's1', facilities: ['clinic-7'], next: 0 });
    const change = await region.feed.change('clinic-7', { status: 'offline' }, grace + patience);

    expect(change).toMatchObject({ reason: 'leave', sessions: 0 });
    expect(sinceMs(change)).toBeGreaterThanOrEqual(leftMs);
    expect(sinceMs(change)).toBeLessThanOrEqual(Date.parse(body.serverTime));
    expect(change.heardAtMs - sinceMs(change)).toBeGreaterThan(grace);
    expect(change.heardAtMs - sinceMs(change)).toBeLessThan(grace + endsWithin);
  });

  test.concurrent('TR4 given two sessions of one facility, when one leaves, then it stays online until the other does', async () => {
    const region = await WatchedRegion.of(rollcall, 'two-sessions');
    const beat = (sessionId: string, next: number) =>
      region.beat({ sessionId, facilities: ['clinic-7'], next });
    await beat('s1', 30);
    await beat('s2', long);
    await region.feed.change('clinic-7', { sessions: 2 }, patience);

    await beat('s1', 0);
    await region.feed.change('clinic-7', { status: 'online', sessions: 1 }, grace + patience);
    await beat('s2', 0);
    await region.feed.change('clinic-7', { status: 'offline', reason: 'leave' }, grace + patience);

    expect(region.feed.changes.map(({ status }) => status)).toEqual([
      ...region.feed.changes.slice(1).map(() => 'online'),
      'offline',
    ]);
  });

  test.concurrent('CD5 given sessions that only renew, when ticks pass, then an operator hears nothing but ticks', async () => {
    const region = await WatchedRegion.of(rollcall, 'quiet');
    const beat = () => region.beat({ sessionId: 's1', facilities: ['clinic-7'], next: long });
    await beat();
    await region.feed.change('clinic-7', { status: 'online' }, patience);
    const before = await region.feed.ping();

    const heard = await region.feed.during(8 * tickMs, beat);
    const after = await region.feed.ping();

    expect(heard).toEqual([]);
    expect(after.regions).toMatchObject([{ region: 'quiet', seq: 1, digest: { count: 1, sum: 1 } }]);
    expect(after.regions[0]?.digest).toEqual(before.regions[0]?.digest);
    expect(Date.parse(after.regions[0]?.asOf ?? '')).toBeGreaterThan(
      Date.parse(before.regions[0]?.asOf ?? ''),
    );
  });

  test.concurrent('CD1 given 100 facilities come online at once, then one message tells each entry, 49 changes at most', async () => {
    const region = await WatchedRegion.of(rollcall, 'crowd');
    const ids = Array.from({ length: 100 }, (_, index) => `${'ward/'.repeat(24)}${index}`);

    await region.beats(ids.map((id, index) => ({ sessionId: `s${index}`, facilities: [id], next: long })));
    await region.feed.first('100 facilities', patience, () => region.feed.changes.length >= 100 || undefined);

    const { entries, changes } = region.feed;
    expect(new Set(changes.map(({ facility }) => facility))).toEqual(new Set(ids));
    expect(changes).toHaveLength(100);
    expect(entries.map(({ message }) => message.fromSeq)).toEqual(entries.map((_, index) => index + 1));
    expect(entries.length).toBeLessThanOrEqual(4);
    expect(Math.max(...entries.map(({ message }) => message.changes.length))).toBe(49);
    expect(Math.max(...entries.map(({ bytes }) => bytes))).toBeLessThan(frameBytes);
  });
});

describe('given it is killed in the middle of a busy fleet, when it is started again on its data', () => {
  let crash: Crash;
  let stored: readonly Account[];

  beforeAll(async () => {
    crash = await crashing;
    stored = await accounts(crash);
  });

  test('CD3 then each log goes on where it was, and no number is missing or given twice', () => {
    for (const { region, log } of stored) {
      expect([region, log.map(({ fromSeq }) => fromSeq)]).toEqual([region, log.map((_, index) => index + 1)]);
      expect(new Set(log.map(({ epoch }) => epoch)).size).toBe(1);
      const told = crash.told.get(region) ?? [];
      expect(told.map(({ toSeq }) => log[toSeq - 1])).toEqual(told);
    }
  });

  test('CD1 then the history has each transition of the logs, once', () => {
    for (const { log, history } of stored) expect(history).toEqual(transitionsIn(log));
  });

  test('TR4 then every facility goes on and off by turns, and stands where its log has led it', () => {
    for (const { log, snapshot } of stored) {
      const untilThen = log.filter(({ toSeq }) => toSeq <= snapshot.seq);
      const facilities = snapshot.facilities.map(({ name: _, ...facility }) => facility);
      expect(facilities).toEqual(replayed(untilThen));
      for (const { id } of facilities) {
        const statuses = transitionsIn(log).flatMap(({ facility, status }) =>
          facility === id ? [status] : [],
        );
        expect(statuses).toEqual(statuses.map((_, index) => (index % 2 === 0 ? 'online' : 'offline')));
      }
    }
  });

  test('CD2 then an operator who goes on from what was told before misses nothing', () => {
    for (const [region, entries] of byRegion(crash.resumed)) {
      const last = crash.told.get(region)?.at(-1)?.toSeq ?? 0;
      // What was told last may come again, and what is pushed may overtake what is read from the log.
      const missed = entries.map(({ fromSeq }) => fromSeq).filter((seq) => seq > last);
      const seqs = [...new Set(missed)].toSorted((a, b) => a - b);
      expect([region, seqs]).toEqual([region, seqs.map((_, index) => last + index + 1)]);
    }
  });

  test('TR1, TR5 then whoever had beaten, left or fallen silent before is told by the instant of that', async () => {
    const { resumed, told, late } = crash;
    const own = (told.get(ownRegion) ?? []).flatMap(({ changes }) => changes);
    const silentSince = own.find(({ facility }) => facility === 'silent');

    const left = await resumed.change('leaver', { status: 'offline' }, grace);
    const joined = await resumed.change('late', { status: 'online' }, patience);
    const silent = await resumed.change('silent', { status: 'offline' }, storedLease);

    expect(left.reason).toBe('leave');
    expect(sinceMs(joined)).toBeLessThanOrEqual(Date.parse(late.serverTime));
    expect(silent.reason).toBe('timeout');
    expect(sinceMs(silent)).toBe(Date.parse(silentSince?.at ?? '') + storedLease);
    const toldOf = (id: string) => [...own, ...resumed.changes].filter(({ facility }) => facility === id);
    expect(new Set(toldOf('steady').map(({ version, status }) => `${version} ${status}`)).size).toBe(1);
  });
});

describe('given it runs without --data, when it is ended, then nothing of it is left, neither running nor on the disk', () => {
  const expectNothingOf = async (ended: Rollcall): Promise<void> => {
    await ended.untilGone();
    expect(ended.temporaryFiles).toEqual([]);
  };

  test.concurrent('given it is killed while it runs', async () => {
    rollcall.signal('SIGKILL');
    await expectNothingOf(rollcall);
  });

  test.concurrent.each(['SIGINT', 'SIGKILL'] as const)('given %s while it starts', async (signal) => {
    const starting = Rollcall.launch({ synthesizes: true });
    try {
      await until(patience, 'the synthesis', () => starting.assemblies.length > 0 || undefined);
      starting.signal(signal);
      await expectNothingOf(starting);
    } finally {
      await starting.close();
    }
  });
});
