import { faultsBy, isObject, type Place, placeAt } from '../support/wire';
import { describedValue, textsBy } from './described-value';
import type { Dice } from './dice';

/** A parameter of a route in its query. */
interface Parameter {
  readonly name: string;
  readonly required: boolean;
  readonly schema: Place;
}

/** A query as it travels, and the parameter that is wrong in it, if one is. */
export interface Query {
  readonly text: string;
  readonly wrong?: string;
}

/** Escapes that decode to nothing good: broken, overlong, half of a pair, a null byte. */
const badEscapes = ['%', '%zz', '%c0%af', '%ed%a0%80', '%00', '%ff', '%252e%252e', '+'];
const overlong = 'x'.repeat(7_000);

/** The parameters that a route describes for its query. */
export function queryParameters(route: string): readonly Parameter[] {
  const [method = '', path = ''] = route.split(' ');
  const lists = [
    ['paths', path, 'parameters'],
    ['paths', path, method.toLowerCase(), 'parameters'],
  ];
  return lists.flatMap((at) => {
    const { value } = placeAt('openapi.yaml', at);
    if (!Array.isArray(value)) return [];
    return value.flatMap((_, index) => parameterAt(placeAt('openapi.yaml', [...at, String(index)])));
  });
}

function parameterAt({ document, path, value }: Place): readonly Parameter[] {
  if (!isObject(value) || value.in !== 'query') return [];
  const { name, required = false } = value;
  return [
    { name: String(name), required: required === true, schema: placeAt(document, [...path, 'schema']) },
  ];
}

/** A query as it is described, with some of what may be left out. */
export function describedQuery(route: string, dice: Dice): Query {
  const given = queryParameters(route).filter(({ required }) => required || dice.chance(0.3));
  return queryOf(given.map(({ name, schema }) => [name, escaped(String(describedValue(schema, dice)))]));
}

/** A query in which one parameter is wrong: missing, outside its schema, twice, or not escaped as it should be. */
export function wrongQuery(route: string, dice: Dice): Query | undefined {
  const parameters = queryParameters(route);
  if (parameters.length === 0) return undefined;
  const wrong = dice.pick(parameters);
  const others = parameters.filter(({ name, required }) => required && name !== wrong.name);
  const right = others.map(
    ({ name, schema }) => [name, escaped(String(describedValue(schema, dice)))] as const,
  );
  if (wrong.required && dice.chance(0.15)) return { ...queryOf(right), wrong: wrong.name };
  const texts = wrongTexts(wrong, dice).filter((text) => isWrong(wrong, text));
  if (texts.length === 0) return undefined;
  const pairs = [...right, ...valuesIn(dice.pick(texts)).map((text) => [wrong.name, text] as const)];
  return { ...queryOf(pairs), wrong: wrong.name };
}

/** Escaped; two values of one parameter are parted by what no escape holds. */
const parted = '&';
const valuesIn = (text: string): readonly string[] => text.split(parted);

const wrongTexts = ({ schema }: Parameter, dice: Dice): readonly string[] => [
  ...textsBy(schema, false)
    .filter((text) => text.isWellFormed())
    .map(escaped),
  ...badEscapes,
  overlong,
  [0, 1].map(() => escaped(String(describedValue(schema, dice)))).join(parted),
];

/** Whether a function gets a value that its description refuses: decoded, and joined where there are several. */
function isWrong({ name, schema }: Parameter, text: string): boolean {
  const query = new URLSearchParams(queryOf(valuesIn(text).map((value) => [name, value])).text);
  const value = query.getAll(name).join(',');
  const isNumber = isObject(schema.value) && schema.value.type === 'integer';
  return faultsBy(schema, isNumber && /^\d+$/.test(value) ? Number(value) : value).length > 0;
}

const queryOf = (pairs: readonly (readonly [name: string, escaped: string])[]): Query => ({
  text: pairs.map(([name, value]) => `${name}=${value}`).join('&'),
});

const escaped = (text: string): string => encodeURIComponent(text.toWellFormed());
