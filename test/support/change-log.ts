import type { ChangesMessage, FacilityState } from '../../web/wire';
import type { Rollcall } from './rollcall';

/** One answer of the change log's route. */
interface LogPage {
  readonly entries: readonly ChangesMessage[];
  readonly next?: number;
}

type LoggedChange = ChangesMessage['changes'][number];

/** A status that a facility took on, as the log tells it or as the history keeps it. */
export type Transition = Pick<LoggedChange, 'facility' | 'status' | 'at' | 'reason' | 'version'>;

/** The whole change log of a region. */
export async function changeLog(
  rollcall: Rollcall,
  token: string,
  region: string,
): Promise<readonly ChangesMessage[]> {
  const entries: ChangesMessage[] = [];
  let since: number | undefined = 0;
  while (since !== undefined) {
    const page: LogPage = await logPage(rollcall, token, region, since);
    entries.push(...page.entries);
    since = page.next;
  }
  return entries;
}

const logPage = async (rollcall: Rollcall, token: string, region: string, since: number): Promise<LogPage> =>
  (await rollcall.get<LogPage>(`/v1/regions/${region}/changes?since=${since}`, token)).body;

/** Every facility after these entries, by id. */
export function replayed(entries: readonly ChangesMessage[]): readonly Omit<FacilityState, 'name'>[] {
  const facilities = new Map<string, Omit<FacilityState, 'name'>>();
  for (const { facility: id, at: since, ...rest } of entries.flatMap(({ changes }) => changes)) {
    facilities.set(id, { id, since, ...rest });
  }
  return [...facilities.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** The changes by which a facility's status changed; the others tell how many sessions it has. */
export function transitionsIn(entries: readonly ChangesMessage[]): readonly Transition[] {
  const last = new Map<string, LoggedChange>();
  const transitions: Transition[] = [];
  for (const change of entries.flatMap(({ changes }) => changes)) {
    const before = last.get(change.facility);
    last.set(change.facility, change);
    // A status that is told again with another beginning is a transition that happened twice.
    if (before?.status !== change.status || before.at !== change.at) transitions.push(transitionOf(change));
  }
  return transitions.toSorted(inLogOrder);
}

/** A row of the Transitions table. */
export interface HistoryRow {
  readonly region: string;
  readonly transition: Transition;
}

export function historyRow(item: Readonly<Record<string, unknown>>): HistoryRow {
  const place = String(item.facility);
  const at = new Date(Number(item.atMs)).toISOString();
  const [region = ''] = place.split('/');
  const facility = place.slice(region.length + 1);
  return { region, transition: transitionOf({ ...item, facility, at } as Transition) };
}

/** The rows of a region up to where its log leads, in the order of the log. */
export const reachedBy = (
  log: readonly ChangesMessage[],
  rows: readonly HistoryRow[],
  region: string,
): readonly Transition[] =>
  rows
    .filter((row) => row.region === region)
    .map(({ transition }) => transition)
    .filter(({ version }) => version <= (log.at(-1)?.toSeq ?? 0))
    .toSorted(inLogOrder);

/** By entry, and within one as entries have it. */
export const inLogOrder = (a: Transition, b: Transition): number =>
  a.version - b.version || (a.facility < b.facility ? -1 : 1);

/** The part of a change that makes it a transition. */
export const transitionOf = ({ facility, status, at, reason, version }: Transition): Transition => ({
  facility,
  status,
  at,
  reason,
  version,
});
