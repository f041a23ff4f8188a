import fc from 'fast-check';
import { newStanding, refusalsAfter, type Standing, standingAfter } from '../../core/as-of';
import { endOf, maxPostponementMs, shortestGapMs } from '../../core/silence';
import { defaultTimings as t } from '../../core/timings';
import { someGaps, someInstant } from '../support/arbitraries';
import { aSession, at, minutes, property } from '../support/builders';

const shards = ['a', 'b'].map((shardId) => ({ shardId, parents: [], open: true, firstHashKey: '0' }));
const tick = fc.record({
  pauseMs: fc.integer({ min: 0, max: minutes(2) }),
  a: someInstant,
  b: someInstant,
  canaryMs: someInstant,
  refused: fc.boolean(),
});
const ticks = fc.array(tick, { minLength: 1, maxLength: 25 });
type Tick = typeof tick extends fc.Arbitrary<infer T> ? T : never;

/** Ticks with watermarks that come in any order, as they do when batches are retried and monitors overlap. */
function stood(
  given: readonly Tick[],
  look: (before: Standing, after: Standing, tick: Tick) => void,
): Standing {
  let standing: Standing = { ...newStanding, asOfMs: at('09:59'), endpointMs: at('09:59') };
  let nowMs = at('10:00');
  let refusals: ReturnType<typeof refusalsAfter> | undefined;
  for (const each of given) {
    nowMs += each.pauseMs;
    if (each.refused) refusals = refusalsAfter(refusals, nowMs, t);
    const watermarks = new Map([
      ['a', each.a],
      ['b', each.b],
    ]);
    const endpoint = { canaryMs: each.canaryMs, ...(refusals && { refusals }) };
    const after = standingAfter(standing, shards, { shards: watermarks, endpoint }, nowMs, t);
    look(standing, after, each);
    standing = after;
  }
  return standing;
}

describe('TR1, TR2 laws of as-of', () => {
  test('it never steps back, nor does the endpoint’s part of it, and it never passes the smallest watermark', () => {
    fc.assert(
      fc.property(ticks, (given) => {
        stood(given, (before, after, { a, b, canaryMs }) => {
          expect(after.asOfMs).toBeGreaterThanOrEqual(before.asOfMs);
          expect(after.endpointMs).toBeGreaterThanOrEqual(before.endpointMs);
          expect(after.asOfMs).toBeLessThanOrEqual(
            Math.max(before.asOfMs, Math.min(a, b, Math.max(canaryMs, before.endpointMs))),
          );
        });
      }),
      property,
    );
  });

  test('looking again at the same watermarks changes nothing', () => {
    fc.assert(
      fc.property(ticks, (given) => {
        const last = given.at(-1);
        if (last === undefined) return;
        const standing = stood(given, () => {});
        const again = stood([...given, { ...last, pauseMs: 0, refused: false }], () => {});
        expect(again).toEqual(standing);
      }),
      property,
    );
  });

  test('of two orders in which watermarks rise, both end where the largest lead', () => {
    const rising = fc
      .array(fc.record({ a: someInstant, b: someInstant, canaryMs: someInstant }), {
        minLength: 1,
        maxLength: 8,
      })
      .map((given) => given.map((each) => ({ ...each, pauseMs: 0, refused: false })));
    fc.assert(
      fc.property(rising, (given) => {
        const top = (pick: (each: Tick) => number) => Math.max(...given.map(pick));
        const summit = {
          a: top(({ a }) => a),
          b: top(({ b }) => b),
          canaryMs: top(({ canaryMs }) => canaryMs),
        };
        const last = { ...summit, pauseMs: 0, refused: false };
        expect(stood([...given, last], () => {}).asOfMs).toBe(stood([last], () => {}).asOfMs);
      }),
      property,
    );
  });

  test('TR3 wherever it jumped further than the most impatient session can miss, a gap covers the jump', () => {
    fc.assert(
      fc.property(ticks, (given) => {
        stood(given, (before, after) => {
          if (after.asOfMs - before.asOfMs <= shortestGapMs(t)) return;
          expect(after.gaps.some((gap) => gap.fromMs <= before.asOfMs && gap.untilMs >= after.asOfMs)).toBe(
            true,
          );
        });
      }),
      property,
    );
  });

  test('TR3 gaps are told by their beginnings, bounded in number, and none within another', () => {
    fc.assert(
      fc.property(ticks, (given) => {
        const { gaps } = stood(given, () => {});
        expect(gaps.length).toBeLessThanOrEqual(32);
        expect(gaps).toEqual(gaps.toSorted((one, other) => one.fromMs - other.fromMs));
        for (const [index, gap] of gaps.entries()) {
          const others = gaps.toSpliced(index, 1);
          expect(others).not.toContainEqual(gap);
        }
      }),
      property,
    );
  });
});

describe('TR3 laws of patience', () => {
  const silent = fc
    .record({
      since: someInstant,
      lasts: fc.integer({ min: 1, max: minutes(5) }),
      next: fc.constantFrom(5, 30, 60, 300),
    })
    .map(({ lasts, ...words }) => aSession({ ...words, until: words.since + lasts }));

  test('a timeout is never told before the lease, nor more than the bound after it', () => {
    fc.assert(
      fc.property(silent, someGaps, (session, gaps) => {
        const { tellFromMs, despiteGaps, atMs } = endOf(session, gaps, t);
        expect(atMs).toBe(session.leaseUntilMs);
        expect(tellFromMs).toBeGreaterThanOrEqual(session.leaseUntilMs);
        expect(tellFromMs).toBeLessThanOrEqual(session.leaseUntilMs + maxPostponementMs);
        if (despiteGaps) expect(tellFromMs).toBe(session.leaseUntilMs + maxPostponementMs);
      }),
      property,
    );
  });

  test('a gap more, a longer one, or one in which more was lost, never makes anybody wait shorter', () => {
    fc.assert(
      fc.property(
        silent,
        someGaps,
        fc.nat(5),
        fc.integer({ min: 0, max: minutes(1) }),
        (session, gaps, which, moreMs) => {
          const until = (given: typeof gaps) => endOf(session, given, t).tellFromMs;
          const whole = until(gaps);
          expect(until(gaps.toSpliced(which, 1))).toBeLessThanOrEqual(whole);
          const longer = gaps.map((gap, index) =>
            index === which ? { ...gap, untilMs: gap.untilMs + moreMs } : gap,
          );
          expect(until(longer)).toBeGreaterThanOrEqual(whole);
          const worse = gaps.map((gap, index) => (index === which ? { ...gap, lossy: true as const } : gap));
          expect(until(worse)).toBeGreaterThanOrEqual(whole);
        },
      ),
      { ...property, numRuns: 1_000 },
    );
  });

  test('a later lease never makes anybody be told earlier', () => {
    fc.assert(
      fc.property(silent, someGaps, fc.integer({ min: 0, max: minutes(2) }), (session, gaps, moreMs) => {
        const longer = { ...session, leaseUntilMs: session.leaseUntilMs + moreMs };
        expect(endOf(longer, gaps, t).tellFromMs).toBeGreaterThanOrEqual(endOf(session, gaps, t).tellFromMs);
      }),
      { ...property, numRuns: 1_000 },
    );
  });
});
