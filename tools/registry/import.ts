import { isUtf8 } from 'node:buffer';
import { mapBounded } from '../../core/concurrency';
import { type FacilityRegistry, readFacilityRegistry, sameRegistry } from '../../core/registry';
import { ApiRefused, type RegistryApi } from './api';
import { recordsInCsv } from './csv';
import { recordsInJson } from './json';
import type { FileFormat } from './options';
import { type FacilityRecord, type Fault, type ReadFile, readRecords } from './records';

/** Changes of one region are committed one after the other: more at once would mostly wait for each other. */
const requestsAtOnce = 4;

/** Everything that a file says, and everything that is wrong with it, in the order of its lines. */
export function readFile(bytes: Uint8Array, format: FileFormat, region?: string): ReadFile {
  if (!isUtf8(bytes)) return { records: [], faults: [{ line: 1, text: 'expected text in UTF-8' }] };
  // Leaves out a byte order mark.
  const text = new TextDecoder().decode(bytes);
  const { raw, faults } = format === 'csv' ? recordsInCsv(text) : recordsInJson(text);
  const read = readRecords(raw, region);
  return { ...read, faults: [...faults, ...read.faults].sort((a, b) => a.line - b.line) };
}

/** What became of the records of a file. */
export interface Imported {
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly failures: readonly Fault[];
}

type Outcome = 'created' | 'changed' | 'unchanged' | Fault;
type Known = ReadonlyMap<string, FacilityRegistry> | ApiRefused;

/**
 * Puts what differs from what is there. A table has no column for maintenance windows, so that it leaves them as they are.
 */
export async function importRecords(
  records: readonly FacilityRecord[],
  format: FileFormat,
  api: RegistryApi,
): Promise<Imported> {
  const regions = [...new Set(records.map(({ region }) => region))];
  const known = new Map(
    await mapBounded(
      regions,
      requestsAtOnce,
      async (region) => [region, await knownIn(region, api)] as const,
    ),
  );
  const outcomes = await mapBounded(records, requestsAtOnce, async (record) => {
    const there = known.get(record.region) ?? new Map();
    return there instanceof ApiRefused
      ? failed(record, there)
      : await importRecord(record, there.get(record.id), format, api);
  });
  return {
    created: outcomes.filter((outcome) => outcome === 'created').length,
    changed: outcomes.filter((outcome) => outcome === 'changed').length,
    unchanged: outcomes.filter((outcome) => outcome === 'unchanged').length,
    failures: outcomes.filter((outcome) => typeof outcome === 'object'),
  };
}

/** A region that may not be seen fails with each of its records, and with none of the others. */
async function knownIn(region: string, api: RegistryApi): Promise<Known> {
  try {
    return await api.registry(region);
  } catch (error) {
    if (error instanceof ApiRefused) return error;
    throw error;
  }
}

async function importRecord(
  record: FacilityRecord,
  there: FacilityRegistry | undefined,
  format: FileFormat,
  api: RegistryApi,
): Promise<Outcome> {
  const { region, id, registry } = record;
  const kept = format === 'csv' && there?.maintenance ? { maintenance: there.maintenance } : {};
  const wanted = { ...registry, ...kept };
  if (there !== undefined && sameRegistry(readFacilityRegistry(there, ''), wanted)) return 'unchanged';
  try {
    await api.put(region, id, wanted);
    return there === undefined ? 'created' : 'changed';
  } catch (error) {
    if (error instanceof ApiRefused) return failed(record, error);
    throw error;
  }
}

const failed = ({ line, region, id }: FacilityRecord, { message }: ApiRefused): Fault => ({
  line,
  text: `${region}/${id}: ${message}`,
});
