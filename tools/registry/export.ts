import { mapBounded } from '../../core/concurrency';
import { csvOf } from '../../registry/csv';
import { jsonOf } from '../../registry/json';
import type { FileFormat } from '../../registry/read-file';
import { recordOf } from '../../registry/records';
import type { RegistryApi } from './api';

const requestsAtOnce = 4;

/** A file of these facilities, which an import reads back. */
export interface Exported {
  readonly text: string;
  readonly facilities: number;
  /** How many have maintenance windows that the format cannot hold. */
  readonly withoutWindows: number;
}

/** Everything that the registry says of a region, or of all that the token may watch. */
export async function exportRecords(
  region: string | undefined,
  format: FileFormat,
  api: RegistryApi,
): Promise<Exported> {
  const regions = region === undefined ? await api.regions() : [region];
  const found = await mapBounded(regions, requestsAtOnce, async (name) =>
    [...(await api.registry(name))].map(([id, registry]) => recordOf(name, id, registry)),
  );
  const records = found.flat();
  return {
    text: format === 'csv' ? csvOf(records) : jsonOf(records),
    facilities: records.length,
    withoutWindows: format === 'csv' ? records.filter(({ maintenance }) => maintenance?.length).length : 0,
  };
}
