import type { Facility } from '../../core/facility';
import { presenceDifferences } from '../../core/presence';
import type { SettleInput } from '../../core/settle';
import { aFacility, aHead, anOfflineFacility, aSession, at, hours, issuer } from '../support/builders';
import { changesIn, settling, toldBy } from '../support/settling';

/** `clinic-7`, removed at ten. */
const removed = (given: Partial<Facility> = {}): Facility => ({
  ...anOfflineFacility('clinic-7', {
    reason: 'removed',
    sinceMs: at('10:00'),
    recentChangesMs: [],
    ...given,
  }),
  removedAtMs: at('10:00'),
});

/** What a settle decides of a region that has lost `clinic-7`. */
const settledAt = (time: string, given: Partial<SettleInput> = {}) =>
  settling({ facilities: [removed()], head: aHead([], { seq: 4 }), asOfMs: at(time), ...given });

const covering = (...covers: string[]) => [aSession({ covers, since: at('09:50'), until: at('12:00') })];

describe('CD1 within an hour of its removal', () => {
  test.each(['clinic-7', 'clinic-*', '*'])('a session for %s does not bring a facility back', (pattern) => {
    expect(changesIn(settledAt('10:59:59.999', { sessions: covering(pattern) }))).toEqual([]);
  });

  test('the region is due when the hour is over', () => {
    expect(settledAt('10:05').commits[0].head.dueAtMs).toBe(at('11:00'));
    expect(settledAt('11:00').commits[0].head.dueAtMs).toBeUndefined();
  });

  test('its removal stands for an hour of as-of, also while that stands still', () => {
    const given = { sessions: covering('clinic-7'), nowMs: at('13:00') };
    expect(changesIn(settledAt('10:30', given))).toEqual([]);
  });
});

describe('CD1 an hour after its removal', () => {
  test('TR5 a session that names a facility registers it anew, online since the hour was over', () => {
    expect(toldBy(settledAt('11:00', { sessions: covering('clinic-7') }))).toEqual([
      aFacility('clinic-7', {
        sinceMs: at('11:00'),
        decidedAtMs: at('11:00'),
        decidedAsOfMs: at('11:00'),
        version: 5,
        recentChangesMs: [at('11:00')],
      }),
    ]);
  });

  test('TR5 or since its first beat, where that came later', () => {
    const sessions = [aSession({ since: at('11:10'), until: at('12:00') })];
    expect(toldBy(settledAt('11:11', { sessions }))).toMatchObject([{ sinceMs: at('11:10') }]);
  });

  test('it is counted again', () => {
    const [{ entry }] = settledAt('11:00', { sessions: covering('clinic-7') }).commits;
    expect(entry).toMatchObject({ totals: { facilities: 1, online: 1 }, digest: { count: 1, sum: 5 } });
  });

  test('a pattern does not: it covers what is registered, and this no longer is', () => {
    expect(changesIn(settledAt('11:00', { sessions: covering('*') }))).toEqual([]);
  });
});

describe('CD1 whoever is present when it is removed', () => {
  const told = { digest: '1:1', seq: 3, fromSeq: 3, decidedAtMs: at('09:50') };

  test.each(['clinic-7', 'clinic-*'])('leaves with it, given a session for %s', (pattern) => {
    const facilities = [removed({ presence: told })];
    const { presenceDue } = settledAt('10:00:05', { facilities, sessions: covering(pattern) });
    expect(presenceDue).toMatchObject([{ facility: { id: 'clinic-7' } }]);
    const present = [{ user: `${issuer} ann`, sinceMs: at('09:50') }];
    expect(presenceDifferences(present, presenceDue[0]?.coverage, at('10:00:05'))).toMatchObject([
      { event: 'leave', user: `${issuer} ann`, atMs: at('10:00') },
    ]);
  });
});

describe('HB7 what is left of a removed facility', () => {
  const aWeek = 7 * hours(24);
  const remainsAt = (asOfMs: number, nowMs: number, given: Partial<SettleInput> = {}) =>
    settledAt('10:00', { asOfMs, nowMs, ...given }).remains;

  test('is needed for a week by both clocks, so that whoever slept does not take a new life for the old', () => {
    const end = at('10:00') + aWeek;
    expect(remainsAt(end + 1, end + 1)).toEqual([removed()]);
    expect(remainsAt(end, end + 1)).toEqual([]);
    expect(remainsAt(end + 1, end)).toEqual([]);
  });

  test('is none of one that came back', () => {
    const end = at('10:00') + aWeek + 1;
    const sessions = [aSession({ since: end - 1, until: end + 1 })];
    expect(remainsAt(end, end, { sessions })).toEqual([]);
  });
});
