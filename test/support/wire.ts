import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import type { HttpResult } from '../../lambdas/http';

type Json = Readonly<Record<string, unknown>>;

const read = (name: string): Json => parse(readFileSync(join(__dirname, '..', '..', 'docs', name), 'utf8'));

export const openapi = read('openapi.yaml');
export const asyncapi = read('asyncapi.yaml');

const base = 'https://rollcall.example/';
const documents = new Map([
  ['openapi.yaml', openapi],
  ['asyncapi.yaml', asyncapi],
]);

const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
addFormats(ajv);
// Each document is one schema to ajv, which is strict about words that it does not know.
ajv.addVocabulary([...new Set([...Object.keys(openapi), ...Object.keys(asyncapi)])]);
for (const [name, document] of documents) ajv.addSchema(document, `${base}${name}`);

/** A place in a document, after every reference on the way there. */
export interface Place {
  readonly document: string;
  readonly path: readonly string[];
  readonly value: unknown;
}

/** Follows a path of names through a document; what is not there has the value `undefined`. */
export function placeAt(document: string, path: readonly string[]): Place {
  let place: Place = { document, path: [], value: documents.get(document) };
  for (const name of path) {
    const { value } = place;
    const next = hasName(value, name) ? Reflect.get(value, name) : undefined;
    place = followed({ document: place.document, path: [...place.path, name], value: next });
  }
  return place;
}

function followed(place: Place): Place {
  return isObject(place.value) && Object.keys(place.value).length > 1 ? place : referredTo(place);
}

/** Where a reference leads, also one that says something besides; a place that refers to nothing is itself. */
export function referredTo(place: Place): Place {
  const { value } = place;
  if (!isObject(value) || typeof value.$ref !== 'string') return place;
  const [file = '', pointer = ''] = value.$ref.split('#');
  return placeAt(file.replace('./', '') || place.document, pointer.slice(1).split('/').map(unescaped));
}

const hasName = (value: unknown, name: string): value is object =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name);

const unescaped = (name: string): string => name.replaceAll('~1', '/').replaceAll('~0', '~');
const escaped = (name: string): string =>
  encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const validators = new Map<string, ValidateFunction>();

/** What is wrong with a value by the schema at that place; nothing where it is as described. */
export function faultsBy({ document, path, value: schema }: Place, value: unknown): readonly string[] {
  if (schema === undefined) return [`nothing is described at ${document} ${path.join(' ')}`];
  const id = `${base}${document}#${path.map((name) => `/${escaped(name)}`).join('')}`;
  const validate = validators.get(id) ?? ajv.compile({ $ref: id });
  validators.set(id, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    [instancePath, message, JSON.stringify(params)].join(' '),
  );
}

/** The same by a name of `components.schemas`. */
export const faultsBySchema = (document: string, name: string, value: unknown): readonly string[] =>
  faultsBy(placeAt(document, ['components', 'schemas', name]), value);

const methods = ['get', 'put', 'post', 'delete', 'patch'];

/** `GET /v1/regions` and all the others, as route keys. */
export const describedRoutes: readonly string[] = Object.entries(
  openapi.paths as Record<string, Json>,
).flatMap(([path, item]) =>
  Object.keys(item)
    .filter((name) => methods.includes(name))
    .map((method) => `${method.toUpperCase()} ${path}`),
);

/** Where an operation is described. */
function operationAt(route: string): readonly string[] {
  const [method = '', path = ''] = route.split(' ');
  return ['paths', path, method.toLowerCase()];
}

/** Statuses that a route may answer with; those of the platform aside. */
export const describedStatuses = (route: string): readonly string[] =>
  Object.keys(placeAt('openapi.yaml', [...operationAt(route), 'responses']).value as Json).filter(
    (status) => status !== 'default',
  );

/** Where a parameter's schema is. */
export function parameterSchema(route: string, name: string): Place {
  const [paths = '', path = '', method = ''] = operationAt(route);
  const places = [
    [paths, path, 'parameters'],
    [paths, path, method, 'parameters'],
  ].flatMap((at) => {
    const listed = placeAt('openapi.yaml', at).value;
    return Array.isArray(listed) ? listed.map((_, index) => [...at, String(index)]) : [];
  });
  const found = places
    .map((at) => placeAt('openapi.yaml', at))
    .find(({ value }) => isObject(value) && value.name === name);
  if (found === undefined) throw new Error(`${route} has no parameter ${name}`);
  return placeAt(found.document, [...found.path, 'schema']);
}

/** An answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: unknown;
}

/** What a handler returned, as a gateway would send it. */
export const onTheWire = ({ statusCode = 200, headers = {}, body = '' }: HttpResult): WireAnswer => ({
  status: statusCode,
  headers: new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])),
  body: body === '' ? undefined : JSON.parse(body),
});

/** What came over the network. */
export const onTheNet = async (response: Response): Promise<WireAnswer> => ({
  status: response.status,
  headers: new Map(response.headers),
  body: response.status === 204 ? undefined : await response.json(),
});

/** What of an answer is not as the route describes it: status, media type, headers, body. */
export function faultsOf(route: string, { status, headers, body }: WireAnswer): readonly string[] {
  const at = [...operationAt(route), 'responses', String(status)];
  if (placeAt('openapi.yaml', at).value === undefined) return [`${route} does not describe ${status}`];
  const mediaType = headers.get('content-type') ?? '';
  return [
    ...headerFaults(at, headers),
    ...(status === 204
      ? []
      : faultsBy(placeAt('openapi.yaml', [...at, 'content', mediaType, 'schema']), body)),
  ];
}

function headerFaults(at: readonly string[], headers: WireAnswer['headers']): readonly string[] {
  const described = placeAt('openapi.yaml', [...at, 'headers']).value;
  if (!isObject(described)) return [];
  return Object.keys(described).flatMap((name) => {
    const text = headers.get(name.toLowerCase());
    if (text === undefined) return [`without the header ${name}`];
    const place = placeAt('openapi.yaml', [...at, 'headers', name, 'schema']);
    const isNumber = isObject(place.value) && place.value.type === 'integer';
    return faultsBy(place, isNumber ? Number(text) : text);
  });
}

/** What is wrong with what a server says in the feed, or an event on the bus; `send` is the server's side. */
export function messageFaults(channel: 'liveFeed' | 'events', name: string, payload: unknown) {
  return faultsBy(placeAt('asyncapi.yaml', ['channels', channel, 'messages', name, 'payload']), payload);
}

/** The parts of a document, deepest first, each with its path. */
export function* partsOf(value: unknown, path: readonly string[] = []): Generator<[readonly string[], Json]> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* partsOf(item, [...path, String(index)]);
  } else if (isObject(value)) {
    for (const [name, item] of Object.entries(value)) yield* partsOf(item, [...path, name]);
    yield [path, value];
  }
}

/** Every schema under `components.schemas`. */
export const schemaPlaces = (document: string): readonly Place[] => {
  const { value } = placeAt(document, ['components', 'schemas']);
  return Object.keys(isObject(value) ? value : {}).map((name) =>
    placeAt(document, ['components', 'schemas', name]),
  );
};
