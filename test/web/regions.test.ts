import { maxRegions, regionsToWatch } from '../../web/regions';
import type { ListedRegion } from '../../web/wire';

const totals = { facilities: 0, online: 0, offline: 0, state: 'empty' } as const;
const region = (name: string): ListedRegion => ({ region: name, name, totals });
const names = (regions: readonly ListedRegion[]): readonly string[] =>
  regions.map(({ region: name }) => name).toSorted();

describe('the regions that the page watches', () => {
  test('given none is chosen, then they are those that are listed', () => {
    expect(names(regionsToWatch([region('north'), region('south')], undefined))).toEqual(['north', 'south']);
  });

  test('given nobody has reported for it, when one is chosen, then it is watched all the same', () => {
    expect(names(regionsToWatch([region('north')], 'my-town'))).toEqual(['my-town', 'north']);
  });

  test('given the chosen one is listed, then it is watched once, with what the list says of it', () => {
    const listed = { ...region('north'), name: 'The North' };
    expect(regionsToWatch([region('south'), listed], 'north')).toEqual([listed, region('south')]);
  });

  test('given more regions than a socket may watch, then the chosen one is among those that are', () => {
    const many = Array.from({ length: maxRegions + 50 }, (_, index) => region(`region-${index}`));
    const watched = names(regionsToWatch(many, 'region-249'));
    expect(watched).toHaveLength(maxRegions);
    expect(watched).toContain('region-249');
    expect(regionsToWatch(many, undefined)).toHaveLength(maxRegions);
  });
});
