import { FieldRefused, mapOf, type Reader } from './shape';
import { textHash } from './text-hash';
import { utf8Length } from './utf8';

/** Front-end data about a session: replaced as a whole by whatever sets it. */
export type Attributes = ReadonlyMap<string, string | number | boolean>;

/** Most bytes of a session's attributes, as the JSON that was sent. */
export const attributesBytes = 2_048;

const value: Reader<string | number | boolean> = (given, field) => {
  if (typeof given === 'boolean' || typeof given === 'string') return given;
  if (typeof given === 'number' && Number.isFinite(given)) return given;
  throw new FieldRefused(field, 'a string, a number or a boolean');
};

const map = mapOf((key) => key.length > 0 && key.length <= 128, '1 to 128 characters', value);

/** @throws FieldRefused for what is no map of plain values, or is too large */
export const readAttributes: Reader<Attributes> = (given, field) => {
  const attributes = map(given, field);
  if (utf8Length(JSON.stringify(given)) > attributesBytes) {
    throw new FieldRefused(field, `at most ${attributesBytes} bytes of JSON`);
  }
  return attributes;
};

/** As JSON has them. */
export const plainAttributes = (
  attributes: Attributes,
): Readonly<Record<string, string | number | boolean>> => Object.fromEntries(attributes);

/** The same for the same attributes, in whatever order they were set. */
export const hashOf = (attributes: Attributes): number =>
  textHash(JSON.stringify([...attributes].sort(([a], [b]) => (a < b ? -1 : 1))));
