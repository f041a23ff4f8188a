import type { LocalIssuer } from '../support/local-issuer';
import { describedRoutes, placeAt } from '../support/wire';
import { brokenBody } from './broken-body';
import { describedValue } from './described-value';
import type { Dice } from './dice';
import { faultyJson } from './faulty-value';
import { forgedAuthorization, oddAuthorization } from './forged-token';
import { describedQuery, type Query, wrongQuery } from './query';
import { bodyPlace, describedBody } from './request-body';
import type { Expectation, Shot } from './shot';
import { hostile, mark } from './texts';

/** Whoever makes requests: the dice, and tokens of all rights and of forgeries. */
interface Maker {
  readonly issuer: LocalIssuer;
  readonly dice: Dice;
}

type Make = (maker: Maker) => Promise<Shot | undefined>;

const openRoute = 'GET /v1/openapi.json';
const closedRoutes = describedRoutes.filter((route) => route !== openRoute);
const readRoutes = describedRoutes.filter((route) => route.startsWith('GET'));
const bodyRoutes = describedRoutes.filter((route) => bodyPlace(route) !== undefined);
const regionRoutes = closedRoutes.filter((route) => route.includes('{region}'));
const heartbeat = 'POST /heartbeat';

/** Beyond what a function URL takes, and an HTTP API. */
const platformBytes = { heartbeat: 6 * 1_024 * 1_024, api: 10 * 1_024 * 1_024 } as const;
const enormous = Buffer.alloc(platformBytes.api + 1, 'x');
/** Beyond what each handler takes, and within what the platform does. */
const large = Buffer.alloc(1_024 * 1_024 + 1, ' ');

/** Parts of a request that differ from one as it is described. */
interface Words {
  readonly what: string;
  readonly route: string;
  readonly expected: Expectation;
  readonly query?: Query;
  readonly region?: string;
  readonly method?: string;
  readonly headers?: Shot['headers'];
  readonly authorization?: string | readonly string[] | undefined;
  readonly body?: Buffer;
}

const right = { what: 'as described' } as const;

/** A request as its route describes it, but for what is said. */
async function shotOf(words: Words, { issuer, dice }: Maker): Promise<Shot> {
  const { what, route, expected, query = describedQuery(route, dice) } = words;
  const [method = '', path = ''] = route.split(' ');
  const region =
    words.region ?? encodeURIComponent(dice.pick(['fuzz', 'fuzz', 'harbour', '__proto__', 'nowhere']));
  const place = bodyPlace(route);
  const body = words.body ?? (place && Buffer.from(JSON.stringify(describedBody(place, dice))));
  const authorization =
    'authorization' in words ? words.authorization : `Bearer ${await issuer.token({ sub: 'ann' })}`;
  return {
    what,
    route,
    method: words.method ?? method,
    target: `${path.replace('{region}', region)}${query.text === '' ? '' : `?${query.text}`}`,
    headers: {
      ...(authorization !== undefined && { authorization }),
      ...(body && { 'content-type': 'application/json' }),
      ...words.headers,
    },
    ...(body && { body }),
    expected,
  };
}

const aForgedToken: Make = async (maker) => {
  const route = maker.dice.pick(closedRoutes);
  const forged = await forgedAuthorization(maker.issuer, maker.dice);
  return await shotOf({ ...forged, route, expected: { kind: 'refused', statuses: [401] } }, maker);
};

const aFaultyBody: Make = async (maker) => {
  const { dice } = maker;
  const route = dice.pick(bodyRoutes);
  const place = bodyPlace(route);
  if (place === undefined) return undefined;
  // Of a list each beat is judged alone: here it is one, so that nothing of it can be taken.
  const at = route === heartbeat ? placeAt('openapi.yaml', ['components', 'schemas', 'Beat']) : place;
  const faulty = faultyJson(at, describedBody(at, dice), dice);
  if (faulty === undefined || (route === heartbeat && faulty.text.startsWith('['))) return undefined;
  const expected = { kind: 'refused', statuses: [400], field: faulty.field } as const;
  return await shotOf(
    { what: `a fault at ${faulty.field || 'the root'}`, route, expected, body: Buffer.from(faulty.text) },
    maker,
  );
};

const aListOfFaultyBeats: Make = async (maker) => {
  const place = placeAt('openapi.yaml', ['components', 'schemas', 'Beat']);
  const beats = Array.from({ length: maker.dice.whole(1, 5) }, () =>
    faultyJson(place, describedBody(place, maker.dice), maker.dice),
  );
  const text = `[${beats.flatMap((beat) => beat?.text ?? []).join(',')}]`;
  const expected = { kind: 'refused', statuses: [202, 413] } as const;
  return await shotOf(
    { what: 'a list of faulty beats', route: heartbeat, expected, body: Buffer.from(text) },
    maker,
  );
};

const aBrokenBody: Make = async (maker) => {
  const { dice } = maker;
  const route = dice.pick(bodyRoutes);
  const place = bodyPlace(route);
  const right = place === undefined ? {} : describedBody(place, dice);
  // What cannot be read must not be repeated either.
  const { what, body, headers } = brokenBody(JSON.stringify({ [mark]: mark, right }), dice);
  // A list of something else than beats is judged item by item; what is large comes first.
  const statuses = [400, 413, ...(body.toString().startsWith('[') ? [202] : [])];
  return await shotOf(
    {
      what: `a body ${what}`,
      route,
      expected: { kind: 'refused', statuses },
      body,
      ...(headers && { headers }),
    },
    maker,
  );
};

const mediaTypes = [
  'text/plain',
  '',
  'application/xml',
  'application/json+x',
  'json',
  `${mark}/json`,
  'application/jsonp',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
];

const anotherMediaType: Make = async (maker) => {
  const route = maker.dice.pick(bodyRoutes);
  const type = maker.dice.pick(mediaTypes);
  const expected = { kind: 'refused', statuses: [415], field: 'content-type' } as const;
  return await shotOf(
    { what: `the media type ${type}`, route, expected, headers: { 'content-type': type } },
    maker,
  );
};

const tooLarge: Make = async (maker) => {
  const expected = { kind: 'refused', statuses: [413], field: 'body' } as const;
  return await shotOf(
    { what: 'a large body', route: maker.dice.pick(bodyRoutes), expected, body: large },
    maker,
  );
};

const enormousBody: Make = async (maker) =>
  await shotOf(
    {
      what: 'an enormous body',
      route: maker.dice.pick(bodyRoutes),
      expected: { kind: 'unserved' },
      body: enormous,
    },
    maker,
  );

const aWrongQuery: Make = async (maker) => {
  const { dice } = maker;
  const route = dice.pick(closedRoutes);
  const query = wrongQuery(route, dice);
  if (query?.wrong === undefined) return undefined;
  const expected = { kind: 'refused', statuses: [400], field: query.wrong } as const;
  return await shotOf({ what: `a wrong ${query.wrong}`, route, query, region: 'fuzz', expected }, maker);
};

/** Escaped, so that each is one segment; what is no id is no region. */
const wrongRegions = hostile
  .filter((text) => text.isWellFormed() && text !== '' && !/^[A-Za-z0-9._-]{1,64}$/.test(text))
  .map(encodeURIComponent);

const aWrongRegion: Make = async (maker) => {
  const route = maker.dice.pick(regionRoutes);
  const region = maker.dice.pick([...wrongRegions, '%zz', '%00', '%ff', '%']);
  const expected = { kind: 'refused', statuses: [404, 400] } as const;
  return await shotOf({ what: 'a region that is no id', route, region, expected }, maker);
};

const otherMethods = ['PATCH', 'PROPFIND', 'TRACE', 'LINK', 'OPTIONS', 'DELETE', 'PUT'];

const anotherMethod: Make = async (maker) => {
  const route = maker.dice.pick(closedRoutes);
  const [, path = ''] = route.split(' ');
  const unserved = otherMethods.filter((method) => !describedRoutes.includes(`${method} ${path}`));
  const method = maker.dice.pick(unserved);
  const expected: Expectation =
    route === heartbeat ? { kind: 'refused', statuses: [405] } : { kind: 'unserved' };
  return await shotOf({ what: `the method ${method}`, route, method, expected }, maker);
};

const unknownPaths = [
  '/v1/',
  '/v1/regions/',
  '/v1/regions/fuzz/',
  '/v1//regions',
  '/v1/regions/fuzz/facility/x',
  '/v1/regions/a%2Fb/facility/history/x',
  '/v1/tickets/x',
  `/v1/${encodeURIComponent(mark)}`,
  '/v1/regions;x=1',
];

const anUnknownPath: Make = async (maker) => {
  const shot = await shotOf(
    { what: 'a path of nothing', route: maker.dice.pick(readRoutes), expected: { kind: 'unserved' } },
    maker,
  );
  return {
    ...shot,
    method: maker.dice.pick(['GET', 'PUT', 'POST', 'DELETE']),
    target: maker.dice.pick(unknownPaths),
  };
};

const aReading: Make = async (maker) =>
  await shotOf({ ...right, route: maker.dice.pick(readRoutes), expected: { kind: 'read' } }, maker);

const anOddReading: Make = async (maker) => {
  const odd = await oddAuthorization(maker.issuer, maker.dice);
  return await shotOf({ ...odd, route: maker.dice.pick(readRoutes), expected: { kind: 'read' } }, maker);
};

/** What asks for another method than the request has; nobody listens to it. */
const anOverride: Make = async (maker) => {
  const names = ['x-http-method-override', 'x-http-method', 'x-method-override'];
  const headers = Object.fromEntries(names.map((name) => [name, maker.dice.pick(['DELETE', 'PUT', 'POST'])]));
  const shot = await shotOf(
    { what: 'a method in headers', route: maker.dice.pick(readRoutes), headers, expected: { kind: 'read' } },
    maker,
  );
  return { ...shot, target: `${shot.target}${shot.target.includes('?') ? '&' : '?'}_method=DELETE` };
};

/** Of about three hundred, so many are of this kind. */
const harmless: readonly (readonly [count: number, make: Make])[] = [
  [60, aForgedToken],
  [66, aFaultyBody],
  [15, aListOfFaultyBeats],
  [30, aBrokenBody],
  [15, anotherMediaType],
  [3, tooLarge],
  [1, enormousBody],
  [48, aWrongQuery],
  [15, aWrongRegion],
  [15, anotherMethod],
  [12, anUnknownPath],
  [12, aReading],
  [12, anOddReading],
  [9, anOverride],
];
const lots = harmless.flatMap(([count, make]) => Array<Make>(count).fill(make));

/** A request that must change nothing: it is refused, or it only reads. */
export async function harmlessShot(maker: Maker): Promise<Shot> {
  for (;;) {
    const make = maker.dice.pick(lots);
    const shot = await make(maker);
    if (shot !== undefined) return shot;
  }
}

/** A request as it is described, with values of all kinds; whether it is taken depends on what is there. */
export async function describedShot(maker: Maker): Promise<Shot> {
  const { issuer, dice } = maker;
  const route = dice.pick([...describedRoutes, heartbeat, heartbeat]);
  const subject = dice.pick(['ann', 'bob', '😀 "x"']);
  const odd = dice.chance(0.1)
    ? await oddAuthorization(issuer, dice)
    : { what: 'as described', authorization: `Bearer ${await issuer.token({ sub: subject })}` };
  const duplicate = route === heartbeat && dice.chance(0.1) ? { body: twice(dice) } : {};
  return await shotOf({ ...odd, route, ...duplicate, expected: { kind: 'any' } }, maker);
}

/** Each key of a beat comes twice: the last one counts. */
function twice(dice: Dice): Buffer {
  const beat = placeAt('openapi.yaml', ['components', 'schemas', 'Beat']);
  const [first, second] = [describedValue(beat, dice), describedBody(beat, dice)].map((value) =>
    JSON.stringify(value),
  );
  return Buffer.from(`${first?.slice(0, -1)},${second?.slice(1)}`);
}
