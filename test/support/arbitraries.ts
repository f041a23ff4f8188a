import fc from 'fast-check';
import type { ArrivedBeat } from '../../core/beat';
import type { Pattern } from '../../core/pattern';
import type { Session } from '../../core/session';
import type { Gap } from '../../core/silence';
import { aBeat, aSession, at, minutes, seconds } from './builders';

/** Facility ids that properties speak of: some share a prefix, some are names of a prototype. */
export const facilityIds = ['a', 'b', '__proto__', 'lab/1', 'lab/2', 'labour'] as const;

export const somePatterns: fc.Arbitrary<readonly Pattern[]> = fc.subarray(
  [...facilityIds, 'lab/*', 'lab*', '*'],
  { minLength: 1, maxLength: 4 },
);

/** Within ten minutes from ten o'clock on. */
export const someInstant = fc.integer({ min: 0, max: minutes(10) }).map((ms) => at('10:00') + ms);

/** Beats of one session as a shard delivers them: by arrival, no two at once; goodbyes are rare. */
export const beatsOfOneSession = (
  next: fc.Arbitrary<number> = fc.constantFrom(5, 30, 30, 60, 300, 0),
): fc.Arbitrary<readonly [ArrivedBeat, ...ArrivedBeat[]]> =>
  fc
    .uniqueArray(
      fc.record({
        offsetMs: fc.integer({ min: 0, max: minutes(100) }),
        next,
        covers: somePatterns,
        attributes: fc.option(
          fc.constantFrom('happy', 'sad').map((mood) => new Map([['mood', mood]])),
          { nil: undefined },
        ),
      }),
      { minLength: 1, maxLength: 12, selector: ({ offsetMs }) => offsetMs },
    )
    .chain((beats) => fc.tuple(fc.constant(beats), fc.boolean()))
    .map(([beats, numbered]) => {
      const sorted = beats.toSorted((one, other) => one.offsetMs - other.offsetMs);
      const [first, ...rest] = sorted.map(({ offsetMs, attributes, ...words }, index) =>
        aBeat({
          ...words,
          at: at('10:00') + offsetMs,
          ...(attributes && { attributes }),
          ...(numbered && { seq: index }),
        }),
      );
      return [first ?? aBeat(), ...rest];
    });

const session: fc.Arbitrary<Session> = fc
  .record({
    of: fc.constantFrom('ann', 'bob'),
    covers: somePatterns,
    dropped: fc.subarray([...facilityIds], { maxLength: 1 }),
    since: someInstant,
    lasts: fc.integer({ min: 0, max: minutes(5) }),
    next: fc.constantFrom(5, 30, 60),
    goodbyeAfter: fc.option(fc.integer({ min: 0, max: minutes(5) }), { nil: undefined }),
  })
  .map(({ lasts, goodbyeAfter, ...words }) => {
    const until = words.since + lasts;
    if (goodbyeAfter === undefined) return aSession({ ...words, until });
    const leftAt = words.since + goodbyeAfter;
    return aSession({ ...words, leftAt, until: Math.min(until, leftAt + seconds(10)) });
  });

/** Sessions of one region, each another one; some have said goodbye. */
export const someSessions: fc.Arbitrary<readonly Session[]> = fc
  .array(session, { maxLength: 8 })
  .map((sessions) => sessions.map((one, index) => ({ ...one, sessionId: `s${index}` })));

/** Gaps as a standing holds them: by their beginnings. */
export const someGaps: fc.Arbitrary<readonly Gap[]> = fc
  .array(
    fc.record({
      fromMs: someInstant,
      lasts: fc.oneof(fc.integer({ min: 1, max: seconds(40) }), fc.integer({ min: 1, max: minutes(5) })),
      lossy: fc.boolean(),
    }),
    { maxLength: 6 },
  )
  .map((gaps) =>
    gaps
      .map(({ fromMs, lasts, lossy }) => ({
        fromMs,
        untilMs: fromMs + lasts,
        ...(lossy && { lossy: true as const }),
      }))
      .toSorted((one, other) => one.fromMs - other.fromMs),
  );
