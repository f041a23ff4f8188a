import fc from 'fast-check';
import { attributesBytes } from '../../core/attributes';
import { beatLimits, formatRecord, parseBeat, parseRecord } from '../../core/beat';
import { FieldRefused } from '../../core/shape';
import { utf8Length } from '../../core/utf8';
import { anAcceptedBeat, at, property } from '../support/builders';

const sent = { sessionId: 's1', region: 'north' };

/** What is wrong with a body: the field that the refusal names. */
function refusedField(body: unknown): string {
  try {
    parseBeat(body, '');
  } catch (error) {
    if (error instanceof FieldRefused) return error.field;
    throw error;
  }
  throw new Error('the beat was accepted');
}

describe('HB2 a beat states when its next one is due', () => {
  test.each([0, 5, 30, 60, 300])('next %p is within the contract', (next) => {
    expect(parseBeat({ ...sent, next }, '')).toEqual({ ...sent, next });
  });

  test.each([1, 4, 301, -1, 5.5, '30', null, Number.NaN, true])('next %p is not', (next) => {
    expect(refusedField({ ...sent, next })).toBe('next');
  });

  test('one that does not say leaves it open', () => {
    expect(parseBeat(sent, '')).toEqual(sent);
  });
});

describe('AC4 a beat outside the contract is refused by the name of its field', () => {
  test.each([
    ['no session', { region: 'north' }, 'sessionId'],
    ['no region', { sessionId: 's1' }, 'region'],
    ['an empty session', { ...sent, sessionId: '' }, 'sessionId'],
    ['a session of 65 characters', { ...sent, sessionId: 's'.repeat(65) }, 'sessionId'],
    ['a session with a slash', { ...sent, sessionId: 'a/b' }, 'sessionId'],
    ['a session with a space', { ...sent, sessionId: 'a b' }, 'sessionId'],
    ['a session that is a number', { ...sent, sessionId: 1 }, 'sessionId'],
    ['a region of 65 characters', { ...sent, region: 'r'.repeat(65) }, 'region'],
    ['a region with a tilde', { ...sent, region: 'no~rth' }, 'region'],
    ['a region that is null', { ...sent, region: null }, 'region'],
    ['facilities that are no list', { ...sent, facilities: 'clinic-7' }, 'facilities'],
    ['a facility that is no text', { ...sent, facilities: ['a', 7] }, 'facilities[1]'],
    ['a facility that climbs', { ...sent, facilities: ['a/../b'] }, 'facilities[0]'],
    ['a facility with a hole', { ...sent, facilities: ['a//b'] }, 'facilities[0]'],
    ['a pattern', { ...sent, facilities: ['lab/*'] }, 'facilities[0]'],
    ['a facility of 129 characters', { ...sent, facilities: ['f'.repeat(129)] }, 'facilities[0]'],
    ['a negative seq', { ...sent, seq: -1 }, 'seq'],
    ['half a seq', { ...sent, seq: 1.5 }, 'seq'],
    ['a seq that no number can count to', { ...sent, seq: 2 ** 53 }, 'seq'],
    ['attributes in a list', { ...sent, attributes: ['happy'] }, 'attributes'],
    ['attributes within attributes', { ...sent, attributes: { mood: {} } }, 'attributes.mood'],
    ['an attribute that is null', { ...sent, attributes: { mood: null } }, 'attributes.mood'],
    ['an attribute without name', { ...sent, attributes: { '': 1 } }, 'attributes'],
    ['an attribute name of 129 characters', { ...sent, attributes: { ['n'.repeat(129)]: 1 } }, 'attributes'],
    ['a field that nobody knows', { ...sent, mood: 'happy' }, 'mood'],
    ['a list', [sent], ''],
    ['null', null, ''],
    ['a text', 'beat', ''],
  ])('%s', (_, body, field) => {
    expect(refusedField(body)).toBe(field);
  });

  test('a field within an array is named with its place', () => {
    expect(() => parseBeat({ region: 'north' }, '[3]')).toThrow(
      expect.objectContaining({ field: '[3].sessionId' }),
    );
  });

  test('the name of an unknown field is never repeated raw', () => {
    const field = refusedField({ ...sent, [`<script>${'x'.repeat(100)}`]: 1 });
    expect(field).toHaveLength(40);
    expect(field).toMatch(/^\?script\?x+$/);
  });

  test('nor is that of an attribute', () => {
    expect(refusedField({ ...sent, attributes: { '<script>': null } })).toBe('attributes.?script?');
  });
});

describe('AC4 sizes', () => {
  const facilities = (count: number) => Array.from({ length: count }, (_, index) => `f-${index}`);

  test(`${beatLimits.facilitiesPerBeat} facilities fit a beat, one more does not`, () => {
    const most = { ...sent, facilities: facilities(beatLimits.facilitiesPerBeat) };
    expect(parseBeat(most, '')).toEqual(most);
    expect(refusedField({ ...sent, facilities: facilities(beatLimits.facilitiesPerBeat + 1) })).toBe(
      'facilities',
    );
  });

  test(`attributes are measured in bytes: ${attributesBytes} fit, one more does not`, () => {
    const frame = JSON.stringify({ m: '' }).length;
    const euros = (bytes: number) => '€'.repeat(Math.floor(bytes / 3)) + 'e'.repeat(bytes % 3);
    const fitting = { ...sent, attributes: { m: euros(attributesBytes - frame) } };
    expect(parseBeat(fitting, '').attributes).toEqual(new Map(Object.entries(fitting.attributes)));
    const tooLong = { ...sent, attributes: { m: euros(attributesBytes - frame + 1) } };
    expect(refusedField(tooLong)).toBe('attributes');
  });

  test('bytes are those of UTF-8, for every text', () => {
    const texts = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(texts, (text) => utf8Length(text) === Buffer.byteLength(text)),
      property,
    );
  });
});

describe('AC4 prototype names are ids and attributes like any other', () => {
  test('as session, region and facility', () => {
    const body = { sessionId: 'constructor', region: '__proto__', facilities: ['__proto__', 'toString'] };
    expect(parseBeat(body, '')).toEqual(body);
  });

  test('as name of an attribute', () => {
    const body = JSON.parse('{"sessionId":"s1","region":"north","attributes":{"__proto__":"x"}}');
    expect([...(parseBeat(body, '').attributes ?? [])]).toEqual([['__proto__', 'x']]);
  });

  test.each(['__proto__', 'constructor', 'toString'])('as field %s they are unknown', (name) => {
    expect(refusedField(JSON.parse(`{"sessionId":"s1","region":"north","${name}":{}}`))).toBe(name);
  });

  test('an inherited field counts as missing', () => {
    expect(refusedField(Object.create(sent))).toBe('sessionId');
  });
});

describe('HB1 a record of the stream', () => {
  test('comes back as it was accepted, at the instant of its arrival', () => {
    const beat = anAcceptedBeat({
      covers: ['clinic-7', 'lab/*'],
      next: 60,
      seq: 7,
      attributes: new Map([['__proto__', true]]),
    });
    expect(parseRecord(JSON.parse(formatRecord(beat)), at('10:00:05'))).toEqual({
      ...beat,
      arrivalMs: at('10:00:05'),
    });
  });

  test.each([
    ['an array', '[]', ''],
    ['another version', formatRecord(anAcceptedBeat()).replace('"v":1', '"v":2'), 'v'],
    ['no version', formatRecord(anAcceptedBeat()).replace('"v":1,', ''), 'v'],
    ['a bad pattern', formatRecord(anAcceptedBeat({ covers: ['a*b'] })), 'covers[0]'],
    ['a bad next', formatRecord(anAcceptedBeat({ next: 301 })), 'next'],
    ['an arrival of its own', formatRecord(anAcceptedBeat()).replace('{', '{"arrivalMs":1,'), 'arrivalMs'],
  ])('that is %s is refused (HB8)', (_, data, field) => {
    expect(() => parseRecord(JSON.parse(data), 0)).toThrow(expect.objectContaining({ field }));
  });
});
