import fc from 'fast-check';
import { marks, plainLook, reasons, shapes, sorts, statuses } from '../../web/look';
import { hashOf, isSamePlace, regionStates, spans, type View, viewOf } from '../../web/view';

describe('the address says what is looked at', () => {
  test.each<[string, View]>([
    ['#/', { name: 'overview', state: undefined }],
    ['#/?state=down', { name: 'overview', state: 'down' }],
    ['#/*?status=offline', { name: 'region', region: undefined, look: { ...plainLook, status: 'offline' } }],
    ['#/north', { name: 'region', region: 'north', look: plainLook }],
    ['#/__proto__', { name: 'region', region: '__proto__', look: plainLook }],
    [
      '#/north?q=lab&sort=-changed&as=tiles',
      {
        name: 'region',
        region: 'north',
        look: { ...plainLook, search: 'lab', sort: 'changed', isReversed: true, shape: 'tiles' },
      },
    ],
    ['#/north/lab/3?span=30d', { name: 'facility', region: 'north', facility: 'lab/3', span: '30d' }],
    ['#/~registry/north?facility=lab%2F3', { name: 'registry', region: 'north', facility: 'lab/3' }],
    ['#/~tv?region=north&region=south&turn=30', { name: 'tv', regions: ['north', 'south'], turnSeconds: 30 }],
  ])('%s', (hash, view) => {
    expect(viewOf(hash)).toEqual(view);
    expect(hashOf(view)).toBe(hash);
  });

  test.each([
    ['', 'overview'],
    ['#', 'overview'],
    ['#/?state=nonsense', 'overview'],
    ['#/%E0%A4%A', 'region'],
    ['#/north?sort=nonsense&as=&status=', 'region'],
  ])('given %p, which nobody has written, then it is read as far as it can be', (hash, name) => {
    expect(viewOf(hash).name).toBe(name);
  });

  test('given any view, then its address leads to it', () => {
    const id = fc.stringMatching(/^[A-Za-z0-9._-]{1,12}$/);
    const optional = <T>(values: readonly T[]) => fc.constantFrom(undefined, ...values);
    const look = fc.record({
      search: fc.string({ unit: 'grapheme' }),
      status: optional(statuses),
      reason: optional(reasons),
      mark: optional(marks),
      sort: fc.constantFrom(...sorts),
      isReversed: fc.boolean(),
      shape: fc.constantFrom(...shapes),
      folded: fc.array(fc.string({ minLength: 1 }), { maxLength: 3 }),
    });
    const view: fc.Arbitrary<View> = fc.oneof(
      fc.record({ name: fc.constant('overview' as const), state: optional(regionStates) }),
      fc.record({
        name: fc.constant('region' as const),
        region: fc.option(id, { nil: undefined }),
        look,
      }),
      fc.record({
        name: fc.constant('facility' as const),
        region: id,
        facility: fc.array(id, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/')),
        span: fc.constantFrom(...spans),
      }),
      fc.record({
        name: fc.constant('tv' as const),
        regions: fc.array(id, { maxLength: 4 }),
        turnSeconds: fc.integer({ min: 5, max: 3_600 }),
      }),
    );
    fc.assert(fc.property(view, (one) => expect(viewOf(hashOf(one))).toEqual(one)));
  });

  test('given only how it is looked at differs, then two views are of the same place', () => {
    expect(isSamePlace(viewOf('#/north?q=a'), viewOf('#/north?as=tiles'))).toBe(true);
    expect(isSamePlace(viewOf('#/north/a'), viewOf('#/north/a?span=7d'))).toBe(true);
    expect(isSamePlace(viewOf('#/north/a'), viewOf('#/north/b'))).toBe(false);
    expect(isSamePlace(viewOf('#/north'), viewOf('#/*'))).toBe(false);
  });
});
