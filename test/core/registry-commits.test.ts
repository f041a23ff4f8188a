import fc from 'fast-check';
import { digestOf, type Facility, totalsOf } from '../../core/facility';
import { type Commit, newHead } from '../../core/region';
import type { FacilityRegistry } from '../../core/registry';
import {
  type RegistryState,
  regionRegistration,
  registration,
  registryOf,
  removal,
} from '../../core/registry-commits';
import { exists } from '../../core/removal';
import { aFacility, aHead, anOfflineFacility, aSession, at, hours, property } from '../support/builders';
import { applied, committed, type Standing, settling } from '../support/settling';

const named: FacilityRegistry = { name: 'Clinic seven' };

/** What a registry change at five past ten is made from, in a region of these facilities. */
function stateOf(
  facilities: readonly Facility[],
  id: string,
  given: Partial<RegistryState> = {},
): RegistryState {
  const row = facilities.find((facility) => facility.id === id);
  return {
    head: aHead(facilities.filter(exists), { seq: 9, revision: 12 }),
    ...(row && { row }),
    fresh: { asOfMs: at('10:04:58'), delayed: false },
    nowMs: at('10:05'),
    ...given,
  };
}

const committing = (facilities: readonly Facility[], id: string, registry: FacilityRegistry) =>
  registration(id, registry, stateOf(facilities, id));

describe('CD1 a facility that the registry begins', () => {
  const commit = committing([aFacility('ward')], 'clinic-7', named);

  test('is offline since now, because it was registered', () => {
    expect(commit?.entry?.changes).toEqual([
      {
        facility: {
          id: 'clinic-7',
          status: 'offline',
          reason: 'registered',
          sinceMs: at('10:05'),
          decidedAtMs: at('10:05'),
          decidedAsOfMs: at('10:04:58'),
          sessions: 0,
          users: 0,
          version: 10,
          flapping: false,
          recentChangesMs: [],
        },
        transition: false,
        registry: named,
      },
    ]);
  });

  test('takes the next seq and revision, and is counted', () => {
    expect(commit?.head).toMatchObject({ seq: 10, revision: 13, digest: { count: 2, sum: 11 } });
    expect(commit?.entry).toMatchObject({
      seq: 10,
      asOfMs: at('10:04:58'),
      delayed: false,
      totals: { facilities: 2, online: 1, offline: 1, state: 'partial' },
      digest: { count: 2, sum: 11 },
    });
  });

  test('CD2 is told as a change of the region where its state changes by it', () => {
    expect(commit?.entry?.regionChange).toEqual({
      state: 'partial',
      previousState: 'up',
      cameOnline: 0,
      wentOffline: 0,
    });
    expect(commit?.head.toldState).toBe('partial');
    expect(committing([anOfflineFacility('ward')], 'clinic-7', named)?.entry).not.toHaveProperty(
      'regionChange',
    );
  });

  test('leaves to the session monitor when the region is due, and waits for it', () => {
    const head = aHead([], {
      dueAtMs: at('11:00'),
      coveredMark: 7,
      settledAtMs: at('10:00'),
      asOfMs: at('10:00'),
    });
    const { dueAtMs, coveredMark, settledAtMs, asOfMs } =
      registration('clinic-7', named, stateOf([], 'clinic-7', { head }))?.head ?? newHead('', '');
    expect({ dueAtMs, coveredMark, settledAtMs, asOfMs }).toEqual({
      dueAtMs: at('11:00'),
      coveredMark: 7,
      settledAtMs: at('10:00'),
      asOfMs: at('10:00'),
    });
    expect(commit?.yieldsAtMs).toBe(at('10:05'));
  });

  test('may be the first of its region', () => {
    const head = newHead('north', 'e1');
    const first = registration('clinic-7', {}, stateOf([], 'clinic-7', { head }));
    expect(first?.head).toMatchObject({ epoch: 'e1', seq: 1, revision: 1, totals: { state: 'down' } });
  });
});

describe('CD1 a facility that is there', () => {
  test.each([aFacility('clinic-7', { sessions: 3 }), anOfflineFacility('clinic-7')])(
    'keeps all of its status: %p',
    (facility) => {
      const [change] = committing([facility], 'clinic-7', named)?.entry?.changes ?? [];
      expect(change).toEqual({ facility: { ...facility, version: 10 }, transition: false, registry: named });
    },
  );

  test('has what it is given and nothing of what it had', () => {
    const before = aFacility('clinic-7', { registry: { name: 'Clinic', tags: ['a'] } });
    expect(committing([before], 'clinic-7', { address: 'Here 1' })?.entry?.changes[0]?.registry).toEqual({
      address: 'Here 1',
    });
  });

  test('is not told again when it has that already', () => {
    const before = aFacility('clinic-7', { registry: named });
    expect(committing([before], 'clinic-7', named)).toBeUndefined();
    expect(committing([aFacility('clinic-7')], 'clinic-7', {})).toBeDefined();
  });
});

describe('CD1 removing a facility', () => {
  const facilities = [aFacility('clinic-7', { flapping: true }), aFacility('ward'), anOfflineFacility('lab')];
  const remove = (id: string) => {
    const state = stateOf(facilities, id);
    return removal(state.row ?? aFacility(id), state);
  };

  test('TR5 is a transition to offline with the reason removed', () => {
    const [change] = remove('clinic-7').entry?.changes ?? [];
    expect(change).toMatchObject({
      transition: true,
      lastedMs: at('10:05') - at('10:00'),
      facility: {
        status: 'offline',
        reason: 'removed',
        sinceMs: at('10:05'),
        sessions: 0,
        users: 0,
        version: 10,
        flapping: false,
        recentChangesMs: [],
        removedAtMs: at('10:05'),
      },
    });
  });

  test('TR5 never ends a state before it began', () => {
    const late = aFacility('clinic-7', { sinceMs: at('10:05:01') });
    const [change] = removal(late, stateOf([late], 'clinic-7')).entry?.changes ?? [];
    expect(change?.facility).toMatchObject({ sinceMs: at('10:05:01'), removedAtMs: at('10:05:01') });
    expect(change?.lastedMs).toBe(0);
  });

  test('CD4 takes it out of totals and digest', () => {
    expect(remove('clinic-7').entry).toMatchObject({
      totals: { facilities: 2, online: 1, offline: 1 },
      digest: { count: 2, sum: 2 },
    });
  });

  test('CD2 of the last one that is offline makes the region up, and nobody went offline', () => {
    expect(remove('lab').entry?.regionChange).toEqual({
      state: 'up',
      previousState: 'partial',
      cameOnline: 0,
      wentOffline: 0,
    });
  });
});

describe('CD1 a region', () => {
  const facilities = [aFacility('a'), anOfflineFacility('b')];
  const register = (registry: Parameters<typeof regionRegistration>[0], head = aHead(facilities)) =>
    regionRegistration(registry, stateOf(facilities, '', { head }));

  test('has its state by its thresholds at once, in an entry without changes', () => {
    const thresholds = { upFrom: 0.5, downBelow: 0 };
    const commit = register({ name: 'The north', thresholds });
    expect(commit?.head).toMatchObject({
      name: 'The north',
      thresholds,
      seq: 2,
      revision: 2,
      toldState: 'up',
    });
    expect(commit?.entry).toMatchObject({
      seq: 2,
      changes: [],
      totals: { state: 'up' },
      thresholds,
      registry: { name: 'The north', thresholds },
      regionChange: { state: 'up', previousState: 'partial', cameOnline: 0, wentOffline: 0 },
    });
  });

  test('has what it is given and nothing of what it had', () => {
    const head = aHead(facilities, { name: 'North', thresholds: { upFrom: 0.5, downBelow: 0 } });
    const commit = register({ name: 'The north' }, head);
    expect(commit && registryOf(commit.head)).toEqual({ name: 'The north' });
    expect(commit?.entry).not.toHaveProperty('thresholds');
    expect(commit?.entry?.totals.state).toBe('partial');
  });

  test('is not told again when it has that already, unless nobody has heard of it', () => {
    expect(register({ name: 'North' }, aHead(facilities, { name: 'North' }))).toBeUndefined();
    expect(register({}, newHead('north', 'e1'))?.head).toMatchObject({ seq: 1, revision: 1 });
  });
});

describe('CD1, CD4 whatever people and beats do in whatever order', () => {
  const ids = ['a', 'b', 'lab/1', '__proto__'];
  const id = fc.constantFrom(...ids);
  const step = fc.oneof(
    fc.record({ kind: fc.constant('put' as const), id, name: fc.constantFrom('x', 'y') }),
    fc.record({ kind: fc.constant('delete' as const), id }),
    fc.record({ kind: fc.constant('settle' as const), covers: fc.subarray([...ids, 'lab/*', '*']) }),
  );
  const steps = fc.array(fc.tuple(step, fc.integer({ min: 0, max: hours(1) })), { maxLength: 25 });
  type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

  /** The commits of one step at an instant, from what stands. */
  function commitsOf(what: Step, { head, facilities }: Standing, nowMs: number): readonly Commit[] {
    if (what.kind === 'settle') {
      const sessions = [aSession({ covers: what.covers, since: at('09:00'), until: nowMs + 1 })];
      return settling({ sessions, head, facilities, asOfMs: nowMs }).commits;
    }
    const row = facilities.find((facility) => facility.id === what.id);
    const state = { head, ...(row && { row }), fresh: { asOfMs: nowMs, delayed: false }, nowMs };
    if (what.kind === 'delete') return row && exists(row) ? [removal(row, state)] : [];
    const commit = registration(what.id, { name: what.name }, state);
    return commit ? [commit] : [];
  }

  /** Everything that is told, one step after the other. */
  function play(
    given: readonly (readonly [Step, number])[],
    look: (after: Standing, commit: Commit, nowMs: number) => void,
  ) {
    let standing: Standing = { head: newHead('north', 'e1'), facilities: [] };
    let nowMs = at('10:00');
    for (const [what, pause] of given) {
      nowMs += pause;
      for (const commit of commitsOf(what, standing, nowMs)) {
        expect(commit.head.revision).toBe(standing.head.revision + 1);
        standing = committed(standing, commit);
        look(standing, commit, nowMs);
      }
    }
  }

  test('totals and digest are those of the facilities that are there', () => {
    fc.assert(
      fc.property(steps, (given) => {
        play(given, ({ head, facilities }) => {
          expect(head.totals).toEqual(totalsOf(facilities.filter(exists)));
          expect(head.digest).toEqual(digestOf(facilities.filter(exists)));
        });
      }),
      property,
    );
  });

  test('versions and instants of a facility only grow, over removals too, and seq has no gaps', () => {
    fc.assert(
      fc.property(steps, (given) => {
        const last = new Map<string, Facility>();
        let seq = 0;
        play(given, (_, { entry }) => {
          if (entry === undefined) return;
          seq += 1;
          expect(entry.seq).toBe(seq);
          for (const { facility } of entry.changes) {
            const before = last.get(facility.id);
            expect(facility.version).toBeGreaterThan(before?.version ?? 0);
            expect(facility.sinceMs).toBeGreaterThanOrEqual(before?.sinceMs ?? 0);
            last.set(facility.id, facility);
          }
        });
      }),
      property,
    );
  });

  test('what was removed comes back by beats an hour later at the earliest, by a request at any time', () => {
    fc.assert(
      fc.property(steps, (given) => {
        const removedAt = new Map<string, number>();
        play(given, (_, { entry }, nowMs) => {
          for (const { facility } of entry?.changes ?? []) {
            const removedAtMs = removedAt.get(facility.id);
            if (facility.reason === 'removed') removedAt.set(facility.id, nowMs);
            else if (facility.reason === 'registered') removedAt.delete(facility.id);
            else if (removedAtMs !== undefined) {
              expect(nowMs).toBeGreaterThanOrEqual(removedAtMs + hours(1));
              expect(facility.sinceMs).toBeGreaterThanOrEqual(removedAtMs + hours(1));
              removedAt.delete(facility.id);
            }
          }
        });
      }),
      property,
    );
  });

  test('settles leave alone what the registry says', () => {
    fc.assert(
      fc.property(steps, (given) => {
        const said = new Map<string, FacilityRegistry | undefined>();
        play(given, ({ facilities }, { entry }) => {
          for (const { facility, registry } of entry?.changes ?? []) {
            if (registry !== undefined) said.set(facility.id, registry);
            if (facility.reason === 'removed') said.set(facility.id, undefined);
          }
          for (const facility of facilities) expect(facility.registry).toEqual(said.get(facility.id));
        });
      }),
      property,
    );
  });
});

test('CD5 a settle that follows a settle tells nothing new, removed facilities or not, before it is due', () => {
  const tombstone = {
    ...anOfflineFacility('clinic-7', { reason: 'removed', flapping: false }),
    removedAtMs: at('10:00'),
  };
  const sessions = [aSession({ until: at('12:00') })];
  const once = applied(
    [tombstone],
    settling({ sessions, facilities: [tombstone], asOfMs: at('10:05'), head: aHead() }),
  );
  expect(once.head).toMatchObject({ seq: 0, dueAtMs: at('11:00') });
  const then = settling({ sessions, ...once, asOfMs: at('11:00') });
  expect(then.commits[0].entry?.changes).toMatchObject([
    { facility: { status: 'online', sinceMs: at('11:00'), version: 1 }, transition: true },
  ]);
});
