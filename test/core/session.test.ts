import type { ArrivedBeat } from '../../core/beat';
import {
  type Merge,
  mergeBeat,
  mergeBeats,
  type Session,
  sessionKeyText,
  userText,
} from '../../core/session';
import { defaultTimings } from '../../core/timings';
import { aBeat, aSession, at, type BeatWords, hours, plainTimings, seconds } from '../support/builders';
import { storedAfter } from '../support/merging';

type Beats = readonly [ArrivedBeat, ...ArrivedBeat[]];

const beating = (stored: Session | undefined, words: BeatWords, timings = defaultTimings): Merge =>
  mergeBeat(stored, aBeat(words), timings);

const unchanged = (session: Session): Merge => ({ session, write: false, marks: false });

describe('HB5 a session begins', () => {
  test('given nothing stored, when a beat arrives, then it covers its facilities from that arrival on', () => {
    const merge = beating(undefined, { covers: ['b', 'a', 'b'], at: at('10:00:05'), next: 30, seq: 3 });
    expect(merge).toEqual({
      session: {
        issuer: 'https://issuer.example/',
        subject: 'ann',
        region: 'north',
        sessionId: 's1',
        covers: ['a', 'b'],
        coversSinceMs: at('10:00:05'),
        ceased: [],
        startedAtMs: at('10:00:05'),
        lastBeatAtMs: at('10:00:05'),
        nextSeconds: 30,
        leaseUntilMs: at('10:00:05') + seconds(95 + 40),
        seq: 3,
        revision: 0,
      },
      write: true,
      marks: true,
    });
  });

  test('prototype names make keys of their own', () => {
    const keys = ['__proto__', 'constructor', 's1'].map((session) => sessionKeyText(aBeat({ session })));
    expect(new Set(keys).size).toBe(3);
  });

  test.each<BeatWords>([{ from: 'bob' }, { region: 'south' }, { session: 's2' }])(
    'a beat that differs in %p is of another session',
    (words) => {
      expect(sessionKeyText(aBeat(words))).not.toBe(sessionKeyText(aBeat()));
    },
  );

  test('two sessions of a user are one user, two subjects are not', () => {
    expect(userText(aBeat({ session: 's2' }))).toBe(userText(aBeat()));
    expect(userText(aBeat({ from: 'bob' }))).not.toBe(userText(aBeat()));
  });
});

describe('HB6 a renewal is written only if the stored lease would be too short', () => {
  test('at the default, every second renewal is', () => {
    let stored = storedAfter([aBeat({ at: at('10:00') })]);
    const writes = Array.from({ length: 6 }, (_, index) => {
      const merge = beating(stored, { at: at('10:00') + seconds(30 * (index + 1)) });
      if (merge.write) stored = merge.session;
      return merge.write;
    });
    expect(writes).toEqual([false, true, false, true, false, true]);
  });

  test.each([
    ['when it was promised, then the next one reaches a beat further', '10:00:35', 30],
    [
      'later, then it does not: a throttled front end would have less of a lease after the beat that it spares',
      '10:01',
      0,
    ],
  ])('given it has been written nine times, when a beat comes %s', (_, time, further) => {
    const stored = { ...aSession({ until: at('10:01:35'), revision: 9 }), lastBeatAtMs: at('10:00') };
    const merge = beating(stored, { at: at(time) });
    expect(merge.session.leaseUntilMs).toBe(at(time) + seconds(95 + 40 + further));
  });

  test('given a row of a session that is forgotten, whoever begins anew on it begins with a plain reserve', () => {
    const stored = aSession({ leftAt: at('08:00'), until: at('08:00:10'), revision: 9 });
    expect(beating(stored, { at: at('10:00') }).session.leaseUntilMs).toBe(at('10:00') + seconds(95 + 40));
  });

  test('with renewBeats 0, each is', () => {
    const stored = storedAfter([aBeat({ at: at('10:00') })], plainTimings);
    const merge = beating(stored, { at: at('10:00:30') }, plainTimings);
    expect(merge).toMatchObject({ write: true, marks: false });
    expect(merge.session.leaseUntilMs).toBe(at('10:02:05'));
  });

  test('other facilities are always written, and mark the region', () => {
    const stored = storedAfter([aBeat({ covers: ['a', 'b'] })]);
    const merge = beating(stored, { covers: ['b', 'c'], at: at('10:00:01') });
    expect(merge).toMatchObject({ write: true, marks: true });
    expect(merge.session).toMatchObject({
      covers: ['b', 'c'],
      ceased: [{ pattern: 'a', atMs: at('10:00:01'), reason: 'leave' }],
      coversSinceMs: at('10:00:01'),
      startedAtMs: at('10:00'),
    });
  });

  test('what ceased is carried on from change to change, until it is covered again or a row would be gone', () => {
    const moves = (...beats: (readonly [string, string])[]) =>
      storedAfter(beats.map(([covered, time]) => aBeat({ covers: [covered], at: at(time) }))).ceased.map(
        ({ pattern, atMs }) => [pattern, atMs],
      );
    expect(moves(['a', '10:00'], ['b', '10:00:30'], ['c', '10:00:32'])).toEqual([
      ['a', at('10:00:30')],
      ['b', at('10:00:32')],
    ]);
    expect(moves(['a', '10:00'], ['b', '10:00:30'], ['a', '10:00:32'])).toEqual([['b', at('10:00:32')]]);
    const later = (days: number) => aBeat({ covers: ['c'], at: at('11:00:31') + days * 24 * hours(1) });
    const first = storedAfter([aBeat({ covers: ['a'] }), aBeat({ covers: ['b'], at: at('10:00:30') })]);
    const kept = (days: number) =>
      mergeBeat(first, later(days), defaultTimings).session.ceased.map(({ pattern }) => pattern);
    expect(kept(6)).toEqual(['a', 'b']);
    expect(kept(7)).toEqual(['b']);
  });

  test('a leave is always written', () => {
    expect(beating(aSession(), { next: 0, at: at('10:00:01') }).write).toBe(true);
  });

  test('a hidden page that beats less often gets its longer lease at once', () => {
    const stored = storedAfter([aBeat({ next: 30 })]);
    const merge = beating(stored, { next: 60, at: at('10:00:01') });
    expect(merge).toMatchObject({ write: true, marks: false });
    expect(merge.session.leaseUntilMs).toBe(at('10:00:01') + seconds(185 + 70));
  });

  test('several beats of a session in one batch are one write', () => {
    const beats: Beats = [aBeat(), aBeat({ at: at('10:00:30') }), aBeat({ at: at('10:01'), next: 0 })];
    const merge = mergeBeats(undefined, beats, defaultTimings);
    expect(merge).toEqual({ session: storedAfter(beats), write: true, marks: true });
  });
});

describe('HB4 leaving', () => {
  test('cuts the lease to the grace', () => {
    const merge = beating(aSession({ until: at('10:02') }), { next: 0, at: at('10:00:20'), seq: 9 });
    expect(merge.session).toMatchObject({
      leaseUntilMs: at('10:00:30'),
      leftAtMs: at('10:00:20'),
      covers: ['clinic-7'],
      seq: 9,
    });
    expect(merge.marks).toBe(true);
  });

  test('never lengthens a lease that ends before', () => {
    const merge = beating(aSession({ until: at('10:00:25') }), { next: 0, at: at('10:00:20') });
    expect(merge.session.leaseUntilMs).toBe(at('10:00:25'));
  });

  test('of an unknown session writes a tombstone that covers nothing', () => {
    const merge = beating(undefined, { next: 0, at: at('10:00:20') });
    expect(merge).toMatchObject({ write: true });
    expect(merge.session).toMatchObject({
      covers: [],
      leaseUntilMs: at('10:00:20'),
      leftAtMs: at('10:00:20'),
    });
  });
});

describe('HB5 leaving is final for an hour', () => {
  const left = aSession({ leftAt: at('10:00:20'), until: at('10:00:30') });

  test.each(['09:59', '10:00:19', '10:00:21', '10:59:59', '11:00:19.999'])(
    'a beat that arrives at %p changes nothing',
    (time) => {
      expect(beating(left, { at: at(time), covers: ['other'], seq: 99 })).toEqual(unchanged(left));
    },
  );

  test('nor does another goodbye, which would shift the first', () => {
    expect(beating(left, { at: at('10:00:25'), next: 0 })).toEqual(unchanged(left));
  });

  test('a beat an hour later begins the session anew, on the row that is there', () => {
    const merge = beating({ ...left, revision: 4 }, { at: at('11:00:20') });
    expect(merge).toMatchObject({ write: true, marks: true });
    expect(merge.session).toMatchObject({ startedAtMs: at('11:00:20'), revision: 4 });
    expect(merge.session).not.toHaveProperty('leftAtMs');
  });

  test.each([
    ['leave', '10:00:20', aSession({ leftAt: at('10:00:20'), until: at('10:00:30'), covers: ['a', 'b'] })],
    ['timeout', '10:00:10', aSession({ leftAt: at('10:00:20'), until: at('10:00:10'), covers: ['a', 'b'] })],
  ])('then how it ended is kept: %p at %p (TR1)', (reason, time, before) => {
    const ended = { atMs: at(time), reason };
    expect(beating(before, { at: at('11:00:20'), covers: ['b'] }).session.ceased).toEqual([
      { pattern: 'a', ...ended },
    ]);
    expect(beating(before, { at: at('11:00:20'), next: 0 }).session.ceased).toEqual([
      { pattern: 'a', ...ended },
      { pattern: 'b', ...ended },
    ]);
  });

  test('a tombstone keeps the late beats of its own session from bringing anything online', () => {
    const stored = storedAfter([aBeat({ next: 0, at: at('10:00:20') }), aBeat({ at: at('10:00:10') })]);
    expect(stored.covers).toEqual([]);
  });
});

describe('HB5 a session that merely timed out', () => {
  test('is restored by any newer beat, and covers anew from then on', () => {
    const stored = aSession({ until: at('10:01:35'), covers: ['a', 'b'], revision: 2 });
    const merge = beating(stored, { at: at('10:30'), covers: ['a'] });
    expect(merge).toMatchObject({ write: true, marks: true });
    expect(merge.session).toMatchObject({
      coversSinceMs: at('10:30'),
      ceased: [{ pattern: 'b', atMs: at('10:01:35'), reason: 'timeout' }],
      startedAtMs: at('10:00'),
      revision: 2,
    });
  });
});

test.each([
  ['10:01:35', '10:00'],
  ['10:01:35.001', '10:01:35.001'],
])('HB5 of a lease until 10:01:35, a beat at %p covers since %p', (time, since) => {
  const stored = aSession({ until: at('10:01:35') });
  expect(beating(stored, { at: at(time) }).session.coversSinceMs).toBe(at(since));
});

describe('HB5 seq, where given, orders what a session says of itself', () => {
  test('an older seq that arrives later does not bring its facilities back', () => {
    const stored = storedAfter([aBeat({ covers: ['new'], seq: 8 })]);
    const merge = beating(stored, { covers: ['old'], seq: 7, at: at('10:00:05') });
    expect(merge).toMatchObject({ write: false, marks: false });
    expect(merge.session).toMatchObject({ covers: ['new'], seq: 8 });
  });

  test('nor does the same one: whoever reuses a seq says nothing new', () => {
    const stored = storedAfter([aBeat({ covers: ['new'], seq: 8 })]);
    expect(beating(stored, { covers: ['old'], seq: 8, at: at('10:00:05') }).session.covers).toEqual(['new']);
  });

  test('it still renews the lease', () => {
    const stored = storedAfter([aBeat({ covers: ['new'], seq: 8 })]);
    const merge = beating(stored, { covers: ['old'], seq: 7, at: at('10:01') });
    expect(merge.session).toMatchObject({ covers: ['new'], leaseUntilMs: at('10:01') + seconds(135) });
  });

  test('without it arrival does', () => {
    const stored = storedAfter([aBeat({ covers: ['new'], at: at('10:00:05') })]);
    expect(beating(stored, { covers: ['old'], at: at('10:00:04') }).session.covers).toEqual(['new']);
  });
});

describe('CD5 a retry of the beat that caused a mark causes it again, without a write', () => {
  test.each<[string, Beats]>([
    ['joined', [aBeat()]],
    ['came back', [aBeat(), aBeat({ at: at('10:30') })]],
    ['covers something else', [aBeat(), aBeat({ at: at('10:00:05'), covers: ['b'] })]],
    ['left', [aBeat(), aBeat({ at: at('10:00:05'), next: 0 })]],
    ['left before it was known', [aBeat({ next: 0 })]],
  ])('a session that %s', (_, beats) => {
    const stored = storedAfter(beats);
    const retried = beats[beats.length - 1] ?? beats[0];
    expect(mergeBeat(stored, retried, defaultTimings)).toEqual({
      session: stored,
      write: false,
      marks: true,
    });
  });

  test('a plain renewal causes none', () => {
    expect(beating(storedAfter([aBeat()]), { at: at('10:01') })).toMatchObject({ write: true, marks: false });
  });
});
