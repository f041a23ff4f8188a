import { faultsBy, isObject, type Place } from '../support/wire';
import type { Dice } from './dice';
import { hostile, mark } from './texts';

/** JSON text with one thing wrong in it. */
export interface FaultyJson {
  readonly text: string;
  /** Where, in the notation of a JavaScript path; '' for the whole. */
  readonly field: string;
}

type Step = string | number;
type Path = readonly Step[];

/** Numbers that JSON can say and JavaScript cannot hold, written in place of a text. */
const rawNumbers = ['1e999', '-1e999', '9007199254740993', '1e-999', '0.1e1'];
const raw = (number: string): string => `@raw ${number}@`;

const wrong: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  3,
  301,
  [],
  {},
  [[]],
  { a: { a: {} } },
  ...rawNumbers.map(raw),
  ...hostile,
];
const wrongNames = ['colour', '__proto__', 'constructor', `${mark}>`, 'a.b[0]', '', 'SessionId', '\ud800'];
const attempts = 60;

/**
 * Makes one thing wrong in a value that was right.
 * @returns undefined where nothing that was tried is wrong by the schema
 */
export function faultyJson(place: Place, right: unknown, dice: Dice): FaultyJson | undefined {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const faulty = changed(right, dice);
    if (faultsBy(place, JSON.parse(faulty.text)).length > 0) return faulty;
  }
  return undefined;
}

function changed(right: unknown, dice: Dice): FaultyJson {
  const path = dice.pick([...pathsIn(right)]);
  const there = valueAt(right, path);
  if (isObject(there) && dice.chance(0.5)) {
    const names = Object.keys(there);
    if (names.length > 0 && dice.chance(0.5)) return without(right, [...path, dice.pick(names)]);
    return put(right, [...path, dice.pick(wrongNames)], dice.pick(['x', 1, null, {}]));
  }
  if (Array.isArray(there) && there.length > 0 && dice.chance(0.3)) {
    return put(right, path, Array(501).fill(there[0]));
  }
  return put(right, path, dice.pick(wrong));
}

const put = (right: unknown, path: Path, value: unknown): FaultyJson => ({
  text: jsonOf(replaced(right, path, () => value)),
  field: notation(path),
});

function without(right: unknown, path: Path): FaultyJson {
  const name = path.at(-1);
  const rest = replaced(right, path.slice(0, -1), (object) =>
    Object.fromEntries(Object.entries(object as object).filter(([key]) => key !== name)),
  );
  return { text: jsonOf(rest), field: notation(path) };
}

const jsonOf = (value: unknown): string => JSON.stringify(value).replace(/"@raw ([^@"]*)@"/g, '$1');

/** As the server names fields, which shows only what is harmless of a name. */
const notation = (path: Path): string =>
  path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    const shown = step.replace(/[^A-Za-z0-9._$*-]/g, '?').slice(0, 40);
    return text === '' ? shown : `${text}.${shown}`;
  }, '');

function* pathsIn(value: unknown, path: Path = []): Generator<Path> {
  yield path;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* pathsIn(item, [...path, index]);
  } else if (isObject(value)) {
    for (const [name, item] of Object.entries(value)) yield* pathsIn(item, [...path, name]);
  }
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (there, step) => Object.entries(there as object).find(([key]) => key === String(step))?.[1],
    value,
  );

/** A copy with something else at a path; keys of any name stay keys of the object itself. */
function replaced(value: unknown, [step, ...rest]: Path, change: (there: unknown) => unknown): unknown {
  if (step === undefined) return change(value);
  if (Array.isArray(value)) {
    return value.map((item, index) => (index === step ? replaced(item, rest, change) : item));
  }
  const entries = Object.entries(value as object);
  const kept = entries.map(([name, item]) => [name, name === step ? replaced(item, rest, change) : item]);
  const isNew = !entries.some(([name]) => name === step);
  return Object.fromEntries(isNew ? [...kept, [step, change(undefined)]] : kept);
}
