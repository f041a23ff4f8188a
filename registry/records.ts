import { isFacilityId, isRegionId } from '../core/ids';
import { type FacilityRegistry, readFacilityRegistry } from '../core/registry';
import { FieldRefused, isPlainObject } from '../core/shape';

/** A record as a file has it. */
export interface RawRecord {
  readonly line: number;
  readonly value: unknown;
}

/** A facility that is to be put. */
export interface FacilityRecord {
  readonly line: number;
  readonly region: string;
  readonly id: string;
  readonly registry: FacilityRegistry;
}

/** What is wrong with a file, and where. */
export interface Fault {
  readonly line: number;
  readonly text: string;
}

export interface ReadFile {
  readonly records: readonly FacilityRecord[];
  readonly faults: readonly Fault[];
}

/** Fields of the registry that a record has under the same name. */
const plainFields = ['name', 'address', 'timeZone', 'tags', 'maintenance'] as const;
const knownFields: readonly string[] = ['region', 'id', 'latitude', 'longitude', ...plainFields];

/** Reads all records, each fault of each of them included. */
export function readRecords(raw: readonly RawRecord[], region: string | undefined): ReadFile {
  const records: FacilityRecord[] = [];
  const faults: Fault[] = [];
  const lines = new Map<string, number>();
  for (const { line, value } of raw) {
    const found = readRecord(value, region);
    if ('faults' in found) {
      faults.push(...found.faults.map((text) => ({ line, text })));
      continue;
    }
    const place = `${found.region}/${found.id}`;
    const before = lines.get(place);
    if (before !== undefined) faults.push({ line, text: `${place} is on line ${before} already` });
    lines.set(place, before ?? line);
    records.push({ line, ...found });
  }
  return { records, faults };
}

function readRecord(
  value: unknown,
  region: string | undefined,
): Omit<FacilityRecord, 'line'> | { readonly faults: readonly string[] } {
  if (!isPlainObject(value)) return { faults: ['expected an object'] };
  const place = { region: value.region ?? region, id: value.id };
  const wrong = [
    ...Object.keys(value)
      .filter((name) => !knownFields.includes(name))
      .map((name) => `${JSON.stringify(name)}: expected no such field`),
    ...(isText(place.region, isRegionId) ? [] : ['region: expected the id of a region, here or by --region']),
    ...(isText(place.id, isFacilityId) ? [] : ['id: expected the id of a facility']),
  ];
  const registry = registryIn(value);
  const faults = [...wrong, ...fieldFaults(registry)];
  if (faults.length > 0 || !isText(place.region, isRegionId) || !isText(place.id, isFacilityId))
    return { faults };
  try {
    return { region: place.region, id: place.id, registry: readFacilityRegistry(registry, '') };
  } catch (error) {
    return { faults: [faultIn(error)] };
  }
}

const isText = (value: unknown, isRight: (text: string) => boolean): value is string =>
  typeof value === 'string' && isRight(value);

/** A record has its place in two fields of its own, as tables do. */
function registryIn({ latitude, longitude, ...rest }: Record<string, unknown>): Record<string, unknown> {
  const fields = plainFields.filter((name) => Object.hasOwn(rest, name)).map((name) => [name, rest[name]]);
  const somewhere = latitude !== undefined || longitude !== undefined;
  const coordinates = {
    ...(latitude !== undefined && { latitude }),
    ...(longitude !== undefined && { longitude }),
  };
  return { ...Object.fromEntries(fields), ...(somewhere && { coordinates }) };
}

/** Each field alone, so that one fault hides no other. */
const fieldFaults = (registry: Record<string, unknown>): readonly string[] =>
  Object.entries(registry).flatMap(([name, value]) => {
    try {
      readFacilityRegistry({ [name]: value }, '');
      return [];
    } catch (error) {
      return [faultIn(error)];
    }
  });

function faultIn(error: unknown): string {
  if (!(error instanceof FieldRefused)) throw error;
  return error.message.replace(/^coordinates\./, '');
}

/** A facility as a record of a file. */
export const recordOf = (
  region: string,
  id: string,
  { name, coordinates, address, timeZone, tags, maintenance }: FacilityRegistry,
) => ({
  region,
  id,
  ...(name !== undefined && { name }),
  ...coordinates,
  ...(address !== undefined && { address }),
  ...(timeZone !== undefined && { timeZone }),
  ...(tags !== undefined && { tags }),
  ...(maintenance !== undefined && { maintenance }),
});

export type FileRecord = ReturnType<typeof recordOf>;
