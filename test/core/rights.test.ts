import { allows, allowsAll, parseRights, patternsIn, reaches } from '../../core/rights';
import { grants } from '../support/builders';

const claim = { provide: { north: ['clinic-7', 'lab/*'] }, watch: { north: ['*'], '*': ['lab/*'] } };

describe('AC1 the claim of a token', () => {
  test('is read as an object, or as JSON text of one', () => {
    const read = parseRights(claim);
    expect(read.provide).toEqual(grants(claim.provide));
    expect(read.watch).toEqual(grants(claim.watch));
    expect(read.manage).toEqual(grants());
    expect(parseRights(JSON.stringify(claim))).toEqual(read);
  });

  test.each([undefined, null])('that is %p grants nothing', (absent) => {
    expect(parseRights(absent)).toEqual({ provide: grants(), watch: grants(), manage: grants() });
  });

  test('may hold what later versions understand', () => {
    expect(parseRights({ ...claim, audit: true })).toEqual(parseRights(claim));
  });

  test.each([
    ['a list', [], 'rollcall'],
    ['no JSON', '{', 'rollcall'],
    ['JSON of a text', '"all"', 'rollcall'],
    ['a number', 7, 'rollcall'],
    ['grants in a list', { watch: ['*'] }, 'rollcall.watch'],
    ['no region', { watch: { 'a b': ['*'] } }, 'rollcall.watch'],
    ['one pattern without list', { watch: { north: '*' } }, 'rollcall.watch.north'],
    ['no pattern', { provide: { north: ['a*b'] } }, 'rollcall.provide.north[0]'],
    ['too many patterns', { manage: { north: Array(1_001).fill('a') } }, 'rollcall.manage.north'],
  ])('that is %s is refused', (_, value, field) => {
    expect(() => parseRights(value)).toThrow(expect.objectContaining({ field }));
  });

  test('AC4 a grant for the region __proto__ is one like any other, and an inherited one is none', () => {
    const read = parseRights('{"watch":{"__proto__":["clinic-7"]}}');
    expect(patternsIn(read.watch, '__proto__')).toEqual(['clinic-7']);
    expect(parseRights(Object.create(claim)).watch.size).toBe(0);
    expect(reaches(parseRights('{"__proto__":{"watch":{"north":["*"]}}}').watch, 'north')).toBe(false);
  });
});

describe('AC2 what a token allows', () => {
  const watch = grants({ north: ['clinic-7'], '*': ['lab/*'], south: ['*'] });

  test.each([
    ['north', 'clinic-7', true],
    ['north', 'lab/1', true],
    ['north', 'clinic-8', false],
    ['east', 'lab/1', true],
    ['east', 'clinic-7', false],
    ['south', 'anything', true],
    ['constructor', 'clinic-7', false],
  ])('in %p %p: %p', (region, facility, allowed) => {
    expect(allows(watch, region, facility)).toBe(allowed);
  });

  test('a region is seen whole only with *', () => {
    expect(allowsAll(watch, 'south')).toBe(true);
    expect(allowsAll(watch, 'north')).toBe(false);
    expect(allowsAll(grants({ '*': ['*'] }), 'north')).toBe(true);
  });

  test('a region without pattern is out of reach', () => {
    expect(reaches(grants({ north: ['a'], south: [] }), 'south')).toBe(false);
    expect(reaches(grants({ north: ['a'] }), 'north')).toBe(true);
  });
});
