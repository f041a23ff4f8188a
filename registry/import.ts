import { mapBounded } from '../core/concurrency';
import type { FacilityRegistry } from '../core/registry';
import { type Step, stepOf } from './plan';
import { ApiRefused, type Registry } from './port';
import type { FileFormat } from './read-file';
import type { FacilityRecord, Fault } from './records';

/** Changes of one region are committed one after the other: more at once would mostly wait for each other. */
const requestsAtOnce = 4;

/** What became of the records of a file. */
export interface Imported {
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly failures: readonly Fault[];
}

type Outcome = 'created' | 'changed' | 'unchanged' | Fault;
type Known = ReadonlyMap<string, FacilityRegistry> | ApiRefused;

/** What the records would do, and those of regions that may not be seen. */
export interface Plan {
  readonly steps: readonly Step[];
  readonly failures: readonly Fault[];
}

/** Compares the records with what is there; changes nothing. */
export async function planImport(
  records: readonly FacilityRecord[],
  format: FileFormat,
  api: Pick<Registry, 'registry'>,
): Promise<Plan> {
  const regions = [...new Set(records.map(({ region }) => region))];
  const known = new Map(
    await mapBounded(
      regions,
      requestsAtOnce,
      async (region) => [region, await knownIn(region, api)] as const,
    ),
  );
  const steps: Step[] = [];
  const failures: Fault[] = [];
  for (const record of records) {
    const there = known.get(record.region) ?? new Map();
    if (there instanceof ApiRefused) failures.push(failed(record, there));
    else steps.push(stepOf(record, there.get(record.id), format));
  }
  return { steps, failures };
}

/**
 * Puts what differs from what is there.
 * @param onDone hears of each record that is through
 */
export async function carryOut(
  { steps, failures }: Plan,
  api: Pick<Registry, 'put'>,
  onDone: () => void = () => {},
): Promise<Imported> {
  const outcomes = await mapBounded(steps, requestsAtOnce, async (step) => {
    const outcome = await take(step, api);
    onDone();
    return outcome;
  });
  const refused = outcomes.filter((outcome) => typeof outcome === 'object');
  return {
    created: outcomes.filter((outcome) => outcome === 'created').length,
    changed: outcomes.filter((outcome) => outcome === 'changed').length,
    unchanged: outcomes.filter((outcome) => outcome === 'unchanged').length,
    failures: [...failures, ...refused].sort((a, b) => a.line - b.line),
  };
}

/** Both at once. */
export const importRecords = async (
  records: readonly FacilityRecord[],
  format: FileFormat,
  api: Registry,
): Promise<Imported> => await carryOut(await planImport(records, format, api), api);

/** A region that may not be seen fails with each of its records, and with none of the others. */
async function knownIn(region: string, api: Pick<Registry, 'registry'>): Promise<Known> {
  try {
    return await api.registry(region);
  } catch (error) {
    if (error instanceof ApiRefused) return error;
    throw error;
  }
}

async function take({ kind, record, wanted }: Step, api: Pick<Registry, 'put'>): Promise<Outcome> {
  if (kind === 'keep') return 'unchanged';
  try {
    await api.put(record.region, record.id, wanted);
    return kind === 'create' ? 'created' : 'changed';
  } catch (error) {
    if (error instanceof ApiRefused) return failed(record, error);
    throw error;
  }
}

const failed = ({ line, region, id }: FacilityRecord, { message }: ApiRefused): Fault => ({
  line,
  text: `${region}/${id}: ${message}`,
});
