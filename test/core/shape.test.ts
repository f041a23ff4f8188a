import { exactly, FieldRefused, listOf, mapOf, text, wholeNumber } from '../../core/shape';

const word = text((value) => /^[a-z]+$/.test(value), 'a word');
const count = wholeNumber((value) => value >= 0, 'a count');
const person = exactly({ required: { name: word }, optional: { age: count } });

describe('AC4 a reader takes what is of its shape and names what is not', () => {
  test('an object with exactly its fields; what is absent stays absent', () => {
    expect(person({ name: 'ann', age: 7 }, '')).toEqual({ name: 'ann', age: 7 });
    expect(person({ name: 'ann' }, '')).not.toHaveProperty('age');
  });

  test.each<[unknown, string, string]>([
    [{ age: 7 }, 'name', 'name: expected this field'],
    [{ name: 'ann', age: -1 }, 'age', 'age: expected a count'],
    [{ name: 'ann', shoe: 43 }, 'shoe', 'shoe: expected no such field'],
    [{ name: 'ann', age: undefined }, 'age', 'age: expected a count'],
    [[], '', 'expected an object'],
    [null, '', 'expected an object'],
  ])('%p is refused', (value, field, message) => {
    expect(() => person(value, '')).toThrow(new FieldRefused(field, message.replace(/^.*expected /, '')));
    expect(() => person(value, '')).toThrow(message);
  });

  test('a place within is written like a JavaScript path', () => {
    const people = exactly({ required: { people: listOf(person, 3) }, optional: {} });
    expect(() => people({ people: [{ name: 'ann' }, { name: 'BOB' }] }, '')).toThrow(
      expect.objectContaining({ field: 'people[1].name' }),
    );
  });

  test('a list has its limit', () => {
    expect(listOf(count, 2)([1, 2], 'counts')).toEqual([1, 2]);
    expect(() => listOf(count, 2)([1, 2, 3], 'counts')).toThrow('counts: expected a list of at most 2');
    expect(() => listOf(count, 2)({ length: 0 }, 'counts')).toThrow(FieldRefused);
  });

  test.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '7', true])(
    '%p is no whole number',
    (value) => {
      expect(() => count(value, 'age')).toThrow(FieldRefused);
    },
  );
});

describe('AC4 names of the prototype', () => {
  const counts = mapOf((key) => key !== '', 'not empty', count);

  test('are keys of a map like any other', () => {
    const read = counts(JSON.parse('{"__proto__":1,"constructor":2}'), '');
    expect([...read]).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ]);
  });

  test('are unknown fields of an object, and leave its prototype alone', () => {
    expect(() => person(JSON.parse('{"name":"ann","__proto__":{"age":7}}'), '')).toThrow(
      expect.objectContaining({ field: '__proto__' }),
    );
    expect(Object.getPrototypeOf(person({ name: 'ann' }, ''))).toBe(Object.prototype);
  });

  test('a field may be named like one', () => {
    const odd = exactly({ required: { constructor: word }, optional: {} });
    expect(odd({ constructor: 'ann' }, '')).toEqual({ constructor: 'ann' });
    expect(() => odd({}, '')).toThrow(expect.objectContaining({ field: 'constructor' }));
  });

  test('a key outside its rule is refused by the name of the map', () => {
    expect(() => counts({ '': 1 }, 'attributes')).toThrow('attributes: expected keys that are not empty');
  });
});
