import { type FacilityRegistry, readFacilityRegistry, sameRegistry } from '../core/registry';
import type { FileFormat } from './read-file';
import type { FacilityRecord } from './records';

/** What a record of a file would do to the registry. */
export interface Step {
  readonly kind: 'create' | 'change' | 'keep';
  readonly record: FacilityRecord;
  /** What is put. */
  readonly wanted: FacilityRegistry;
  /** What the registry says now; nothing of what is to be created. */
  readonly there: FacilityRegistry | undefined;
}

/**
 * What differs from what is there. A table has no column for maintenance windows, so that it leaves them as they are.
 * @param there what the registry says of that facility now
 */
export function stepOf(
  record: FacilityRecord,
  there: FacilityRegistry | undefined,
  format: FileFormat,
): Step {
  const kept = format === 'csv' && there?.maintenance ? { maintenance: there.maintenance } : {};
  const wanted = { ...record.registry, ...kept };
  if (there === undefined) return { kind: 'create', record, wanted, there };
  const isSame = sameRegistry(readFacilityRegistry(there, ''), readFacilityRegistry(wanted, ''));
  return { kind: isSame ? 'keep' : 'change', record, wanted, there };
}

/** One field that becomes another; absent where it was not, or will not be. */
export interface Difference {
  readonly field: keyof FacilityRegistry;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

const fields = ['name', 'coordinates', 'address', 'timeZone', 'tags', 'maintenance'] as const;

/** Field by field, as people read them. */
export const differencesIn = ({ there = {}, wanted }: Step): readonly Difference[] =>
  fields
    .map((field) => ({ field, before: shownAs(there, field), after: shownAs(wanted, field) }))
    .filter(({ before, after }) => before !== after);

function shownAs(registry: FacilityRegistry, field: keyof FacilityRegistry): string | undefined {
  if (registry[field] === undefined) return undefined;
  switch (field) {
    case 'coordinates':
      return `${registry.coordinates?.latitude}, ${registry.coordinates?.longitude}`;
    case 'tags':
      return registry.tags?.join('; ');
    case 'maintenance':
      return registry.maintenance
        ?.map(({ from, to, note }) => `${from} – ${to}${note === undefined ? '' : `: ${note}`}`)
        .join('; ');
    default:
      return registry[field];
  }
}
