import fc from 'fast-check';
import { digestOf, type Facility, totalsOf } from '../../core/facility';
import { changesMessage } from '../../core/messages';
import type { Commit } from '../../core/region';
import { exists } from '../../core/removal';
import { facilityIds, someGaps, someSessions } from '../support/arbitraries';
import { at, minutes, property, seconds } from '../support/builders';
import { applied, changesIn, type Standing, settling } from '../support/settling';

/** A region's life: settles with whoever is there then; neither clock nor as-of steps back. */
const life = fc.array(
  fc.record({ sessions: someSessions, gaps: someGaps, pauseMs: fc.integer({ min: 0, max: minutes(3) }) }),
  { minLength: 1, maxLength: 6 },
);
type Life = typeof life extends fc.Arbitrary<infer L> ? L : never;

/** Settles once for each of them. @returns all commits and where they lead */
function lived(passes: Life): {
  readonly standing: Standing;
  readonly commits: readonly Commit[];
  readonly asOfMs: number;
} {
  let standing = applied([], settling());
  let asOfMs = at('10:00');
  const commits: Commit[] = [];
  for (const { sessions, gaps, pauseMs } of passes) {
    asOfMs += pauseMs;
    const settlement = settling({ sessions, gaps, asOfMs, ...standing });
    standing = applied(standing.facilities, settlement);
    commits.push(...settlement.commits);
  }
  return { standing, commits, asOfMs };
}

const byId = (facilities: readonly Facility[]) => facilities.toSorted((a, b) => (a.id < b.id ? -1 : 1));

describe('CD1, CD3, CD4 laws of settling', () => {
  test('settling again right away changes nothing, whatever was there before and whoever is waited for', () => {
    fc.assert(
      fc.property(life, (passes) => {
        const { standing, asOfMs } = lived(passes);
        const { sessions = [], gaps = [] } = passes.at(-1) ?? {};
        expect(changesIn(settling({ sessions, gaps, asOfMs, ...standing }))).toEqual([]);
      }),
      property,
    );
  });

  test('each entry’s totals and digest are those of the facilities after it, its seq is the next one', () => {
    fc.assert(
      fc.property(life, (passes) => {
        const facilities = new Map<string, Facility>();
        let seq = 0;
        for (const { entry } of lived(passes).commits) {
          if (entry === undefined) continue;
          seq += 1;
          for (const { facility } of entry.changes) {
            expect(facility.version).toBe(seq);
            expect(facility.sinceMs).toBeGreaterThanOrEqual(facilities.get(facility.id)?.sinceMs ?? 0);
            facilities.set(facility.id, facility);
          }
          expect(entry.seq).toBe(seq);
          expect(entry.digest).toEqual(digestOf([...facilities.values()].filter(exists)));
          expect(entry.totals).toEqual(totalsOf([...facilities.values()].filter(exists)));
        }
      }),
      property,
    );
  });

  test('transitions of a facility alternate between online and offline', () => {
    fc.assert(
      fc.property(life, (passes) => {
        const last = new Map<string, Facility['status']>();
        for (const { facility, transition } of lived(passes).commits.flatMap(
          ({ entry }) => entry?.changes ?? [],
        )) {
          expect(facility.status !== last.get(facility.id)).toBe(transition);
          last.set(facility.id, facility.status);
        }
      }),
      property,
    );
  });

  test('a client that drops what is not newer ends with the same facilities, in whatever order messages come and how often', () => {
    const heard = life.chain((passes) => {
      const entries = lived(passes).commits.flatMap(({ entry }) => entry ?? []);
      const twice = [...entries, ...entries];
      return fc.tuple(
        fc.constant(passes),
        fc.shuffledSubarray(twice, { minLength: twice.length, maxLength: twice.length }),
      );
    });
    fc.assert(
      fc.property(heard, ([passes, entries]) => {
        const shown = new Map<string, ReturnType<typeof changesMessage>['changes'][number]>();
        for (const change of entries.flatMap((entry) => changesMessage(entry).changes)) {
          if (change.version > (shown.get(change.facility)?.version ?? 0)) shown.set(change.facility, change);
        }
        const told = byId(lived(passes).standing.facilities);
        expect([...shown.values()].toSorted((a, b) => (a.facility < b.facility ? -1 : 1))).toMatchObject(
          told.map(({ id, status, sessions, users, version }) => ({
            facility: id,
            status,
            sessions,
            users,
            version,
          })),
        );
      }),
      property,
    );
  });
});

describe('TR1, TR3 what was told offline', () => {
  test('does not come back without a beat, whatever gaps are found later', () => {
    const quiet = fc.array(fc.record({ gaps: someGaps, pauseMs: fc.integer({ min: 0, max: seconds(90) }) }), {
      minLength: 2,
      maxLength: 12,
    });
    fc.assert(
      fc.property(someSessions, quiet, (sessions, passes) => {
        const { commits } = lived(passes.map((pass) => ({ ...pass, sessions })));
        const offline = new Set<string>();
        for (const { facility } of commits.flatMap(({ entry }) => entry?.changes ?? [])) {
          if (facility.status === 'offline') offline.add(facility.id);
          else expect(offline).not.toContain(facility.id);
        }
      }),
      property,
    );
  });
});

test('every facility of these properties is one that they name', () => {
  const found = fc
    .sample(life, { seed: 1, numRuns: 50 })
    .flatMap((passes) => lived(passes).standing.facilities);
  for (const { id } of found) expect(facilityIds).toContain(id);
  expect(new Set(found.map(({ status }) => status)).size).toBe(2);
});
