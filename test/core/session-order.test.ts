import fc from 'fast-check';
import type { ArrivedBeat } from '../../core/beat';
import { leaseEndMs } from '../../core/lease';
import { mergeBeat, type Session } from '../../core/session';
import { defaultTimings } from '../../core/timings';
import { aBeat, at, minutes, plainTimings, property, seconds } from '../support/builders';
import { storedAfter } from '../support/merging';

describe('HB5 duplicates, replays and reordering are no-ops', () => {
  const next = fc.constantFrom(5, 30, 60, 300);
  const offsetMs = fc.integer({ min: 0, max: minutes(50) });
  const covers = fc.subarray(['a', 'b', 'lab/*'], { minLength: 1 });
  const beat = (due: fc.Arbitrary<number>) =>
    fc
      .record({ offsetMs, next: due, covers })
      .map(({ offsetMs: ms, ...words }) => aBeat({ ...words, at: at('10:00') + ms }));
  /** Beats of one session as a shard delivers them: by arrival, no two at once. */
  const shard = (due: fc.Arbitrary<number>) =>
    fc
      .uniqueArray(beat(due), { minLength: 1, maxLength: 12, selector: ({ arrivalMs }) => arrivalMs })
      .map((beats) => beats.toSorted((one, other) => one.arrivalMs - other.arrivalMs));
  const numbered = (beats: readonly ArrivedBeat[]) => beats.map((one, index) => ({ ...one, seq: index }));
  const shuffled = (beats: readonly ArrivedBeat[]) =>
    fc.shuffledSubarray([...beats], { minLength: beats.length, maxLength: beats.length });

  test('replaying any of the beats that were merged changes and writes nothing', () => {
    const replayed = shard(fc.oneof(next, fc.constant(0))).chain((beats) =>
      fc.tuple(fc.constant(beats), fc.subarray(beats)),
    );
    fc.assert(
      fc.property(replayed, ([beats, again]) => {
        const stored = storedAfter(beats);
        for (const old of again) {
          const merge = mergeBeat(stored, old, defaultTimings);
          expect(merge.write).toBe(false);
          expect(merge.session).toEqual(stored);
        }
      }),
      property,
    );
  });

  test.each([
    ['numbered', numbered],
    ['ordered by arrival', (beats: readonly ArrivedBeat[]) => beats],
  ])('renewals, %s, end in the same session in any order', (_, order) => {
    const reordered = shard(next)
      .map(order)
      .chain((beats) => fc.tuple(fc.constant(beats), shuffled(beats)));
    const told = ({ covers, leaseUntilMs, lastBeatAtMs, nextSeconds, seq }: Session) => ({
      covers,
      leaseUntilMs,
      lastBeatAtMs,
      nextSeconds,
      seq,
    });
    fc.assert(
      fc.property(reordered, ([beats, others]) => {
        expect(told(storedAfter(others, plainTimings))).toEqual(told(storedAfter(beats, plainTimings)));
      }),
      property,
    );
  });

  test('the lease only grows until the session leaves, and no beat is cheated of its own (HB3)', () => {
    fc.assert(
      fc.property(shard(next).chain(shuffled), (beats) => {
        let stored: Session | undefined;
        for (const one of beats) {
          const { session, write } = mergeBeat(stored, one, defaultTimings);
          expect(session.leaseUntilMs).toBeGreaterThanOrEqual(stored?.leaseUntilMs ?? 0);
          const kept = write ? session : (stored ?? session);
          expect(kept.leaseUntilMs).toBeGreaterThanOrEqual(
            leaseEndMs(one.arrivalMs, one.nextSeconds, defaultTimings),
          );
          stored = kept;
        }
      }),
      property,
    );
  });

  test('once a goodbye is among them, the session has left, and within the grace its lease ends', () => {
    const withGoodbye = fc
      .tuple(shard(next), beat(fc.constant(0)))
      .chain(([beats, goodbye]) => fc.tuple(fc.constant(goodbye), shuffled([...beats, goodbye])));
    fc.assert(
      fc.property(withGoodbye, ([goodbye, beats]) => {
        const stored = storedAfter(beats);
        expect(stored.leftAtMs).toBe(goodbye.arrivalMs);
        expect(stored.leaseUntilMs).toBeLessThanOrEqual(goodbye.arrivalMs + seconds(10));
      }),
      property,
    );
  });
});
