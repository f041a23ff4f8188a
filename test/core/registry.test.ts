import fc from 'fast-check';
import {
  type FacilityRegistry,
  readFacilityRegistry,
  readRegionRegistry,
  registryLimits,
  sameRegistry,
} from '../../core/registry';
import { FieldRefused } from '../../core/shape';
import { property } from '../support/builders';

/** Text that a registry takes: whatever Unicode has, but no control characters and no halves of characters. */
const textOf = (max: number) =>
  fc.string({ unit: 'binary', minLength: 1, maxLength: max }).filter((text) => !/\p{Cc}/u.test(text));
const instant = fc.integer({ min: 0, max: 4_000_000_000_000 });
const iso = (ms: number) => new Date(ms).toISOString();

const maintenanceWindow = fc
  .tuple(instant, fc.integer({ min: 1, max: 1_000_000_000 }), fc.option(textOf(20), { nil: undefined }))
  .map(([from, length, note]) => ({
    from: iso(from),
    to: iso(from + length),
    ...(note !== undefined && { note }),
  }));

const facilityRegistry: fc.Arbitrary<FacilityRegistry> = fc.record(
  {
    name: textOf(registryLimits.nameCharacters),
    coordinates: fc.record({
      latitude: fc.double({ min: -90, max: 90, noNaN: true }),
      longitude: fc.double({ min: -180, max: 180, noNaN: true }),
    }),
    address: textOf(registryLimits.addressCharacters),
    timeZone: fc.constantFrom('UTC', 'Europe/Madrid', 'America/Argentina/Ushuaia', 'Etc/GMT+5'),
    tags: fc.array(textOf(registryLimits.tagCharacters), { maxLength: registryLimits.tags }),
    maintenance: fc.array(maintenanceWindow, { maxLength: 5 }),
  },
  { requiredKeys: [] },
);

const refusing = (value: unknown) => {
  try {
    readFacilityRegistry(value, '');
  } catch (error) {
    if (error instanceof FieldRefused) return error.field;
    throw error;
  }
  return undefined;
};

describe('AC4 what the registry may hold of a facility', () => {
  test('comes back unchanged, whatever the order of its fields', () => {
    fc.assert(
      fc.property(facilityRegistry, (registry) => {
        const reversed = Object.fromEntries(Object.entries(registry).reverse());
        expect(readFacilityRegistry(registry, '')).toEqual(registry);
        expect(sameRegistry(readFacilityRegistry(reversed, ''), readFacilityRegistry(registry, ''))).toBe(
          true,
        );
      }),
      property,
    );
  });

  test.each([
    ['nothing at all', {}],
    ['a name of 4-byte characters', { name: '𝔠'.repeat(200) }],
    ['a name from right to left', { name: '\u202Eevil\u202C \u05d0' }],
    ['a name that is markup', { name: '<script>alert(1)</script>' }],
    ['a name that is a prototype', { name: '__proto__', tags: ['constructor'] }],
    ['the ends of the earth', { coordinates: { latitude: -90, longitude: 180 } }],
    ['no tags', { tags: [] }],
    ['offsets', { maintenance: [{ from: '2026-01-05T10:00+02:00', to: '2026-01-05T08:00:01Z' }] }],
  ])('%s', (_, registry) => {
    expect(readFacilityRegistry(registry, '')).toEqual(registry);
  });

  test.each([
    ['no object', null, ''],
    ['a list', [], ''],
    ['an unknown field', { colour: 'red' }, 'colour'],
    ['a status', { status: 'online' }, 'status'],
    ['an empty name', { name: '' }, 'name'],
    ['a name that is none', { name: null }, 'name'],
    ['a long name', { name: 'x'.repeat(201) }, 'name'],
    ['a name with a line break', { name: 'two\nlines' }, 'name'],
    ['a name with a C1 control', { name: 'a\u0085b' }, 'name'],
    ['half a character', { name: '\ud835' }, 'name'],
    ['a long address', { address: 'x'.repeat(501) }, 'address'],
    ['a place beyond the pole', { coordinates: { latitude: 90.1, longitude: 0 } }, 'coordinates.latitude'],
    ['half a place', { coordinates: { latitude: 1 } }, 'coordinates.longitude'],
    ['a place in words', { coordinates: { latitude: '1', longitude: 0 } }, 'coordinates.latitude'],
    ['a height', { coordinates: { latitude: 1, longitude: 0, height: 3 } }, 'coordinates.height'],
    ['a zone that is none', { timeZone: 'Madrid time' }, 'timeZone'],
    ['a zone that climbs', { timeZone: '../etc/passwd' }, 'timeZone'],
    ['too many tags', { tags: Array(21).fill('a') }, 'tags'],
    ['a long tag', { tags: ['a', 'x'.repeat(51)] }, 'tags[1]'],
    ['a window that ends before it begins', window('11:00', '10:00'), 'maintenance[0].to'],
    ['a window of no length', window('10:00', '10:00'), 'maintenance[0].to'],
    ['a window without an end', { maintenance: [{ from: '2026-01-05T10:00:00Z' }] }, 'maintenance[0].to'],
    ['a window on a day', { maintenance: [{ from: '2026-01-05', to: '2026-01-06' }] }, 'maintenance[0].from'],
    [
      'more windows than fit',
      { maintenance: Array(51).fill(window('10:00', '11:00').maintenance[0]) },
      'maintenance',
    ],
    ['more than fits a message', { maintenance: Array(50).fill(longWindow()) }, ''],
  ])('not %s', (_, registry, field) => {
    expect(refusing(registry)).toBe(field);
  });
});

function window(from: string, to: string, note?: string) {
  return {
    maintenance: [
      { from: `2026-01-05T${from}:00Z`, to: `2026-01-05T${to}:00Z`, ...(note !== undefined && { note }) },
    ],
  };
}

function longWindow() {
  return window('10:00', '11:00', '診'.repeat(200)).maintenance[0];
}

describe('AC4 what the registry may hold of a region', () => {
  test.each([
    {},
    { name: 'The north' },
    { thresholds: { upFrom: 0.9, downBelow: 0.5 } },
    { name: '𝔫', thresholds: { upFrom: 1, downBelow: 1 } },
    { thresholds: { upFrom: 0, downBelow: 0 } },
  ])('%p', (registry) => {
    expect(readRegionRegistry(registry, '')).toEqual(registry);
  });

  test.each([
    [{ thresholds: { upFrom: 0.5, downBelow: 0.6 } }, 'thresholds.downBelow'],
    [{ thresholds: { upFrom: 1.1, downBelow: 0 } }, 'thresholds.upFrom'],
    [{ thresholds: { upFrom: 1 } }, 'thresholds.downBelow'],
    [{ thresholds: { upFrom: Number.NaN, downBelow: 0 } }, 'thresholds.upFrom'],
    [{ name: '' }, 'name'],
    [{ tags: [] }, 'tags'],
  ])('not %p', (registry, field) => {
    expect(() => readRegionRegistry(registry, '')).toThrow(expect.objectContaining({ field }));
  });
});
