import type { Reason, Status } from './wire';

/** What the list of facilities is sorted by. `status`: offline first; `changed`: latest first. */
export const sorts = ['status', 'name', 'changed'] as const;
export type Sort = (typeof sorts)[number];

/** How the facilities are laid out. */
export const shapes = ['list', 'groups', 'tiles'] as const;
export type Shape = (typeof shapes)[number];

export const statuses = ['online', 'offline'] as const satisfies readonly Status[];
export const reasons = ['timeout', 'leave', 'registered', 'heartbeat'] as const satisfies readonly Reason[];
export const marks = ['flapping', 'maintenance'] as const;
/** What a facility may be marked with besides its status. */
export type Mark = (typeof marks)[number];

/** Which facilities are looked at, and how. */
export interface Look {
  /** Part of a name or an id. */
  readonly search: string;
  readonly status: Status | undefined;
  readonly reason: Reason | undefined;
  readonly mark: Mark | undefined;
  readonly sort: Sort;
  readonly isReversed: boolean;
  readonly shape: Shape;
  /** Groups that are folded. */
  readonly folded: readonly string[];
}

export const plainLook: Look = {
  search: '',
  status: undefined,
  reason: undefined,
  mark: undefined,
  sort: 'status',
  isReversed: false,
  shape: 'list',
  folded: [],
};

/** Reads a look from a query; what it does not know, it leaves plain. */
export function lookOf(query: URLSearchParams): Look {
  const sort = query.get('sort') ?? '';
  return {
    search: query.get('q') ?? '',
    status: oneOf(statuses, query.get('status')),
    reason: oneOf(reasons, query.get('why')),
    mark: oneOf(marks, query.get('mark')),
    sort: oneOf(sorts, sort.replace(/^-/, '')) ?? plainLook.sort,
    isReversed: sort.startsWith('-'),
    shape: oneOf(shapes, query.get('as')) ?? plainLook.shape,
    folded: query.getAll('folded'),
  };
}

/** The other way round; only what is not plain. */
export function queryOf(look: Look): URLSearchParams {
  const query = new URLSearchParams();
  const set = (name: string, value: string | undefined): void => {
    if (value) query.set(name, value);
  };
  set('q', look.search);
  set('status', look.status);
  set('why', look.reason);
  set('mark', look.mark);
  if (look.isReversed || look.sort !== plainLook.sort) {
    set('sort', `${look.isReversed ? '-' : ''}${look.sort}`);
  }
  if (look.shape !== plainLook.shape) set('as', look.shape);
  for (const group of look.folded) query.append('folded', group);
  return query;
}

/** The word, if it is one of these. */
export const oneOf = <Word extends string>(words: readonly Word[], word: string | null): Word | undefined =>
  words.find((known) => known === word);
