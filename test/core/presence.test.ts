import fc from 'fast-check';
import { rollUp } from '../../core/coverage';
import {
  digestOnceTold,
  maxEventsPerCommit,
  noPresence,
  type Present,
  presenceCommits,
  presenceDifferences,
  presenceDigest,
} from '../../core/presence';
import { type Session, userText } from '../../core/session';
import { endOf } from '../../core/silence';
import { defaultTimings } from '../../core/timings';
import { aSession, at, issuer, property, type SessionWords } from '../support/builders';

const noon = at('12:00');
const live = (words: SessionWords = {}) => aSession({ until: at('12:01'), ...words });
const user = (subject: string) => userText({ issuer, subject });
const present = (subject: string, given: Partial<Present> = {}): Present => ({
  user: user(subject),
  sinceMs: at('11:00'),
  ...given,
});
const setting = (session: Session, hash: number, time: string): Session => ({
  ...session,
  attributes: { hash, atMs: at(time) },
});

const covering = (...sessions: readonly Session[]) =>
  rollUp(sessions, [], noon, (session) => endOf(session, [], defaultTimings)).get('clinic-7');

/** What is told of `clinic-7` at noon, in words. */
const told = (before: readonly Present[], ...sessions: readonly Session[]) =>
  presenceDifferences(before, covering(...sessions), noon).map(
    (difference) => `${difference.user.split(' ')[1]} ${difference.event}`,
  );

describe('users are told over all their sessions', () => {
  test('the first one joins them, at the arrival of its first beat', () => {
    const sessions = [live({ since: at('11:58') }), live({ session: 's2', since: at('11:59') })];
    expect(told([], ...sessions)).toEqual(['ann join']);
    expect(presenceDifferences([], covering(...sessions), noon)[0]?.atMs).toBe(at('11:58'));
  });

  test('a second device is no news, nor is the end of one of two', () => {
    const over = aSession({ session: 's2', until: at('11:59') });
    expect(told([present('ann')], live(), over)).toEqual([]);
  });

  test.each<[string, SessionWords, string, string]>([
    ['leave', { leftAt: at('11:59:20'), until: at('11:59:30') }, 'ann leave', '11:59:20'],
    ['timeout', { until: at('11:59:30') }, 'ann timeout', '11:59:30'],
  ])('the last one ends by %s', (_, words, expected, time) => {
    const earlier = aSession({ session: 's0', until: at('11:58') });
    const last = aSession(words);
    expect(told([present('ann')], earlier, last)).toEqual([expected]);
    expect(presenceDifferences([present('ann')], covering(earlier, last), noon)[0]?.atMs).toBe(at(time));
  });

  test('HB4 whoever says goodbye stays for their grace, and never joins by it', () => {
    const leaving = live({ leftAt: at('11:59:55') });
    expect(told([present('ann')], leaving)).toEqual([]);
    expect(told([], leaving)).toEqual([]);
  });

  test('HB7 when TTL took the rows, as-of is all that is certain', () => {
    expect(presenceDifferences([present('ann')], undefined, noon)).toMatchObject([
      { event: 'timeout', atMs: noon },
    ]);
  });

  test('what happened first comes first', () => {
    const bob = live({ of: 'bob', since: at('11:50') });
    const over = aSession({ until: at('11:55') });
    expect(told([present('ann')], bob, over)).toEqual(['bob join', 'ann timeout']);
  });
});

describe('attributes', () => {
  test('of several sessions those that were set last are the user’s', () => {
    const sessions = [setting(live(), 1, '11:59'), setting(live({ session: 's2' }), 2, '11:58')];
    const [difference] = presenceDifferences([], covering(...sessions), noon);
    expect(difference?.attributesOf).toMatchObject({ sessionId: 's1', attributes: { hash: 1 } });
  });

  test('other ones are told, the same ones are not', () => {
    const before = [present('ann', { attributes: { hash: 1, values: {} } })];
    expect(told(before, setting(live(), 1, '11:59'))).toEqual([]);
    expect(told(before, setting(live(), 2, '11:59'))).toEqual(['ann updateAttributes']);
  });

  test('they go with the session that set them', () => {
    const before = [present('ann', { attributes: { hash: 1, values: {} } })];
    expect(told(before, live())).toEqual(['ann updateAttributes']);
  });
});

describe('the digest of who is present', () => {
  const sessions = fc.uniqueArray(
    fc.record({ of: fc.constantFrom('ann', 'bob', 'cid'), hash: fc.integer({ min: 0, max: 2 }) }),
    { selector: ({ of }) => of, maxLength: 3 },
  );
  const digestOf = (users: readonly { of: string; hash: number }[]) =>
    presenceDigest(covering(...users.map(({ of, hash }) => setting(live({ of }), hash, '11:59'))));

  test('is the same in whatever order, and another when a user or an attribute is', () => {
    fc.assert(
      fc.property(sessions, sessions, (one, other) => {
        const text = (users: typeof one) =>
          users
            .map(({ of, hash }) => `${of}${hash}`)
            .toSorted()
            .join();
        expect(digestOf(one)).toBe(digestOf(one.toReversed()));
        expect(digestOf(one) === digestOf(other)).toBe(text(one) === text(other));
      }),
      property,
    );
  });

  test('of nobody is that of a facility in which nobody ever was', () => {
    expect(presenceDigest(undefined)).toBe(noPresence.digest);
    expect(digestOnceTold([], undefined)).toBe(noPresence.digest);
    expect(presenceDigest(covering(aSession({ until: at('11:00') })))).toBe(noPresence.digest);
  });
});

describe('CD1 presence commits', () => {
  const joins = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      event: 'join' as const,
      user: user(`u${index}`),
      atMs: noon,
      sinceMs: noon,
    }));
  const before = { digest: 'old', seq: 4, fromSeq: 3, decidedAtMs: at('11:00') };
  const decision = { facility: 'clinic-7', before, digest: 'new', decidedAtMs: noon, sentBefore: true };

  test('number their events without gaps, from the last one on', () => {
    const [commit] = presenceCommits({ ...decision, news: joins(2) });
    expect(commit?.events.map(({ seq }) => seq)).toEqual([5, 6]);
    expect(commit?.after).toEqual({ digest: 'new', seq: 6, fromSeq: 5, decidedAtMs: noon });
    expect(commit?.joined.map(({ user: text }) => text)).toEqual([user('u0'), user('u1')]);
  });

  test('of more than one transaction follow each other, and only the last one knows the digest', () => {
    const commits = presenceCommits({ ...decision, news: joins(maxEventsPerCommit + 1) });
    expect(commits.map(({ events }) => events.length)).toEqual([maxEventsPerCommit, 1]);
    expect(commits[1]?.before).toEqual(commits[0]?.after);
    expect(commits.map(({ after }) => after.digest)).toEqual(['old', 'new']);
  });

  test('CD2 remember the first event that nobody has been sent yet', () => {
    const [commit] = presenceCommits({ ...decision, news: joins(1), sentBefore: false });
    expect(commit?.after.fromSeq).toBe(3);
  });

  test('note another digest also when there is nothing to tell', () => {
    expect(presenceCommits({ ...decision, news: [] })).toMatchObject([
      { events: [], after: { digest: 'new', seq: 4 } },
    ]);
  });
});
