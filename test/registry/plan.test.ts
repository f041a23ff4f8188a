import type { FacilityRegistry } from '../../core/registry';
import { planImport } from '../../registry/import';
import { differencesIn, stepOf } from '../../registry/plan';
import { ApiRefused } from '../../registry/port';
import type { FacilityRecord } from '../../registry/records';

const window = { from: '2026-03-01T22:00:00Z', to: '2026-03-02T04:00:00Z', note: 'cables' };

const record = (registry: FacilityRegistry, words: Partial<FacilityRecord> = {}): FacilityRecord => ({
  line: 2,
  region: 'north',
  id: 'clinic-7',
  registry,
  ...words,
});

describe('what an import will do', () => {
  test.each([
    ['nothing is there', undefined, {}, 'create'],
    [
      'the same is there, in another order',
      { tags: ['a'], name: 'Seven' },
      { name: 'Seven', tags: ['a'] },
      'keep',
    ],
    ['another name is there', { name: 'Six' }, { name: 'Seven' }, 'change'],
    ['what is there is left out', { name: 'Six' }, {}, 'change'],
  ] as const)('given %s, then %j', (_, there, registry, kind) => {
    expect(stepOf(record(registry), there, 'json').kind).toBe(kind);
  });

  test('a table leaves maintenance windows as they are; JSON takes them away', () => {
    const there = { name: 'Seven', maintenance: [window] };
    expect(stepOf(record({ name: 'Seven' }), there, 'csv')).toMatchObject({ kind: 'keep', wanted: there });
    expect(stepOf(record({ name: 'Seven' }), there, 'json')).toMatchObject({ kind: 'change' });
  });

  test('each field that becomes another is told, as people read it', () => {
    const there = { name: 'Six', address: 'Long Street 7', maintenance: [window] };
    const wanted = {
      name: 'Seven',
      coordinates: { latitude: 52.5, longitude: 13.4 },
      tags: ['cold', '24 h'],
    };
    expect(differencesIn(stepOf(record(wanted), there, 'json'))).toEqual([
      { field: 'name', before: 'Six', after: 'Seven' },
      { field: 'coordinates', before: undefined, after: '52.5, 13.4' },
      { field: 'address', before: 'Long Street 7', after: undefined },
      { field: 'tags', before: undefined, after: 'cold; 24 h' },
      { field: 'maintenance', before: `${window.from} – ${window.to}: cables`, after: undefined },
    ]);
  });

  test('given a region may not be seen, then its records fail, and those of others are planned', async () => {
    const api = {
      registry: async (region: string) => {
        if (region === 'south') throw new ApiRefused('404 there is no such region', 404);
        return new Map([['clinic-7', { name: 'Seven' }]]);
      },
    };
    const records = [record({ name: 'Seven' }), record({}, { line: 3, region: 'south' })];
    const { steps, failures } = await planImport(records, 'csv', api);
    expect(steps.map(({ kind }) => kind)).toEqual(['keep']);
    expect(failures).toEqual([{ line: 3, text: 'south/clinic-7: 404 there is no such region' }]);
  });
});
