import { type Look, lookOf, oneOf, queryOf } from './look';
import type { RegionState } from './wire';

/** How far back a facility's history is shown. */
export const spans = ['24h', '7d', '30d', '90d'] as const;
export type Span = (typeof spans)[number];

export const regionStates = ['down', 'partial', 'up', 'empty'] as const satisfies readonly RegionState[];

/**
 * What is looked at. All of it is in the URL, so that a link shows the same.
 * An undefined `region` of a list means all of them.
 */
export type View =
  | { readonly name: 'overview'; readonly state: RegionState | undefined }
  | { readonly name: 'region'; readonly region: string | undefined; readonly look: Look }
  | { readonly name: 'facility'; readonly region: string; readonly facility: string; readonly span: Span }
  | { readonly name: 'registry'; readonly region: string | undefined; readonly facility: string | undefined }
  | { readonly name: 'tv'; readonly regions: readonly string[]; readonly turnSeconds: number };

export type ViewName = View['name'];
export type ViewOf<Name extends ViewName> = Extract<View, { readonly name: Name }>;

export const defaultTurnSeconds = 20;

/** Neither can be a region's id, nor can `*`, which stands for all of them. */
const registryPlace = '~registry';
const tvPlace = '~tv';
const allRegions = '*';

/**
 * Reads the part of an address that begins with `#`. Whatever it cannot read is the overview.
 * `#/`, `#/*`, `#/north`, `#/north/clinic-7`, `#/~registry/north`, `#/~tv`, each with a query.
 */
export function viewOf(hash: string): View {
  const [path = '', text = ''] = hash.replace(/^#?\/?/, '').split(/\?(.*)/s);
  const query = new URLSearchParams(text);
  const [place = '', ...rest] = path.split('/').map(decoded);
  const below = rest.join('/');
  switch (place) {
    case '':
      return { name: 'overview', state: oneOf(regionStates, query.get('state')) };
    case registryPlace:
      return { name: 'registry', region: below || undefined, facility: query.get('facility') ?? undefined };
    case tvPlace:
      return { name: 'tv', regions: query.getAll('region'), turnSeconds: turnSecondsOf(query.get('turn')) };
    case allRegions:
      return { name: 'region', region: undefined, look: lookOf(query) };
    default:
      return below === ''
        ? { name: 'region', region: place, look: lookOf(query) }
        : {
            name: 'facility',
            region: place,
            facility: below,
            span: oneOf(spans, query.get('span')) ?? spans[0],
          };
  }
}

/** Where a view is: the other way round. */
export function hashOf(view: View): string {
  switch (view.name) {
    case 'overview':
      return hash('', { state: view.state });
    case 'region':
      return withQuery(`#/${view.region ?? allRegions}`, queryOf(view.look));
    case 'facility':
      return hash(`${view.region}/${view.facility}`, {
        span: view.span === spans[0] ? undefined : view.span,
      });
    case 'registry':
      return hash([registryPlace, view.region].filter(Boolean).join('/'), { facility: view.facility });
    case 'tv': {
      const query = new URLSearchParams(view.regions.map((region): [string, string] => ['region', region]));
      if (view.turnSeconds !== defaultTurnSeconds) query.set('turn', String(view.turnSeconds));
      return withQuery(`#/${tvPlace}`, query);
    }
  }
}

/** The region that all of the view is about. */
export const regionOf = (view: View): string | undefined => ('region' in view ? view.region : undefined);

/** Whether two views are the same but for how they are looked at. */
export const isSamePlace = (one: View, other: View): boolean =>
  one.name === other.name &&
  regionOf(one) === regionOf(other) &&
  ('facility' in one ? one.facility : '') === ('facility' in other ? other.facility : '');

function hash(path: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(parameters).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return withQuery(`#/${path}`, new URLSearchParams(given));
}

const withQuery = (path: string, query: URLSearchParams): string =>
  query.size === 0 ? path : `${path}?${query}`;

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return segment;
  }
}

const turnSecondsOf = (text: string | null): number => {
  const seconds = Number(text ?? defaultTurnSeconds);
  return Number.isInteger(seconds) && seconds >= 5 && seconds <= 3_600 ? seconds : defaultTurnSeconds;
};
