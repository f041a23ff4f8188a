import { alertsOf, calls, toggled } from '../../web/notices/alerts';
import { noticeText, readOutText } from '../../web/notices/notice-words';
import { type News, type Notice, newsOf, tell } from '../../web/notices/notices';
import { at, seconds } from '../support/builders';
import { offline, shownFacility } from './builders';

const now = at('10:00');
const news = (facility: string, words: Partial<News> = {}): News => ({
  ...{ region: 'north', facility, name: facility, status: 'offline', reason: 'timeout' },
  ...{ atMs: now - 5_000, isQuiet: false },
  ...words,
});
const many = (count: number, words: Partial<News> = {}): readonly News[] =>
  Array.from({ length: count }, (_, index) => news(`clinic-${index}`, words));
const texts = (notices: readonly Notice[]): readonly string[] => notices.map(noticeText);

describe('what changed is told', () => {
  test('given few come and go, then each has a notice, the latest first', () => {
    const { notices } = tell(
      [],
      [news('a', { reason: 'leave' }), news('b'), news('c', { status: 'online' })],
      now,
    );
    expect(texts(notices)).toEqual([
      'c came online',
      'b went offline (went silent)',
      'a went offline (left)',
    ]);
  });

  test('given a region goes, then it is one notice, not five hundred', () => {
    const { notices, fresh } = tell([], many(500), now);
    expect(texts(notices)).toEqual(['500 facilities went offline']);
    expect(fresh).toHaveLength(1);
    expect(notices[0]?.facilities).toHaveLength(500);
  });

  test('given it goes bit by bit within a minute, then the one notice grows, and the single ones are part of it', () => {
    let told = tell([], many(2), now);
    told = tell(told.notices, [news('x'), news('y')], now + seconds(20));
    told = tell(told.notices, [news('z')], now + seconds(70));
    expect(texts(told.notices)).toEqual(['5 facilities went offline']);
    expect(told.fresh[0]?.atMs).toBe(now - 5_000);
    told = tell(told.notices, [news('later')], now + seconds(140));
    expect(texts(told.notices)).toEqual(['later went offline (went silent)', '5 facilities went offline']);
  });

  test('given two regions go, then each has a notice; what comes is another than what goes', () => {
    const { notices } = tell(
      [],
      [...many(10), ...many(10, { region: 'south' }), ...many(10, { status: 'online' })],
      now,
    );
    expect(notices.map((notice) => `${notice.region}: ${noticeText(notice)}`)).toEqual([
      'north: 10 facilities came online',
      'south: 10 facilities went offline',
      'north: 10 facilities went offline',
    ]);
  });

  test('given what was only read, or only counted anew, then it is no news', () => {
    const read = { id: 'a', before: undefined, after: offline('a') };
    const change = { id: 'a', before: shownFacility('a'), after: offline('a') };
    const counted = { id: 'b', before: shownFacility('b'), after: shownFacility('b', { sessions: 2 }) };
    expect(newsOf('north', { changes: [read], isSnapshot: true }, now)).toEqual([]);
    expect(newsOf('north', { changes: [counted], isSnapshot: false }, now)).toEqual([]);
    expect(newsOf('north', { changes: [change], isSnapshot: false }, now)).toHaveLength(1);
  });

  test('given a long outage of the link, when the whole is read again, then what changed meanwhile is news', () => {
    const change = { id: 'a', before: shownFacility('a'), after: offline('a') };
    expect(newsOf('north', { changes: [change], isSnapshot: true }, now)).toMatchObject([
      { facility: 'a', status: 'offline' },
    ]);
  });

  test('read out, many are told as how many they are', () => {
    const nameOf = (): string => 'the North';
    expect(readOutText(tell([], [news('a')], now).fresh, nameOf)).toBe(
      'a went offline (went silent) in the North.',
    );
    const four = ['r1', 'r2', 'r3', 'r4'].flatMap((region) => many(5, { region }));
    expect(readOutText(tell([], four, now).fresh, nameOf)).toBe('20 facilities changed.');
  });
});

describe('who is called', () => {
  const [notice] = tell([], [news('clinic-7')], now).notices as [Notice];
  const window = { from: '2026-01-05T09:30:00Z', to: '2026-01-05T10:30:00Z' };

  test.each([
    [{}, true],
    [{ region: 'north' }, true],
    [{ region: 'south' }, false],
    [{ region: 'north', facility: 'clinic-7' }, true],
    [{ region: 'north', facility: 'clinic-8' }, false],
  ])('%p: %p', (place, expected) => {
    expect(calls([{ way: 'sound', ...place }], 'sound', notice)).toBe(expected);
    expect(calls([{ way: 'sound', ...place }], 'desktop', notice)).toBe(false);
  });

  test('given a facility is in maintenance, then nobody is, and its notices are apart', () => {
    const after = offline('clinic-7', { maintenanceWindows: [window] });
    const changes = [{ id: 'clinic-7', before: shownFacility('clinic-7'), after }];
    const [quiet] = tell([], newsOf('north', { changes, isSnapshot: false }, now), now).notices as [Notice];
    expect(quiet.isQuiet).toBe(true);
    expect(calls([{ way: 'sound' }], 'sound', quiet)).toBe(false);
    expect(tell([quiet], many(3), now).notices).toHaveLength(4);
  });

  test('given it was called for, is back, and others join its notice, then it is not called for again', () => {
    const alerts = [{ way: 'sound', region: 'north', facility: 'clinic-7' } as const];
    const told = tell([], [news('clinic-7')], now);
    expect(told.fresh.some((fresh) => calls(alerts, 'sound', fresh))).toBe(true);
    const { fresh } = tell(told.notices, [news('a'), news('b'), news('c')], now + seconds(40));
    expect(texts(fresh)).toEqual(['4 facilities went offline']);
    expect(fresh.some((notice) => calls(alerts, 'sound', notice))).toBe(false);
    const again = tell(fresh, [news('clinic-7')], now + seconds(50));
    expect(again.fresh.some((notice) => calls(alerts, 'sound', notice))).toBe(true);
  });

  test('given something comes back, then nobody is', () => {
    const [back] = tell([], [news('a', { status: 'online' })], now).notices as [Notice];
    expect(calls([{ way: 'sound' }], 'sound', back)).toBe(false);
  });

  test('what was chosen is kept, and what is no choice is passed over', () => {
    const chosen = toggled(toggled([], { way: 'sound' }), { way: 'desktop', region: 'north', facility: 'a' });
    expect(alertsOf(JSON.stringify(chosen))).toEqual(chosen);
    expect(toggled(chosen, { way: 'sound' })).toHaveLength(1);
    expect(alertsOf('[{"way":"shout"},null,7,{"way":"sound","facility":"a"}]')).toEqual([{ way: 'sound' }]);
    expect(alertsOf('{')).toEqual([]);
    expect(alertsOf(null)).toEqual([]);
  });
});
