import { gzipSync } from 'node:zlib';
import type { Dice } from './dice';
import { mark } from './texts';

/** A body that is no JSON, or not in the way in which it came. */
export interface BrokenBody {
  readonly what: string;
  readonly body: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

const depth = 20_000;
const bombBytes = 8 * 1_024 * 1_024;

type Breaker = (json: string, dice: Dice) => Omit<BrokenBody, 'what'>;

const text = (body: string): Omit<BrokenBody, 'what'> => ({ body: Buffer.from(body) });

/** No JSON of an object or of a list of objects, whatever it was before. */
const breakers: Readonly<Record<string, Breaker>> = {
  nothing: () => text(''),
  truncated: (json, dice) => text(json.slice(0, dice.whole(1, json.length - 1))),
  'with a byte order mark': (json) => text(`\ufeff${json}`),
  'twice in a row': (json) => text(json + json),
  'with a comma too many': (json) => text(json.replace(/([}\]])$/, ',$1')),
  'in single quotes': () => text(`{'${mark}':'${mark}'}`),
  'deep lists': () => text('['.repeat(depth) + mark),
  'deep objects': () => text('{"a":'.repeat(depth) + mark),
  'deep and closed': () => text('['.repeat(depth) + ']'.repeat(depth)),
  'a number alone': () => text('1e999'),
  'a text alone': () => text(`"${mark}\\ud800"`),
  null: () => text('null'),
  'no number': () => text(`{"${mark}":NaN}`),
  'in UTF-16': (json) => ({ body: Buffer.from(json, 'utf16le') }),
  'of any bytes': (_, dice) => ({ body: Buffer.from(Array.from({ length: 64 }, () => dice.whole(0, 255))) }),
  'with a null byte': (json) => text(`${json}\u0000`),
  gzipped: (json) => ({ body: gzipSync(json), headers: { 'content-encoding': 'gzip' } }),
  'a gzip bomb': () => ({ body: gzipSync(Buffer.alloc(bombBytes)), headers: { 'content-encoding': 'gzip' } }),
};

/** One of them; each is refused, and so large a one is never unpacked. */
export function brokenBody(json: string, dice: Dice): BrokenBody {
  const [what, breakIt] = dice.pick(Object.entries(breakers));
  return { what, ...breakIt(json, dice) };
}
