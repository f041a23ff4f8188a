import fc from 'fast-check';
import type { ArrivedBeat } from '../../core/beat';
import { leaseEndMs, longestReserveMs } from '../../core/lease';
import { type Merge, mergeBeat, mergeBeats, type Session } from '../../core/session';
import { defaultTimings as t } from '../../core/timings';
import { beatsOfOneSession } from '../support/arbitraries';
import { hours, property } from '../support/builders';
import { storedAfter } from '../support/merging';

type Beats = readonly [ArrivedBeat, ...ArrivedBeat[]];
const renewals = beatsOfOneSession(fc.constantFrom(5, 30, 60, 300));
const withCut = beatsOfOneSession().chain((beats) =>
  fc.tuple(fc.constant(beats), fc.integer({ min: 0, max: beats.length })),
);

/** One merge after the other, as if each beat had come alone. */
function oneByOne(
  stored: Session | undefined,
  beats: readonly ArrivedBeat[],
): Omit<Merge, 'session'> & { session?: Session } {
  let [session, write, marks] = [stored, false, false];
  let attributes: Merge['attributes'];
  for (const beat of beats) {
    const merge = mergeBeat(session, beat, t);
    session = merge.session;
    write ||= merge.write;
    marks ||= merge.marks;
    attributes = merge.attributes ?? attributes;
  }
  return { ...(session && { session }), write, marks, ...(attributes && { attributes }) };
}

describe('HB5 laws of merging beats', () => {
  test('folding a batch is folding one by one, wherever the stream cuts it into batches', () => {
    fc.assert(
      fc.property(withCut, ([beats, cut]) => {
        const before = cut === 0 ? undefined : storedAfter(beats.slice(0, cut));
        const [first, ...rest] = beats.slice(cut);
        if (first === undefined) return;
        expect(mergeBeats(before, [first, ...rest], t)).toEqual(oneByOne(before, [first, ...rest]));
        expect(storedAfter(beats)).toEqual(mergeBeats(before, [first, ...rest], t).session);
      }),
      property,
    );
  });

  test('a beat that is merged twice in a row is merged once, and marks the region again if it had', () => {
    fc.assert(
      fc.property(withCut, ([beats, cut]) => {
        const before = cut === 0 ? undefined : storedAfter(beats.slice(0, cut));
        const beat = beats[cut] ?? beats[0];
        const once = mergeBeat(before, beat, t);
        const twice = mergeBeat(once.session, beat, t);
        expect(twice.session).toEqual(once.session);
        expect(twice.write).toBe(false);
        if (once.write && beats[cut] !== undefined) expect(twice.marks || !once.marks).toBe(true);
      }),
      property,
    );
  });

  test('a whole batch of less than an hour that is delivered again changes nothing', () => {
    fc.assert(
      fc.property(beatsOfOneSession(), (beats) => {
        // Records are discarded long before (`maxRecordAgeSeconds`); beyond it an id may have begun anew.
        fc.pre((beats.at(-1) ?? beats[0]).arrivalMs < beats[0].arrivalMs + hours(1));
        const stored = storedAfter(beats);
        const again = mergeBeats(stored, beats, t);
        expect({ session: again.session, write: again.write }).toEqual({ session: stored, write: false });
      }),
      property,
    );
  });

  test('leaving is final: for an hour no beat changes a session that left', () => {
    fc.assert(
      fc.property(beatsOfOneSession(), beatsOfOneSession(), (beats, later) => {
        const stored = storedAfter(beats);
        if (stored.leftAtMs === undefined) return;
        for (const beat of later) {
          const merge = mergeBeat(stored, beat, t);
          if (beat.arrivalMs < stored.leftAtMs + hours(1))
            expect(merge).toMatchObject({ session: stored, write: false });
          else expect(merge.session.startedAtMs).toBe(beat.arrivalMs);
        }
      }),
      property,
    );
  });

  test('a session never covers anything that none of its beats named', () => {
    fc.assert(
      fc.property(beatsOfOneSession(), (beats) => {
        const named = new Set(beats.flatMap(({ covers }) => covers));
        const { covers, ceased } = storedAfter(beats);
        const once = ceased.map(({ pattern }) => pattern);
        for (const pattern of [...covers, ...once]) expect(named).toContain(pattern);
        for (const pattern of once) expect(covers).not.toContain(pattern);
        expect(new Set(once).size).toBe(once.length);
      }),
      property,
    );
  });
});

describe('HB6 what is written', () => {
  /** What the table holds, when a store keeps only what it must, and a cache what was written. */
  const written = (beats: Beats, look: (table: Session, beat: ArrivedBeat) => void) => {
    let [table, cache]: (Session | undefined)[] = [];
    for (const beat of beats) {
      const merge = mergeBeat(cache, beat, t);
      cache = merge.write ? { ...merge.session, revision: merge.session.revision + 1 } : merge.session;
      if (merge.write) table = cache;
      if (table !== undefined) look(table, beat);
    }
    return { table, cache };
  };

  test('always covers the lease of every beat, and never more than its reserve beyond', () => {
    fc.assert(
      fc.property(renewals, (beats) => {
        let mostMs = 0;
        written(beats, (table, beat) => {
          const leaseMs = leaseEndMs(beat.arrivalMs, beat.nextSeconds, t);
          mostMs = Math.max(mostMs, leaseMs + longestReserveMs(beat.nextSeconds, t));
          expect(table.leaseUntilMs).toBeGreaterThanOrEqual(leaseMs);
          expect(table.leaseUntilMs).toBeLessThanOrEqual(mostMs);
        });
      }),
      property,
    );
  });

  test('says what the cache says of facilities, goodbye and attributes', () => {
    fc.assert(
      fc.property(beatsOfOneSession(), (beats) => {
        const { table, cache } = written(beats, () => {});
        const { covers, coversSinceMs, ceased, leftAtMs, attributes, leaseUntilMs } = cache as Session;
        const told = {
          covers,
          coversSinceMs,
          ceased,
          leaseUntilMs,
          ...(leftAtMs !== undefined && { leftAtMs }),
        };
        expect(table).toMatchObject({ ...told, ...(attributes && { attributes }) });
      }),
      property,
    );
  });
});
