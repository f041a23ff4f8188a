import type { ShownRegion } from '../../../web/truth';
import { chosenOf, slidesOf } from '../../../web/tv/slides';
import type { FacilityState } from '../../../web/wire';
import { at } from '../../support/builders';

const facility = (id: string, words: Partial<FacilityState> = {}): FacilityState => ({
  id,
  name: id,
  status: 'offline',
  since: new Date(at('10:00')).toISOString(),
  decidedAt: new Date(at('10:00')).toISOString(),
  reason: 'timeout',
  sessions: 0,
  users: 0,
  version: 1,
  ...words,
});

const region = (name: string, ...facilities: readonly FacilityState[]): ShownRegion => ({
  region: name,
  name,
  totals: { facilities: facilities.length, online: 0, offline: facilities.length, state: 'down' },
  facilities: new Map(facilities.map((one) => [one.id, one])),
  status: 'live',
  asOfMs: at('10:00'),
  isLoaded: true,
});

const kindsOf = (regions: readonly ShownRegion[]) =>
  slidesOf(regions, 2, at('12:00')).map((slide) =>
    slide.kind === 'all' ? 'all' : `${slide.region.region} ${slide.page + 1}/${slide.pages} +${slide.hidden}`,
  );

describe('what the wall goes through', () => {
  test('several regions: all together, then one after the other', () => {
    expect(kindsOf([region('north'), region('south')])).toEqual(['all', 'north 1/1 +0', 'south 1/1 +0']);
  });

  test('one region alone, and none', () => {
    expect(kindsOf([region('north')])).toEqual(['north 1/1 +0']);
    expect(kindsOf([])).toEqual([]);
  });

  test('more offline than fit are on further pages, as many as leave room for others, and the rest is counted', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => facility(`f${index}`));
    expect(kindsOf([region('north', ...many(3))])).toEqual(['north 1/2 +0', 'north 2/2 +0']);
    expect(kindsOf([region('north', ...many(9))])).toEqual(['north 1/3 +0', 'north 2/3 +0', 'north 3/3 +3']);
  });

  test('latest first; who is in maintenance comes last; who is online not at all', () => {
    const maintenanceWindows = [{ from: '2020-01-01T00:00:00Z', to: '2040-01-01T00:00:00Z' }];
    const later = new Date(at('11:00')).toISOString();
    const north = region(
      'north',
      facility('early'),
      facility('expected', { since: later, maintenanceWindows }),
      facility('here', { status: 'online' }),
      facility('late', { since: later }),
    );
    const [slide] = slidesOf([north], 9, at('12:00'));
    expect(slide?.kind === 'region' && slide.offline.map(({ id }) => id)).toEqual([
      'late',
      'early',
      'expected',
    ]);
  });

  test('the choice keeps its order, and what is not there is left out', () => {
    const regions = [region('north'), region('south'), region('__proto__')];
    const chosen = (...names: readonly string[]) => chosenOf(regions, names).map((one) => one.region);
    expect(chosen()).toEqual(['north', 'south', '__proto__']);
    expect(chosen('__proto__', 'gone', 'north', 'north')).toEqual(['__proto__', 'north']);
  });
});
