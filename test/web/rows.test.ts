import { lookOf } from '../../web/look';
import { linesOf } from '../../web/region/lines';
import { NameOrder } from '../../web/region/name-order';
import { countsOf, type Row, rowsOf, sortedRows, wantedRows } from '../../web/region/rows';
import { at } from '../support/builders';
import { ids, look, offline, rowsIn, shownFacility } from './builders';

const now = at('10:00');
const window = { from: '2026-01-05T09:30:00Z', to: '2026-01-05T10:30:00Z' };
const north = rowsIn(
  'north',
  shownFacility('clinic-2', { name: 'Saint Mary', since: '2026-01-05T09:50:00.000Z' }),
  offline('clinic-10', { since: '2026-01-05T09:40:00.000Z' }),
  offline('clinic-9', { reason: 'leave', since: '2026-01-05T09:55:00.000Z', maintenanceWindows: [window] }),
  shownFacility('lab/1', { flapping: true }),
);
const named = new NameOrder().sorted(north);

describe('which facilities are listed', () => {
  test.each([
    ['q=mary', ['clinic-2']],
    ['q=CLINIC+9', ['clinic-9']],
    ['q=lab/1', ['lab/1']],
    ['status=offline', ['clinic-10', 'clinic-9']],
    ['status=offline&why=leave', ['clinic-9']],
    ['mark=flapping', ['lab/1']],
    ['mark=maintenance', ['clinic-9']],
    ['q=nothing', []],
  ])('given %p, then %p', (query, expected) => {
    expect(ids(wantedRows(north, lookOf(new URLSearchParams(query)), now))).toEqual(expected);
  });

  test('given a maintenance window is over, then it counts no more', () => {
    expect(wantedRows(north, look({ mark: 'maintenance' }), at('10:30'))).toEqual([]);
  });

  test('each filter says how many it would list', () => {
    const { all, statuses, reasons, marks } = countsOf(north, now);
    expect({ all, ...statuses, ...marks }).toEqual({
      all: 4,
      online: 2,
      offline: 2,
      flapping: 1,
      maintenance: 1,
    });
    expect([...reasons]).toEqual([
      ['timeout', 1],
      ['leave', 1],
    ]);
  });
});

describe('in which order', () => {
  test('names are in the order in which people have them', () => {
    expect(ids(named)).toEqual(['clinic-9', 'clinic-10', 'lab/1', 'clinic-2']);
  });

  test('given a facility comes or gets another name, then the others stay as they were', () => {
    const order = new NameOrder();
    order.sorted(north);
    const more = rowsIn('north', ...north.map(({ facility }) => facility), shownFacility('clinic-9b'));
    expect(ids(order.sorted(more))).toEqual(['clinic-9', 'clinic-9b', 'clinic-10', 'lab/1', 'clinic-2']);
    const renamed = north.map((row) =>
      row.facility.id === 'clinic-2' ? { ...row, facility: { ...row.facility, name: 'Ann' } } : row,
    );
    expect(ids(order.sorted(renamed))).toEqual(['clinic-2', 'clinic-9', 'clinic-10', 'lab/1']);
  });

  test.each([
    ['status', false, ['clinic-10', 'clinic-9', 'lab/1', 'clinic-2']],
    ['changed', false, ['clinic-9', 'clinic-2', 'clinic-10', 'lab/1']],
    ['name', true, ['clinic-2', 'lab/1', 'clinic-10', 'clinic-9']],
  ] as const)(
    'given %s, reversed %p, then %p: offline first, but what is in maintenance is not urgent',
    (sort, isReversed, expected) => {
      expect(ids(sortedRows(named, { sort, isReversed }, now))).toEqual(expected);
    },
  );
});

describe('how they are laid out', () => {
  const lines = (words: Parameters<typeof look>[0], rows: readonly Row[] = north, spansRegions = false) =>
    linesOf(rows, look(words), 3, spansRegions).map((line) =>
      line.type === 'group'
        ? `${line.group.name}: ${line.group.offline} of ${line.group.count}`
        : line.type === 'tiles'
          ? ids(line.rows).join(' ')
          : line.row.facility.id,
    );

  test('tiles lie beside each other', () => {
    expect(lines({ shape: 'tiles' })).toEqual(['clinic-2 clinic-10 clinic-9', 'lab/1']);
  });

  test('groups are of a kind, which the ids tell, and say how many of them are offline', () => {
    expect(lines({ shape: 'groups' })).toEqual([
      'clinic: 2 of 3',
      'clinic-2',
      'clinic-10',
      'clinic-9',
      'lab: 0 of 1',
      'lab/1',
    ]);
  });

  test('one that is folded says only that', () => {
    expect(lines({ shape: 'groups', folded: ['clinic'] })).toEqual([
      'clinic: 2 of 3',
      'lab: 0 of 1',
      'lab/1',
    ]);
  });

  test('given all regions, then the groups are regions, and equal ids stay apart', () => {
    const facilities = new Map([['clinic-2', shownFacility('clinic-2')]]);
    const both = rowsOf([
      { region: 'north', name: 'North', facilities },
      { region: 'south', name: 'South', facilities },
    ]);
    expect(lines({ shape: 'groups' }, both, true)).toEqual([
      'North: 0 of 1',
      'clinic-2',
      'South: 0 of 1',
      'clinic-2',
    ]);
    expect(new Set(both.map(({ key }) => key)).size).toBe(2);
  });
});
