import fc from 'fast-check';
import { type Coverage, rollUp } from '../../core/coverage';
import { matches } from '../../core/pattern';
import type { Session } from '../../core/session';
import { endOf } from '../../core/silence';
import { defaultTimings as t } from '../../core/timings';
import { facilityIds, someGaps, someInstant, someSessions } from '../support/arbitraries';
import { property } from '../support/builders';

const rolled = (sessions: readonly Session[], asOfMs: number, gaps: Parameters<typeof endOf>[1] = []) =>
  rollUp(sessions, facilityIds, asOfMs, (session) => endOf(session, gaps, t));

/** What is told of a coverage; the order in which it was found is not. */
const told = (roll: ReadonlyMap<string, Coverage>) =>
  Object.fromEntries(
    [...roll].map(([id, { users, ended, lastEnd, ...rest }]) => [
      `facility ${id}`,
      {
        ...rest,
        users: [...users.keys()].toSorted(),
        ended: [...ended.keys()].toSorted(),
        endedAtMs: lastEnd?.atMs,
      },
    ]),
  );

const isCovered = (coverage: Coverage | undefined): boolean =>
  coverage !== undefined && coverage.staying + coverage.lingering > 0;

describe('TR4 laws of rolling up', () => {
  test('the order of sessions does not matter', () => {
    const shuffled = someSessions.chain((sessions) =>
      fc.tuple(
        fc.constant(sessions),
        fc.shuffledSubarray([...sessions], { minLength: sessions.length, maxLength: sessions.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, someInstant, someGaps, ([one, other], asOfMs, gaps) => {
        expect(told(rolled(one, asOfMs, gaps))).toEqual(told(rolled(other, asOfMs, gaps)));
      }),
      property,
    );
  });

  test('a session more takes nothing away: neither a facility that is covered, nor a session or user of it', () => {
    fc.assert(
      fc.property(someSessions, someInstant, someGaps, (sessions, asOfMs, gaps) => {
        const less = rolled(sessions.slice(1), asOfMs, gaps);
        const more = rolled(sessions, asOfMs, gaps);
        for (const [id, before] of less) {
          const after = more.get(id);
          expect(isCovered(after) || !isCovered(before)).toBe(true);
          expect(after?.staying).toBeGreaterThanOrEqual(before.staying);
          expect(after?.lingering).toBeGreaterThanOrEqual(before.lingering);
          expect(after?.users.size).toBeGreaterThanOrEqual(before.users.size);
          expect(after?.firstBeatAtMs).toBeLessThanOrEqual(before.firstBeatAtMs);
        }
      }),
      property,
    );
  });

  test('a pattern covers what a list of the facilities that it reaches covers', () => {
    const spelledOut = (session: Session): Session => {
      const reached = (patterns: readonly string[]) =>
        facilityIds.filter((id) => patterns.some((p) => matches(p, id)));
      const ceased = session.ceased.flatMap(({ pattern, ...end }) =>
        reached([pattern]).map((id) => ({ pattern: id, ...end })),
      );
      return { ...session, covers: reached(session.covers), ceased };
    };
    fc.assert(
      fc.property(someSessions, someInstant, (sessions, asOfMs) => {
        expect(told(rolled(sessions, asOfMs))).toEqual(told(rolled(sessions.map(spelledOut), asOfMs)));
      }),
      property,
    );
  });

  test('sessions in one region are those of its parts together', () => {
    fc.assert(
      fc.property(someSessions, someInstant, (sessions, asOfMs) => {
        const whole = rolled(sessions, asOfMs);
        for (const id of facilityIds) {
          const parts = sessions.map((session) => rolled([session], asOfMs).get(id));
          const sum = (pick: (coverage: Coverage) => number) =>
            parts.reduce((total, part) => total + (part === undefined ? 0 : pick(part)), 0);
          expect(whole.get(id)?.staying ?? 0).toBe(sum(({ staying }) => staying));
          expect(whole.get(id)?.lingering ?? 0).toBe(sum(({ lingering }) => lingering));
        }
      }),
      property,
    );
  });
});
