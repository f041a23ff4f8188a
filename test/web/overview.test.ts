import { wholeOf, worstFirst } from '../../web/overview/worst-first';
import type { ShownRegion } from '../../web/truth';
import type { RegionState } from '../../web/wire';

const region = (name: string, state: RegionState, offline: number, facilities: number): ShownRegion => ({
  ...{ region: name, name, facilities: new Map(), status: 'live', asOfMs: 1, isLoaded: true },
  totals: { facilities, offline, online: facilities - offline, state },
});

const regions = [
  region('east', 'up', 0, 10),
  region('west', 'partial', 1, 100),
  region('north-10', 'partial', 5, 10),
  region('north-9', 'partial', 5, 10),
  region('south', 'down', 10, 10),
  region('none', 'empty', 0, 0),
];

test('regions are sorted worst first: by state, then by the share that is offline, then by name', () => {
  expect(worstFirst(regions).map(({ name }) => name)).toEqual([
    'south',
    'north-9',
    'north-10',
    'west',
    'east',
    'none',
  ]);
});

test('all of them add up', () => {
  const { facilities, online, offline, regions: states } = wholeOf(regions);
  expect({ facilities, online, offline }).toEqual({ facilities: 140, online: 119, offline: 21 });
  expect(states.get('partial')).toBe(3);
});
