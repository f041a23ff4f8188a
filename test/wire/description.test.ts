import { readFileSync } from 'node:fs';
import { openapiFile, openapiJson } from '../../bin/openapi';
import { problems } from '../../core/problem';
import { routes } from '../../lambdas/status-api/contract';
import {
  asyncapi,
  describedRoutes,
  faultsBy,
  isObject,
  openapi,
  partsOf,
  placeAt,
  schemaPlaces,
} from '../support/wire';

const documents = [
  ['openapi.yaml', openapi],
  ['asyncapi.yaml', asyncapi],
] as const;

describe('the description of the API', () => {
  test('is served as it is written: `npm run openapi` was run', () => {
    expect(readFileSync(openapiFile, 'utf8')).toBe(openapiJson());
  });

  test('describes every route that there is, and no other', () => {
    expect([...describedRoutes].sort()).toEqual([...routes, 'POST /heartbeat'].sort());
  });

  test('names every way in which a request is refused, and no other, with its own status', () => {
    const types = Object.keys(problems).map((name) => `urn:rollcall:problem:${name}`);
    const { value } = placeAt('openapi.yaml', [
      'components',
      'schemas',
      'Problem',
      'properties',
      'type',
      'enum',
    ]);
    expect([...(value as string[])].sort()).toEqual(types.sort());
    expect(new Map(refusals())).toEqual(
      new Map(Object.entries(problems).map(([name, [status]]) => [`urn:rollcall:problem:${name}`, status])),
    );
  });

  test('gives each operation a name of its own, a tag that is explained, and a summary', () => {
    const operations = [...partsOf(openapi)].flatMap(([, part]) => ('operationId' in part ? [part] : []));
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(describedRoutes.length);
    const tags = new Set((openapi.tags as { name: string }[]).map(({ name }) => name));
    const used = operations.flatMap((operation) => operation.tags as string[]);
    expect(new Set(used)).toEqual(tags);
    expect(operations.filter(({ summary }) => typeof summary !== 'string')).toEqual([]);
  });

  test('asks for a token everywhere but where it describes itself', () => {
    expect(openapi.security).toEqual([{ token: [] }]);
    const own = [...partsOf(openapi.paths)].filter(([, part]) => 'security' in part);
    expect(own.map(([path, { security }]) => [path, security])).toEqual([[['/v1/openapi.json', 'get'], []]]);
  });
});

describe.each(documents)('%s', (name, document) => {
  test('refers only to what is there', () => {
    const missing = [...partsOf(document)].flatMap(([path, part]) => {
      if (typeof part.$ref !== 'string') return [];
      const [file, pointer = ''] = part.$ref.split('#');
      const names = pointer
        .slice(1)
        .split('/')
        .map((text) => text.replaceAll('~1', '/'));
      const { value } = placeAt(file?.replace('./', '') || name, names);
      return value === undefined ? [`${path.join('/')}: ${part.$ref}`] : [];
    });
    expect(missing).toEqual([]);
  });

  test('has schemas that are closed, each of which compiles', () => {
    const places = schemaPlaces(name);
    expect(places.length).toBeGreaterThan(10);
    for (const place of places) expect(() => faultsBy(place, {})).not.toThrow();
    const open = [...partsOf(document)].filter(
      ([path, part]) =>
        part.type === 'object' &&
        !('additionalProperties' in part || '$ref' in part || path.includes('bindings')),
    );
    expect(open.map(([path]) => path.join('/'))).toEqual([]);
  });

  test('gives examples that are as their schemas say', () => {
    const faults = [...partsOf(document)].flatMap(([path, part]) => {
      if (isObject(part.schema) && isObject(part.examples)) {
        const place = placeAt(name, [...path, 'schema']);
        return Object.values(part.examples).flatMap((example) =>
          faultsBy(place, isObject(example) ? example.value : example),
        );
      }
      if (!Array.isArray(part.examples)) return [];
      const isMessage = 'payload' in part;
      const place = placeAt(name, isMessage ? [...path, 'payload'] : path);
      return part.examples.flatMap((example) => faultsBy(place, isMessage ? example.payload : example));
    });
    expect(faults).toEqual([]);
  });
});

/** Types and statuses of the problems that answers are narrowed to. */
function refusals(): readonly (readonly [string, unknown])[] {
  return [...partsOf(openapi.components)].flatMap(([path, part]) => {
    const { type, status } = part;
    if (path.at(-1) !== 'properties' || !path.includes('responses') || !isObject(type)) return [];
    const types = (type.enum ?? [type.const]) as string[];
    return types.map((name) => [name, isObject(status) ? status.const : undefined] as const);
  });
}
