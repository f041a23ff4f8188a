import { isObject, type Place, placeAt } from '../support/wire';
import { describedValue } from './described-value';
import type { Dice } from './dice';

/** Where the body of a route is described; undefined for one that takes none. */
export function bodyPlace(route: string): Place | undefined {
  const [method = '', path = ''] = route.split(' ');
  const at = ['paths', path, method.toLowerCase(), 'requestBody', 'content', 'application/json', 'schema'];
  const place = placeAt('openapi.yaml', at);
  return place.value === undefined ? undefined : place;
}

/** A body as it is described, in words and in schema. */
export const describedBody = (place: Place, dice: Dice): unknown => sound(describedValue(place, dice));

const longestAttribute = 200;

/** What the description says in words alone: windows that end after they begin, thresholds in order, few bytes. */
function sound(value: unknown): unknown {
  // No schema says that half a pair of surrogates is no text.
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(sound);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, item]) => [name, soundField(name, item)]);
  return Object.fromEntries(entries);
}

function soundField(name: string, value: unknown): unknown {
  switch (name) {
    case 'maintenance':
      return (value as object[]).map((window) => ({
        ...(sound(window) as object),
        from: '2026-01-05T10:00Z',
        to: '2026-01-05T11:00+00:00',
      }));
    case 'thresholds':
      return {
        ...(value as object),
        upFrom: 0.9 + Number(Reflect.get(value as object, 'upFrom')) / 10,
        downBelow: 0.5,
      };
    case 'attributes':
      return Object.fromEntries(
        Object.entries(value as object).map(([key, item]) => [
          key,
          typeof item === 'string' ? item.slice(0, longestAttribute) : item,
        ]),
      );
    default:
      return sound(value);
  }
}
