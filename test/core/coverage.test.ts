import { rollUp } from '../../core/coverage';
import type { Session } from '../../core/session';
import { endOf } from '../../core/silence';
import { defaultTimings } from '../../core/timings';
import { aSession, at } from '../support/builders';

const noon = at('12:00');
const end = (session: Session) => endOf(session, [], defaultTimings);
const live = (words: Parameters<typeof aSession>[0] = {}) => aSession({ until: at('12:00:30'), ...words });
const over = (words: Parameters<typeof aSession>[0] = {}) => aSession({ until: at('11:59:30'), ...words });

/** What the sessions say of a facility at noon. */
const said = (facility: string, sessions: readonly Session[], known: readonly string[] = []) => {
  const found = rollUp(sessions, known, noon, end).get(facility);
  return found && { ...found, users: [...found.users].length };
};

describe('TR4 n:m: which sessions cover which facilities', () => {
  test('a session covers all facilities that it names, and a facility counts all of its sessions', () => {
    const sessions = [live({ session: 'a', covers: ['x', 'y'] }), live({ session: 'b', covers: ['y'] })];
    expect(said('x', sessions)).toMatchObject({ staying: 1 });
    expect(said('y', sessions)).toMatchObject({ staying: 2, users: 1 });
  });

  test('users are counted once each', () => {
    const sessions = [live({ session: 'a' }), live({ session: 'b' }), live({ of: 'bob' })];
    expect(said('clinic-7', sessions)).toMatchObject({ staying: 3, users: 2 });
  });

  test('a prefix reaches what is registered, and registers nothing', () => {
    const sessions = [live({ covers: ['lab/*'] })];
    expect([...rollUp(sessions, ['lab/1', 'lab/2', 'ward-1'], noon, end).keys()]).toEqual(['lab/1', 'lab/2']);
    expect(rollUp(sessions, [], noon, end).size).toBe(0);
  });

  test('a prefix reaches a facility that another session brings into being at the same time', () => {
    const wide = live({ of: 'bob', covers: ['lab/*'] });
    expect(said('lab/1', [wide, live({ covers: ['lab/1'] })])).toMatchObject({ staying: 2, users: 2 });
    expect(said('lab/1', [wide, over({ covers: ['lab/1'] })])).toMatchObject({ staying: 0, users: 0 });
  });

  test('a session that covers a facility by name and by prefix counts once', () => {
    const sessions = [live({ covers: ['*', 'lab/*', 'lab/1'] })];
    expect(said('lab/1', sessions, ['lab/1'])).toMatchObject({ staying: 1 });
  });

  test('prototype names are facilities like any other', () => {
    const roll = rollUp([live({ covers: ['__proto__', 'constructor'] })], [], noon, end);
    expect([...roll.keys()]).toEqual(['__proto__', 'constructor']);
  });
});

describe('TR1 a session counts while its lease is beyond as-of', () => {
  test.each([
    ['12:00:00.001', 1],
    ['12:00:00', 0],
    ['11:59:59', 0],
  ])('lease until %p: %p staying', (until, staying) => {
    expect(said('clinic-7', [aSession({ until: at(until) })])?.staying).toBe(staying);
  });

  test('HB4 one that said goodbye lingers until its grace is over', () => {
    const leaving = live({ leftAt: at('11:59:58') });
    expect(said('clinic-7', [leaving])).toMatchObject({ staying: 0, lingering: 1, users: 1 });
  });
});

describe('TR5 the instants that transitions carry', () => {
  test('the earliest arrival since which a staying session covers the facility', () => {
    const sessions = [
      live({ session: 'a', since: at('11:00') }),
      live({ session: 'b', since: at('10:30') }),
      live({ session: 'c', since: at('10:00'), leftAt: at('11:59:58') }),
    ];
    expect(said('clinic-7', sessions)?.firstBeatAtMs).toBe(at('10:30'));
  });

  test.each([
    ['a silence ends with the lease', over(), '11:59:30', 'timeout'],
    ['a goodbye at its arrival', over({ leftAt: at('11:59:20') }), '11:59:20', 'leave'],
    ['a goodbye after the lease changes nothing', over({ leftAt: at('11:59:40') }), '11:59:30', 'timeout'],
    ['a goodbye at the very end of the lease', over({ leftAt: at('11:59:30') }), '11:59:30', 'leave'],
  ])('%s', (_, session, time, reason) => {
    expect(said('clinic-7', [session])?.lastEnd).toMatchObject({ atMs: at(time), reason });
  });

  test('the last end of several', () => {
    const sessions = [
      over({ session: 'a' }),
      over({ session: 'b', leftAt: at('11:59:20') }),
      over({ session: 'c', until: at('11:58') }),
    ];
    expect(said('clinic-7', sessions)?.lastEnd).toMatchObject({ atMs: at('11:59:30'), reason: 'timeout' });
  });

  test('a session that moved on and lives left what it dropped at that beat', () => {
    const moved = live({ covers: ['ward-2'], dropped: ['ward-1'], since: at('11:50') });
    expect(said('ward-1', [moved])).toMatchObject({
      staying: 0,
      lastEnd: { atMs: at('11:50'), reason: 'leave' },
    });
  });

  test('TR1 given as-of has not reached that beat, then it still counts, brings nobody online, and is counted once', () => {
    const moved = live({ covers: ['ward-2'], dropped: ['ward-1', 'ward*'], since: at('12:00:01') });
    expect(said('ward-1', [moved])).toMatchObject({ staying: 0, lingering: 1 });
    expect(said('ward-1', [moved])?.lastEnd).toBeUndefined();
    expect(said('ward-2', [moved])).toMatchObject({ staying: 1, lingering: 0 });
  });

  test('TR5 given it went silent afterwards, then what it had left before ended before', () => {
    const silent = over({ covers: ['ward-2'], dropped: ['ward-1'], since: at('11:50'), until: at('11:55') });
    expect(said('ward-1', [silent])?.lastEnd).toMatchObject({ atMs: at('11:50'), reason: 'leave' });
    expect(said('ward-2', [silent])?.lastEnd).toMatchObject({ atMs: at('11:55'), reason: 'timeout' });
  });
});
