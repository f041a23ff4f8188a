import { maxChangesPerEntry, maxEntryBytes } from '../../core/entries';
import type { Facility } from '../../core/facility';
import { changeMessageBytes } from '../../core/messages';
import type { SettleInput } from '../../core/settle';
import { maxPostponementMs } from '../../core/silence';
import { defaultTimings, timingsFrom } from '../../core/timings';
import { aFacility, aHead, anOfflineFacility, aSession, at, hours, seconds } from '../support/builders';
import { changesIn, settleInput, settling, toldBy } from '../support/settling';

/** What a settle decides of one facility, or nothing. */
const decided = (id: string, given: Partial<SettleInput>): Facility | undefined =>
  toldBy(settling(given)).find((facility) => facility.id === id);

const online = [aFacility('clinic-7')];
const live = aSession({ since: at('10:04:30'), until: at('10:06') });
const silent = aSession({ until: at('10:04') });

describe('TR1 going online and offline', () => {
  test('given no facility, when a session covers it, then it registers itself and is online', () => {
    expect(decided('clinic-7', { sessions: [live] })).toEqual({
      id: 'clinic-7',
      status: 'online',
      sinceMs: at('10:04:30'),
      decidedAtMs: at('10:05'),
      decidedAsOfMs: at('10:05'),
      reason: 'heartbeat',
      sessions: 1,
      users: 1,
      version: 1,
      flapping: false,
      recentChangesMs: [at('10:04:30')],
    });
  });

  test('given it is offline, when a session covers it, then it is online though as-of stands still', () => {
    const given = { facilities: [anOfflineFacility('clinic-7')], sessions: [live] };
    expect(decided('clinic-7', { ...given, asOfMs: at('09:00'), nowMs: at('10:05') })?.status).toBe('online');
  });

  test('given it is online, when as-of has passed its last lease, then it is offline', () => {
    expect(decided('clinic-7', { facilities: online, sessions: [silent] })?.status).toBe('offline');
  });

  test('given as-of stands still, when the clock passes the lease, then nothing is decided', () => {
    const given = { facilities: online, sessions: [silent], asOfMs: at('10:03:59.999'), nowMs: at('11:00') };
    const settlement = settling(given);
    expect(changesIn(settlement)).toEqual([]);
    expect(settlement.changesStatus).toBe(false);
  });

  test('given two sessions, when one falls silent, then the other keeps it online', () => {
    const second = { ...live, sessionId: 's2' };
    expect(decided('clinic-7', { facilities: online, sessions: [silent, second] })).toBeUndefined();
  });

  test('each change of a status must be read again consistently, another count need not', () => {
    expect(settling({ facilities: online, sessions: [silent] }).changesStatus).toBe(true);
    expect(settling({ sessions: [live] }).changesStatus).toBe(true);
    const second = { ...live, sessionId: 's2' };
    expect(settling({ facilities: online, sessions: [live, second] }).changesStatus).toBe(false);
  });

  test('given a session that covers by prefix, when it falls silent, then all that it reached are offline', () => {
    const facilities = [aFacility('lab/1'), aFacility('lab/2'), aFacility('ward')];
    const sessions = [
      { ...silent, covers: ['lab/*'] },
      { ...live, sessionId: 's2', covers: ['ward'] },
    ];
    const told = toldBy(settling({ facilities, sessions }));
    expect(told.map(({ id, status }) => [id, status])).toEqual([
      ['lab/1', 'offline'],
      ['lab/2', 'offline'],
    ]);
  });
});

describe('HB4 a session that says goodbye', () => {
  const leaving = aSession({ leftAt: at('10:04:55'), until: at('10:05:05') });

  test('keeps a facility online for its grace, so that a reload is no flap', () => {
    expect(decided('clinic-7', { facilities: online, sessions: [leaving] })).toBeUndefined();
  });

  test('brings none online', () => {
    const facilities = [anOfflineFacility('clinic-7')];
    expect(decided('clinic-7', { facilities, sessions: [leaving] })).toBeUndefined();
    expect(decided('clinic-7', { sessions: [leaving] })).toBeUndefined();
  });

  test('of a reload is followed by another session within the grace: no transition', () => {
    const reloaded = aSession({ session: 's2', since: at('10:04:57'), until: at('10:06:32') });
    const sessions = [leaving, reloaded];
    expect(changesIn(settling({ facilities: online, sessions }))).toMatchObject([{ transition: false }]);
    const later = { facilities: online, sessions, asOfMs: at('10:05:06') };
    expect(changesIn(settling(later))).toEqual([]);
  });
});

describe('TR5 given a facility was registered after its session had beaten last, and told online since then', () => {
  const told = [aFacility('clinic-7', { sinceMs: at('10:05') })];
  const lasts = (time: string) =>
    settling({ facilities: told, sessions: [silent], asOfMs: at(time), nowMs: at('10:05:10') });

  test('when the lease ends before that instant, then nobody can say so until as-of has come there', () => {
    expect(changesIn(lasts('10:04:30'))).toEqual([]);
    expect(lasts('10:04:30').commits.at(-1)?.head.dueAtMs).toBe(at('10:05'));
  });

  test('when as-of has come there, then it is offline since that instant', () => {
    expect(toldBy(lasts('10:05'))).toMatchObject([{ status: 'offline', sinceMs: at('10:05') }]);
  });
});

describe('TR5 a transition carries its instants and its reason', () => {
  test.each([
    ['silence', silent, '10:04', 'timeout'],
    ['a goodbye', aSession({ leftAt: at('10:04:40'), until: at('10:04:50') }), '10:04:40', 'leave'],
    [
      'having moved on',
      aSession({ covers: ['ward'], dropped: ['clinic-7'], since: at('10:04:45'), until: at('10:10') }),
      '10:04:45',
      'leave',
    ],
  ])('offline after %s', (_, session, time, reason) => {
    const given = { facilities: online, sessions: [session], nowMs: at('10:05:01') };
    expect(decided('clinic-7', given)).toMatchObject({
      status: 'offline',
      sinceMs: at(time),
      decidedAtMs: at('10:05:01'),
      reason,
      sessions: 0,
      users: 0,
    });
  });

  test('offline when TTL took the rows: as-of is all that is certain (HB7)', () => {
    expect(decided('clinic-7', { facilities: online, asOfMs: at('10:05') })).toMatchObject({
      sinceMs: at('10:05'),
      reason: 'timeout',
    });
  });

  test('no status is older than the one that it follows', () => {
    const facilities = [anOfflineFacility('clinic-7', { sinceMs: at('10:04:50') })];
    expect(decided('clinic-7', { facilities, sessions: [live] })?.sinceMs).toBe(at('10:04:50'));
    const told = [aFacility('clinic-7', { sinceMs: at('10:04:30') })];
    expect(decided('clinic-7', { facilities: told, sessions: [silent] })?.sinceMs).toBe(at('10:04:30'));
  });
});

describe('CD3 what is a change', () => {
  test('other counts are a change without transition: same status, instant and reason, new version', () => {
    const second = { ...live, sessionId: 's2', subject: 'bob' };
    const settlement = settling({ facilities: online, sessions: [live, second] });
    expect(changesIn(settlement)).toEqual([
      { facility: { ...aFacility('clinic-7'), sessions: 2, users: 2, version: 2 }, transition: false },
    ]);
  });

  test('nothing new is one commit without entry', () => {
    const { commits, presenceDue } = settling({ facilities: online, sessions: [live], mark: 7 });
    expect(presenceDue).toHaveLength(1);
    expect(commits).toEqual([
      {
        head: aHead(online, {
          revision: 2,
          coveredMark: 7,
          settledAtMs: at('10:05'),
          dueAtMs: at('10:06'),
          asOfMs: at('10:05'),
        }),
      },
    ]);
  });

  test('what the registry says of a facility is not repeated by every change of its status', () => {
    const facilities = [anOfflineFacility('clinic-7', { registry: { name: 'Clinic seven' } })];
    const [change] = changesIn(settling({ facilities, sessions: [live] }));
    expect(change?.facility.status).toBe('online');
    expect(change?.facility).not.toHaveProperty('registry');
    expect(change).not.toHaveProperty('registry');
  });

  test('whoever changed first is told first', () => {
    const joined = (session: string, since: number) =>
      aSession({ session, covers: [session], since, until: at('10:06') });
    const sessions = [joined('a', at('10:00:03')), joined('b', at('10:00:01')), joined('c', at('10:00:02'))];
    expect(toldBy(settling({ sessions })).map(({ id }) => id)).toEqual(['b', 'c', 'a']);
  });

  test('what changed at one instant comes in the order of the ids', () => {
    const sessions = [{ ...live, covers: ['b', 'constructor', '__proto__', 'a'] }];
    expect(toldBy(settling({ sessions })).map(({ id }) => id)).toEqual([
      '__proto__',
      'a',
      'b',
      'constructor',
    ]);
  });
});

describe('CD1 an entry fits one transaction and one message', () => {
  const covering = (covers: readonly string[]) => settling({ sessions: [{ ...live, covers }], mark: 3 });
  const ids = (count: number, length = 5) =>
    Array.from({ length: count }, (_, index) => `f${index}`.padEnd(length, 'x'));

  test.each([
    [1, [1]],
    [maxChangesPerEntry, [49]],
    [maxChangesPerEntry + 1, [49, 1]],
    [120, [49, 49, 22]],
  ])('%p changes make entries of %p', (count, sizes) => {
    const { commits } = covering(ids(count));
    expect(commits.map(({ entry }) => entry?.changes.length)).toEqual(sizes);
  });

  test('the longest ids stay below the limit in bytes', () => {
    const { commits } = covering(ids(maxChangesPerEntry, 128));
    expect(commits.filter(({ entry }) => entry !== undefined)).toHaveLength(1);
    expect(JSON.stringify(commits[0].entry?.changes).length).toBeLessThan(maxEntryBytes);
  });

  test('changes too long for one message are cut by bytes, each entry as full as it can be', () => {
    const { commits } = covering(ids(maxChangesPerEntry, 1_000));
    const sizes = commits.flatMap(({ entry }) =>
      entry === undefined ? [] : entry.changes.reduce((sum, change) => sum + changeMessageBytes(change), 0),
    );
    expect(sizes).toHaveLength(3);
    for (const size of sizes) expect(size).toBeLessThanOrEqual(maxEntryBytes);
    for (const size of sizes.slice(0, -1)) expect(size + 1_300).toBeGreaterThan(maxEntryBytes);
  });

  test('each has its own seq, revision, totals and digest, the versions of its changes are that seq', () => {
    const { commits } = covering(ids(50));
    expect(commits.map(({ head, entry }) => [head.revision, head.seq, entry?.seq])).toEqual([
      [1, 1, 1],
      [2, 2, 2],
      [3, 2, undefined],
    ]);
    const entries = commits.flatMap(({ entry }) => entry ?? []);
    expect(entries.map(({ totals }) => totals.online)).toEqual([49, 50]);
    expect(entries.map(({ digest }) => digest)).toEqual([
      { count: 49, sum: 49 },
      { count: 50, sum: 51 },
    ]);
    expect(commits.map(({ head }) => head.toldState)).toEqual(['empty', 'up', 'up']);
  });

  test('only the last one notes the region as settled, so that a crash before it leaves it due (CD2)', () => {
    const { commits } = covering(ids(50));
    expect(commits.map(({ head }) => head.coveredMark)).toEqual([0, 0, 3]);
    expect(commits.map(({ head }) => head.dueAtMs)).toEqual([undefined, undefined, at('10:06')]);
  });
});

describe('CD5 when a region is due again', () => {
  const dueAfter = (given: Partial<SettleInput>) => settling(given).commits.at(-1)?.head.dueAtMs;

  test('at the first lease end beyond as-of', () => {
    const later = { ...live, sessionId: 's2', leaseUntilMs: at('10:07') };
    expect(dueAfter({ sessions: [later, live, silent] })).toBe(at('10:06'));
  });

  test('never by a lease, when no session lives', () => {
    const head = aHead(online, { dueAtMs: at('10:04') });
    expect(dueAfter({ facilities: online, head, sessions: [silent] })).toBeUndefined();
  });
});

describe('HB7 rows that nothing needs any more', () => {
  const garbageAt = (asOfMs: number, nowMs: number, session = silent, timings = defaultTimings) =>
    settling({ sessions: [session], asOfMs, nowMs }, timings).garbage;
  const anHourLater = silent.leaseUntilMs + hours(1);

  test('are those an hour past their lease by both clocks', () => {
    expect(garbageAt(anHourLater + 1, anHourLater + 1)).toEqual([silent]);
    expect(garbageAt(anHourLater, anHourLater + 1)).toEqual([]);
    expect(garbageAt(anHourLater + 1, anHourLater)).toEqual([]);
  });

  test('a goodbye is kept for its own hour (HB5)', () => {
    const left = { ...silent, leftAtMs: silent.leaseUntilMs + seconds(30) };
    expect(garbageAt(anHourLater + seconds(29), anHourLater + seconds(29), left)).toEqual([]);
    expect(garbageAt(anHourLater + seconds(31), anHourLater + seconds(31), left)).toEqual([left]);
  });

  test('are kept for as long as one that ended before may be waited for, which they would say the end of (TR3)', () => {
    const soon = timingsFrom({ maxRecordAgeSeconds: 60, ttlBehindLeaseSeconds: 120 });
    const told = silent.leaseUntilMs + maxPostponementMs;
    expect(garbageAt(told, told, silent, soon)).toEqual([]);
    expect(garbageAt(told + 1, told + 1, silent, soon)).toEqual([silent]);
  });
});

test('TR4 the same input gives the same settlement', () => {
  const input = settleInput({ facilities: online, sessions: [live, silent] });
  expect(settling(input)).toEqual(settling(structuredClone(input)));
});
