import type { Look, Mark, Sort } from '../look';
import { isInMaintenance } from '../maintenance';
import type { FacilityState, Reason, Status } from '../wire';

/** A facility with where it belongs. */
export interface Row {
  /** Its own among all regions: no id holds a space. */
  readonly key: string;
  readonly region: string;
  readonly regionName: string;
  readonly facility: FacilityState;
}

/** A region as far as its list needs it. */
export interface Source {
  readonly region: string;
  readonly name: string;
  readonly facilities: ReadonlyMap<string, FacilityState>;
}

export const keyOf = (region: string, facility: string): string => `${region} ${facility}`;

export const rowsOf = (sources: readonly Source[]): readonly Row[] =>
  sources.flatMap(({ region, name, facilities }) =>
    Array.from(facilities.values(), (facility) => ({
      key: keyOf(region, facility.id),
      region,
      regionName: name,
      facility,
    })),
  );

/** How many there are of each kind that can be asked for. */
export interface Counts {
  readonly all: number;
  readonly statuses: Readonly<Record<Status, number>>;
  readonly reasons: ReadonlyMap<Reason, number>;
  readonly marks: Readonly<Record<Mark, number>>;
}

export function countsOf(rows: readonly Row[], nowMs: number): Counts {
  const statuses = { online: 0, offline: 0 };
  const reasons = new Map<Reason, number>();
  const marks = { flapping: 0, maintenance: 0 };
  for (const { facility } of rows) {
    statuses[facility.status] += 1;
    if (facility.status === 'offline') {
      reasons.set(facility.reason, (reasons.get(facility.reason) ?? 0) + 1);
    }
    if (facility.flapping) marks.flapping += 1;
    if (isInMaintenance(facility, nowMs)) marks.maintenance += 1;
  }
  return { all: rows.length, statuses, reasons, marks };
}

/** Those that are asked for. */
export function wantedRows(rows: readonly Row[], look: Look, nowMs: number): readonly Row[] {
  const words = look.search.toLowerCase().split(/\s+/).filter(Boolean);
  const { status, reason, mark } = look;
  return rows.filter(
    ({ facility }) =>
      (status === undefined || facility.status === status) &&
      (reason === undefined || (facility.status === 'offline' && facility.reason === reason)) &&
      (mark === undefined || isMarked(facility, mark, nowMs)) &&
      (words.length === 0 || words.every((word) => textOf(facility).includes(word))),
  );
}

const isMarked = (facility: FacilityState, mark: Mark, nowMs: number): boolean =>
  mark === 'flapping' ? facility.flapping === true : isInMaintenance(facility, nowMs);

const texts = new WeakMap<FacilityState, string>();
/** What a search looks at, made once for each state of a facility: there may be ten thousand of them at each key that is pressed. */
function textOf(facility: FacilityState): string {
  const known = texts.get(facility);
  if (known !== undefined) return known;
  const text = `${facility.name} ${facility.id}`.toLowerCase();
  texts.set(facility, text);
  return text;
}

/**
 * In the order that is asked for.
 * @param named in the order of their names, which decides between equals
 */
export function sortedRows(
  named: readonly Row[],
  { sort, isReversed }: Pick<Look, 'sort' | 'isReversed'>,
  nowMs: number,
): readonly Row[] {
  const sorted = inOrder[sort](named, nowMs);
  return isReversed ? sorted.toReversed() : sorted;
}

const inOrder: Readonly<Record<Sort, (named: readonly Row[], nowMs: number) => readonly Row[]>> = {
  name: (named) => named,
  // Instants as the server writes them are in order as texts are.
  changed: (named) =>
    named.toSorted((a, b) =>
      a.facility.since === b.facility.since ? 0 : a.facility.since < b.facility.since ? 1 : -1,
    ),
  status: urgentFirst,
};

/** Offline first, since that is what somebody has to act on; those in maintenance after the others. Sorted without comparing. */
function urgentFirst(named: readonly Row[], nowMs: number): readonly Row[] {
  const offline: Row[] = [];
  const maintained: Row[] = [];
  const online: Row[] = [];
  for (const row of named) {
    if (row.facility.status === 'online') online.push(row);
    else (isInMaintenance(row.facility, nowMs) ? maintained : offline).push(row);
  }
  return [...offline, ...maintained, ...online];
}
