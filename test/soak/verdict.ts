import type { ChangesMessage, ListedRegion } from '../../web/wire';
import { changeLog, type HistoryRow, historyRow, reachedBy, transitionsIn } from '../support/change-log';
import { LocalServices } from '../support/local-services';
import type { Rollcall } from '../support/rollcall';
import { TooLate, until } from '../support/waiting';
import type { Sample } from './machine';
import type { Operator } from './operator';
import { steadyRegion } from './steady-front-ends';

const agreeWithinMs = 120_000;
const slack = { share: 0.2, memoryMb: 60, handles: 40 } as const;

/** The regions that a token may watch. */
export async function regionsOf(rollcall: Rollcall, token: string): Promise<readonly string[]> {
  const { body } = await rollcall.get<{ regions: readonly ListedRegion[] }>('/v1/regions', token);
  return body.regions.map(({ region }) => region);
}

/** Waits until every page shows what the server has. @returns what stays different */
export async function disagreements(
  operators: readonly Operator[],
  regions: readonly string[],
): Promise<readonly string[]> {
  const each = operators.flatMap((operator) => regions.map((region) => disagreement(operator, region)));
  return (await Promise.all(each)).flat();
}

async function disagreement(operator: Operator, region: string): Promise<readonly string[]> {
  try {
    return await until(agreeWithinMs, `${operator.name} of ${region}`, () => operator.differences(region));
  } catch (error) {
    if (!(error instanceof TooLate)) throw error;
    return [`${operator.name} has not caught up with ${region}: ${error.message}`];
  }
}

/** What the change log and the history say of a soak, and what is wrong with it. */
export interface Record {
  readonly entries: number;
  readonly transitions: number;
  readonly faults: readonly string[];
}

/** Reads the log of each region and all of the history. */
export async function recordOf(
  rollcall: Rollcall,
  token: string,
  regions: readonly string[],
): Promise<Record> {
  const services = await LocalServices.of(rollcall);
  try {
    const logs = new Map<string, readonly ChangesMessage[]>();
    for (const region of regions) logs.set(region, await changeLog(rollcall, token, region));
    const rows = (await services.items('Transitions')).map(historyRow);
    const faults = [...logs].flatMap(([region, log]) => [
      ...gaps(region, log),
      ...historyFaults(region, log, rows),
      ...(region === steadyRegion ? lies(log) : []),
    ]);
    const entries = [...logs.values()].reduce((sum, log) => sum + log.length, 0);
    return { entries, transitions: rows.length, faults };
  } finally {
    services.close();
  }
}

/** CD3: `seq` has no gaps within the one epoch of the log. */
export const gaps = (region: string, log: readonly ChangesMessage[]): readonly string[] =>
  log.flatMap(({ fromSeq, toSeq, epoch }, index) =>
    fromSeq === index + 1 && toSeq === fromSeq && epoch === log[0]?.epoch
      ? []
      : [`the log of ${region} has ${epoch}/${fromSeq} where ${log[0]?.epoch}/${index + 1} should be`],
  );

/** The history is that of the log, and no status follows itself. */
export function historyFaults(
  region: string,
  log: readonly ChangesMessage[],
  rows: readonly HistoryRow[],
): readonly string[] {
  const history = reachedBy(log, rows, region);
  const told = transitionsIn(log);
  const last = new Map<string, string>();
  const repeated = history.flatMap(({ facility, status, version }) => {
    const before = last.get(facility);
    last.set(facility, status);
    return before === status ? [`${region}/${facility} became ${status} twice, at last with ${version}`] : [];
  });
  const same = JSON.stringify(history) === JSON.stringify(told);
  return [
    ...repeated,
    ...(same
      ? []
      : [`${region}: the history has ${history.length} transitions, the log ${told.length} or others`]),
  ];
}

/** TR1: whoever beat on was never told offline. */
const lies = (log: readonly ChangesMessage[]): readonly string[] =>
  log
    .flatMap(({ changes }) => changes)
    .filter(({ status }) => status === 'offline')
    .map((change) => `a steady front end was told offline: ${JSON.stringify(change)}`);

/** What one process held in the second quarter of its life and in the last: a leak goes on. */
export function unsteadiness(samples: readonly Sample[]): readonly string[] {
  const at = (share: number): number => Math.floor(samples.length * share);
  const early = samples.slice(at(0.25), at(0.5));
  const late = samples.slice(at(0.75));
  if (early.length === 0 || late.length === 0) return [];
  return (['memoryMb', 'handles'] as const).flatMap((name) => {
    const [before, after] = [early, late].map((part) => median(part.map((sample) => sample[name])));
    const most = (before ?? 0) * (1 + slack.share) + slack[name];
    return (after ?? 0) > most ? [`${name} grew from ${before} to ${after}`] : [];
  });
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
