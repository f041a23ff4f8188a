import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/**
 * How large DynamoDB takes an item to be (Developer Guide, "DynamoDB item sizes and formats"): names and values in UTF-8,
 * numbers by their digits, and what lists and maps add.
 */

const utf8 = (text: string): number => Buffer.byteLength(text);

/** A byte for two significant digits, and one more. A sign is one more, as engines that were compared with DynamoDB count it. */
export function numberBytes(value: number | string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return wholeBytes(value);
  const text = typeof value === 'number' ? decimal(value) : value;
  const digits = text.replace(/^-/, '').replace('.', '').replace(/^0+/, '');
  const significant = text.includes('.') ? digits : digits.replace(/0+$/, '');
  const sign = text.startsWith('-') ? 1 : 0;
  return Math.ceil(significant.length / 2) + 1 + sign;
}

/** The same for what nearly all numbers are, millions of them: instants and counters. */
function wholeBytes(value: number): number {
  let rest = value;
  while (rest % 10 === 0) rest /= 10;
  let digits = 0;
  for (; rest >= 1; rest /= 10) digits += 1;
  return ((digits + 1) >> 1) + 1;
}

const decimal = (value: number): string =>
  Number.isInteger(value) ? value.toFixed(0) : String(value).replace(/e.*$/, '');

/** A list or map has 3 bytes of its own, and one more for each element. */
const nested = (sizes: readonly number[]): number => 3 + sizes.reduce((sum, size) => sum + size + 1, 0);

/** Bytes of a value as JavaScript has it, after marshalling; `undefined` is left out there. */
export function valueBytes(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return utf8(value);
    case 'number':
      return numberBytes(value);
    case 'boolean':
      return 1;
    case 'undefined':
      return 0;
    default:
      if (value === null) return 1;
      if (Array.isArray(value)) return nested(value.map(valueBytes));
      return nested(fieldsOf(value as object).map(([name, field]) => utf8(name) + valueBytes(field)));
  }
}

const fieldsOf = (item: object): readonly (readonly [string, unknown])[] =>
  Object.entries(item).filter(([, value]) => value !== undefined);

/** Bytes of an item that is still a plain object; attributes that are `undefined` are left out. */
export const itemBytes = (item: object): number =>
  fieldsOf(item).reduce((sum, [name, value]) => sum + utf8(name) + valueBytes(value), 0);

/** Bytes of an item as it goes over the wire. */
export const wireItemBytes = (item: Readonly<Record<string, AttributeValue>>): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + utf8(name) + wireValueBytes(value), 0);

function wireValueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return utf8(value.S);
  if (value.N !== undefined) return numberBytes(value.N);
  if (value.B !== undefined) return binaryBytes(value.B);
  if (value.SS !== undefined) return value.SS.reduce((sum, text) => sum + utf8(text), 0);
  if (value.NS !== undefined) return value.NS.reduce((sum, number) => sum + numberBytes(number), 0);
  if (value.L !== undefined) return nested(value.L.map(wireValueBytes));
  if (value.M !== undefined)
    return nested(Object.entries(value.M).map(([name, field]) => utf8(name) + wireValueBytes(field)));
  return 1;
}

/** Over the wire a binary value is base64, but counts as what it stands for. */
const binaryBytes = (value: Uint8Array | string): number =>
  typeof value === 'string' ? Buffer.byteLength(value, 'base64') : value.byteLength;
