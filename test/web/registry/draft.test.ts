import type { FacilityRegistry, RegionRegistry } from '../../../core/registry';
import {
  facilityDraftOf,
  facilityIn,
  localMinuteText,
  regionDraftOf,
  regionIn,
  windowIn,
  withChanges,
  withoutWindow,
  withWindow,
} from '../../../web/registry/draft';

const window = { from: '2026-03-01T22:00:00.000Z', to: '2026-03-02T04:00:00.000Z', note: 'cables' };
const seven = {
  name: 'Clinic \u202Eseven <b>',
  address: 'Long Street 7',
  coordinates: { latitude: 52.52, longitude: -13.4 },
  timeZone: 'Europe/Berlin',
  tags: ['cold', 'a;b'],
};

describe("a facility's form", () => {
  test('given nobody changes it, then it says what was there', () => {
    expect(facilityIn(facilityDraftOf(seven))).toEqual({ value: seven });
    expect(facilityIn(facilityDraftOf({}))).toEqual({ value: {} });
  });

  test('given several fields are wrong, then each says so, in the words of the server', () => {
    const { faults } = facilityIn({
      ...facilityDraftOf(seven),
      latitude: '95',
      longitude: 'far',
      timeZone: 'Mars!',
    });
    expect(faults).toEqual({
      latitude: 'Expected degrees from -90 to 90.',
      timeZone: 'Expected the name of a time zone, such as Europe/Madrid.',
    });
    expect(facilityIn({ ...facilityDraftOf(seven), longitude: 'far' }).faults).toEqual({
      longitude: 'Expected degrees from -180 to 180.',
    });
    expect(facilityIn({ ...facilityDraftOf({}), latitude: '5' }).faults).toEqual({
      longitude: 'Expected degrees from -180 to 180.',
    });
    expect(facilityIn({ ...facilityDraftOf({}), name: 'x'.repeat(201) }).faults).toHaveProperty('name');
  });

  test('numbers may have a comma, tags spaces around them, and an empty field says nothing', () => {
    const draft = { ...facilityDraftOf({}), latitude: '52,5', longitude: '13', tags: ' a ; ;b', name: '  ' };
    expect(facilityIn(draft)).toEqual({
      value: { coordinates: { latitude: 52.5, longitude: 13 }, tags: ['a', 'b'] },
    });
  });

  test('given somebody else changed another field meanwhile, then theirs stays', () => {
    const now: FacilityRegistry = { name: 'Clinic 7', tags: ['new'], maintenance: [window] };
    expect(withChanges(now, { name: 'Clinic 7' }, { name: 'Clinic 7', address: 'Elsewhere' })).toEqual({
      ...now,
      address: 'Elsewhere',
    });
    expect(withChanges(now, { name: 'Clinic 7' }, {})).toEqual({ tags: ['new'], maintenance: [window] });
  });

  test('given a place a hand away from the equator, then it is a number as it was', () => {
    const place = { coordinates: { latitude: 1e-7, longitude: -2.5e-8 } };
    expect(facilityIn(facilityDraftOf(place))).toEqual({ value: place });
  });
});

describe("a region's form", () => {
  test('thresholds are in per cent', () => {
    expect(regionDraftOf({ name: 'The north', thresholds: { upFrom: 0.9, downBelow: 0.07 } })).toEqual({
      name: 'The north',
      upFrom: '90',
      downBelow: '7',
    });
    expect(regionIn({ name: '', upFrom: '90 %', downBelow: '7,5' })).toEqual({
      value: { thresholds: { upFrom: 0.9, downBelow: 0.075 } },
    });
    expect(regionIn({ name: 'N', upFrom: '', downBelow: '' })).toEqual({ value: { name: 'N' } });
  });

  test('given somebody else changed another field meanwhile, then theirs stays', () => {
    const thresholds = { upFrom: 0.9, downBelow: 0.5 };
    const now: RegionRegistry = { name: 'The new north', thresholds };
    expect(withChanges(now, { name: 'North' }, { name: 'North', thresholds })).toEqual(now);
    expect(withChanges(now, {}, { name: 'My north' })).toEqual({ name: 'My north', thresholds });
  });

  test.each([
    [{ upFrom: '90', downBelow: '' }, 'downBelow'],
    [{ upFrom: '101', downBelow: '5' }, 'upFrom'],
    [{ upFrom: '5', downBelow: '90' }, 'downBelow'],
  ])('given %j, then %s is wrong', (words, field) => {
    expect(Object.keys(regionIn({ name: '', ...words }).faults ?? {})).toEqual([field]);
  });
});

describe('a maintenance window', () => {
  test('is read in the zone of whoever sits there', () => {
    const atMs = Date.parse('2026-03-01T22:00Z');
    const draft = {
      from: localMinuteText(atMs),
      to: localMinuteText(atMs + 6 * 3_600_000),
      note: ' cables ',
    };
    expect(windowIn(draft)).toEqual({ value: window });
  });

  test.each([
    [{ from: '', to: '2026-03-01T22:00', note: '' }, { from: 'Say when it begins.' }],
    [{ from: '2026-03-01T22:00', to: '', note: '' }, { to: 'Say when it ends.' }],
    [{ from: '2026-03-01T22:00', to: '2026-03-01T22:00', note: '' }, { to: 'It must end after it begins.' }],
  ])('given %j, then it is refused', (draft, faults) => {
    expect(windowIn(draft)).toEqual({ faults });
  });

  test('given a note that the server would not take, then its field says so', () => {
    const draft = { from: '2026-03-01T22:00', to: '2026-03-01T23:00', note: 'x'.repeat(201) };
    expect(windowIn(draft).faults).toHaveProperty('note');
  });

  test('comes and goes, and ends early, while the others stay', () => {
    const other = { from: '2026-05-01T00:00:00.000Z', to: '2026-05-02T00:00:00.000Z' };
    const both = withWindow(withWindow({ name: 'Seven' }, window), other);
    expect(both).toEqual({ name: 'Seven', maintenance: [window, other] });
    const shorter = { ...window, to: '2026-03-01T23:00:00.000Z' };
    expect(withoutWindow(both, window, shorter).maintenance).toEqual([shorter, other]);
    expect(withoutWindow(withoutWindow(both, window), other)).toEqual({ name: 'Seven' });
  });
});
