import fc from 'fast-check';
import { maxChangesPerEntry } from '../../core/entries';
import { digestOf, type Facility, totalsOf } from '../../core/facility';
import type { Session } from '../../core/session';
import { aFacility, anOfflineFacility, aSession, at, minutes, property } from '../support/builders';
import { applied, changesIn, type Standing, settling } from '../support/settling';

const ids = ['a', 'b', '__proto__', 'lab/1', 'lab/2'];
const instantOf = fc.integer({ min: 0, max: minutes(10) }).map((ms) => at('10:00') + ms);
const covers = fc.subarray([...ids, 'lab/*', '*'], { minLength: 1 });

const staying: fc.Arbitrary<Session> = fc
  .record({ of: fc.constantFrom('ann', 'bob'), covers, since: instantOf, until: instantOf })
  .map((words) => aSession(words));
const leaving: fc.Arbitrary<Session> = fc
  .tuple(staying, instantOf)
  .map(([session, leftAtMs]) => ({ ...session, leftAtMs }));
const sessionsOf = (session: fc.Arbitrary<Session>) =>
  fc
    .array(session, { maxLength: 8 })
    .map((sessions) => sessions.map((one, index) => ({ ...one, sessionId: `s${index}` })));

/** The same facilities, each told online or offline whatever the truth is. */
const states: fc.Arbitrary<readonly Facility[]> = fc.tuple(
  ...ids.map((id, index) =>
    fc.boolean().map((online) => (online ? aFacility : anOfflineFacility)(id, { version: index + 1 })),
  ),
);

const statuses = ({ facilities }: Standing) =>
  facilities.map(({ id, status, sessions, users }) => ({ id, status, sessions, users }));

describe('TR4 status is recomputed whole', () => {
  test('a settle from any previous state ends in the same statuses and counts', () => {
    fc.assert(
      fc.property(sessionsOf(staying), instantOf, states, states, (sessions, asOfMs, one, other) => {
        const from = (facilities: readonly Facility[]) =>
          statuses(applied(facilities, settling({ sessions, facilities, asOfMs })));
        expect(from(one)).toEqual(from(other));
      }),
      property,
    );
  });

  test('a facility is online exactly while a session with a lease beyond as-of covers it', () => {
    fc.assert(
      fc.property(sessionsOf(staying), instantOf, states, (sessions, asOfMs, facilities) => {
        const covered = (id: string) =>
          sessions.some(
            (session) =>
              session.leaseUntilMs > asOfMs &&
              session.covers.some((p) => p === id || (p.endsWith('*') && id.startsWith(p.slice(0, -1)))),
          );
        const after = applied(facilities, settling({ sessions, facilities, asOfMs }));
        for (const { id, status } of after.facilities)
          expect([id, status === 'online']).toEqual([id, covered(id)]);
      }),
      property,
    );
  });
});

describe('CD5 a settle that follows a settle tells nothing new', () => {
  test('with the same sessions, goodbyes included, at the same as-of', () => {
    fc.assert(
      fc.property(
        sessionsOf(fc.oneof(staying, leaving)),
        instantOf,
        states,
        (sessions, asOfMs, facilities) => {
          const once = applied(facilities, settling({ sessions, facilities, asOfMs }));
          expect(changesIn(settling({ sessions, asOfMs, ...once }))).toEqual([]);
        },
      ),
      property,
    );
  });

  test('nor at any as-of before it is due', () => {
    const untilDue = fc.tuple(sessionsOf(fc.oneof(staying, leaving)), instantOf, states);
    fc.assert(
      fc.property(untilDue, ([sessions, asOfMs, facilities]) => {
        const once = applied(facilities, settling({ sessions, facilities, asOfMs }));
        const justBefore = (once.head.dueAtMs ?? at('23:00')) - 1;
        expect(changesIn(settling({ sessions, asOfMs: justBefore, ...once }))).toEqual([]);
      }),
      property,
    );
  });
});

describe('CD3, CD4 seq, totals and digest', () => {
  test('agree with the facilities after each settle, without gaps', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(sessionsOf(fc.oneof(staying, leaving)), instantOf), { maxLength: 5 }),
        (passes) => {
          let standing: Standing = applied([], settling());
          for (const [sessions, asOfMs] of passes) {
            const settlement = settling({ sessions, asOfMs, ...standing });
            const before = standing.head.seq;
            standing = applied(standing.facilities, settlement);
            const seqs = settlement.commits.flatMap(({ entry }) => entry?.seq ?? []);
            expect(seqs).toEqual(seqs.map((_, index) => before + 1 + index));
            expect(standing.head.totals).toEqual(totalsOf(standing.facilities));
            expect(standing.head.digest).toEqual(digestOf(standing.facilities));
          }
        },
      ),
      property,
    );
  });

  test('CD1 agree however many facilities change at once', () => {
    const many = fc.integer({ min: 0, max: 4 * maxChangesPerEntry });
    fc.assert(
      fc.property(many, (count) => {
        const names = Array.from({ length: count }, (_, index) => `f${index}`);
        const sessions = [aSession({ covers: names })];
        const settlement = settling({ sessions, asOfMs: at('10:01') });
        const after = applied([], settlement);
        expect(after.head.digest).toEqual(digestOf(after.facilities));
        expect(after.head.totals.online).toBe(count);
        for (const { entry } of settlement.commits)
          expect(entry?.changes.length ?? 0).toBeLessThanOrEqual(maxChangesPerEntry);
      }),
      { ...property, numRuns: 30 },
    );
  });
});
