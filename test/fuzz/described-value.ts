import { faultsBy, isObject, type Place, placeAt, referredTo } from '../support/wire';
import type { Dice } from './dice';
import { friendly, hostile } from './texts';

const friendlyLikelihood = 0.7;
const optionalLikelihood = 0.5;
/** Lists of a description hold up to 500; a few items say as much. */
const mostItems = 4;

/** A value that is as the schema at this place says, awkward now and then. */
export function describedValue(at: Place, dice: Dice): unknown {
  const place = referredTo(at);
  const schema = schemaOf(place);
  const choices = schema.oneOf ?? schema.anyOf;
  if (Array.isArray(choices)) {
    const word = schema.oneOf === undefined ? 'anyOf' : 'oneOf';
    return describedValue(under(place, word, String(dice.whole(0, choices.length - 1))), dice);
  }
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum)) return dice.pick(schema.enum);
  switch (Array.isArray(schema.type) ? dice.pick(schema.type) : schema.type) {
    case 'object':
      return describedObject(place, dice);
    case 'array':
      return Array.from({ length: dice.whole(0, mostItems) }, () =>
        describedValue(under(place, 'items'), dice),
      );
    case 'string':
      return describedText(place, dice);
    case 'integer':
    case 'number':
      return describedNumber(place, dice);
    case 'boolean':
      return dice.chance(0.5);
    case 'null':
      return null;
    default:
      throw new Error(`no value is known for ${place.document} ${place.path.join(' ')}`);
  }
}

/** Texts that the schema takes, and those that it refuses. */
export function textsBy(place: Place, takes: boolean): readonly string[] {
  const { examples = [] } = schemaOf(place);
  return [...friendly, ...(examples as string[]), ...hostile].filter(
    (text) => (faultsBy(place, text).length === 0) === takes,
  );
}

const schemaOf = ({ value }: Place): Record<string, unknown> => (isObject(value) ? value : {});
const under = (place: Place, ...names: readonly string[]): Place =>
  placeAt(place.document, [...place.path, ...names]);

function describedText(place: Place, dice: Dice): string {
  const taken = textsBy(place, true);
  const well = taken.filter((text) => !hostile.includes(text));
  return dice.pick(well.length > 0 && dice.chance(friendlyLikelihood) ? well : taken);
}

function describedNumber(place: Place, dice: Dice): number {
  const {
    minimum = -1e6,
    maximum = 1e6,
    type,
  } = schemaOf(place) as { minimum?: number; maximum?: number; type: string };
  const drawn = dice.pick([minimum, maximum, dice.whole(minimum, Math.min(maximum, minimum + 1e9))]);
  return type === 'number' && dice.chance(0.5) ? Math.min(maximum, drawn + 0.25) : drawn;
}

function describedObject(place: Place, dice: Dice): object {
  const { properties = {}, required = [], additionalProperties } = schemaOf(place);
  const names = Object.keys(properties as object).filter(
    (name) => (required as string[]).includes(name) || dice.chance(optionalLikelihood),
  );
  const entries = names.map((name) => [name, describedValue(under(place, 'properties', name), dice)]);
  return Object.fromEntries([
    ...entries,
    ...(isObject(additionalProperties) ? describedEntries(place, dice) : []),
  ]);
}

/** What an object with keys of any name may hold. */
function describedEntries(place: Place, dice: Dice): readonly (readonly [string, unknown])[] {
  const names = ['mood', '__proto__', 'constructor', '', `${'n'.repeat(128)}`, 'é'].filter(
    (name) => faultsBy(place, Object.fromEntries([[name, 'x']])).length === 0,
  );
  return Array.from({ length: dice.whole(0, 3) }, () => [
    dice.pick(names),
    describedValue(under(place, 'additionalProperties'), dice),
  ]);
}
