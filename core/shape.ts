import { RollcallError } from './errors';

/**
 * Reads untrusted JSON into types. The well-known schema libraries were tried first; their records and strict objects
 * pass over `__proto__` and `constructor`, which are legal ids here (docs/adr/0003-own-shape-reader.md).
 */
export type Reader<T> = (value: unknown, field: string) => T;

/** Input outside the contract; `field` names where, in the notation of a JavaScript path, '' for the whole. */
export class FieldRefused extends RollcallError {
  constructor(
    readonly field: string,
    readonly expected: string,
  ) {
    super(field === '' ? `expected ${expected}` : `${field}: expected ${expected}`);
  }
}

/** A string that passes `isRight`; `expected` completes the sentence "expected …". */
export const text =
  (isRight: (value: string) => boolean, expected: string): Reader<string> =>
  (value, field) => {
    if (typeof value !== 'string' || !isRight(value)) throw new FieldRefused(field, expected);
    return value;
  };

/** A whole number that passes `isRight`. */
export const wholeNumber =
  (isRight: (value: number) => boolean, expected: string): Reader<number> =>
  (value, field) => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || !isRight(value)) {
      throw new FieldRefused(field, expected);
    }
    return value;
  };

/** A number, finite, that passes `isRight`. */
export const finiteNumber =
  (isRight: (value: number) => boolean, expected: string): Reader<number> =>
  (value, field) => {
    if (typeof value !== 'number' || !Number.isFinite(value) || !isRight(value)) {
      throw new FieldRefused(field, expected);
    }
    return value;
  };

/**
 * Parses JSON.
 * @throws FieldRefused where it is none
 */
export function fromJson(json: string, field = '', expected = 'JSON'): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new FieldRefused(field, expected);
  }
}

/** An array of at most `max` items. */
export const listOf =
  <T>(item: Reader<T>, max: number): Reader<readonly T[]> =>
  (value, field) => {
    if (!Array.isArray(value) || value.length > max)
      throw new FieldRefused(field, `a list of at most ${max}`);
    return value.map((entry, index) => itemAt(item, entry, field, index));
  };

/** The place of an item is written out only where something is wrong with it: most lists are fine. */
function itemAt<T>(item: Reader<T>, entry: unknown, field: string, index: number): T {
  try {
    return item(entry, '');
  } catch (error) {
    if (!(error instanceof FieldRefused)) throw error;
    throw new FieldRefused(within(`${field}[${index}]`, error.field), error.expected);
  }
}

/** An object with string keys of any name, as a `Map` so that no key can reach a prototype. */
export const mapOf =
  <T>(
    isKey: (key: string) => boolean,
    keyExpected: string,
    item: Reader<T>,
  ): Reader<ReadonlyMap<string, T>> =>
  (value, field) => {
    if (!isPlainObject(value)) throw new FieldRefused(field, 'an object');
    return new Map(
      Object.entries(value).map(([key, entry]) => {
        if (!isKey(key)) throw new FieldRefused(field, `keys that are ${keyExpected}`);
        return [key, item(entry, within(field, shown(key)))] as const;
      }),
    );
  };

/** How the fields of an object are read; an optional field that is absent stays absent. */
type Fields<R, O> = {
  readonly required: { readonly [K in keyof R]: Reader<R[K]> };
  readonly optional: { readonly [K in keyof O]: Reader<O[K]> };
};

/** An object with exactly these fields; an unknown one is refused by name. */
export function exactly<R extends object, O extends object>(fields: Fields<R, O>): Reader<R & Partial<O>> {
  const known = new Map<string, Reader<unknown>>(Object.entries({ ...fields.optional, ...fields.required }));
  const required = Object.keys(fields.required);
  return (value, field) => {
    if (!isPlainObject(value)) throw new FieldRefused(field, 'an object');
    const missing = required.find((name) => !Object.hasOwn(value, name));
    if (missing !== undefined) throw new FieldRefused(within(field, missing), 'this field');
    const read: Record<string, unknown> = {};
    for (const name of Object.keys(value)) {
      const reader = known.get(name);
      if (reader === undefined) throw new FieldRefused(within(field, shown(name)), 'no such field');
      read[name] = reader(value[name], within(field, name));
    }
    return read as R & Partial<O>;
  };
}

export const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The place of a field, or of an item, in something whose place is known; '' for the whole of it. */
export function within(field: string, name: string): string {
  if (field === '' || name === '') return field + name;
  return name.startsWith('[') ? field + name : `${field}.${name}`;
}

/** A name that was sent is somebody else's text: only a short, harmless form of it is ever repeated to them. */
const shown = (name: string): string => name.replace(/[^A-Za-z0-9._$*-]/g, '?').slice(0, 40);
