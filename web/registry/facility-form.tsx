import { type Signal, useSignal } from '@preact/signals';
import { isFacilityId } from '../../core/ids';
import type { FacilityRegistry } from '../../core/registry';
import { adjust } from '../navigation';
import { useWork, type Work } from './doing';
import { type FacilityDraft, type Faults, facilityDraftOf, facilityIn, withChanges } from './draft';
import { type Draft, draftOf, dropDraft, facilityDraftKey, keepDraft } from './drafts';
import { Field, Outcome } from './fields';
import { knownRegion, pageRegistry } from './state';
import { TimeZones, timeZonesId } from './time-zones';

interface FacilityFormProps {
  readonly region: string;
  /** Undefined for one that is yet to be registered. */
  readonly id: string | undefined;
  readonly known: FacilityRegistry;
  /** Those that are registered already. */
  readonly taken: ReadonlyMap<string, FacilityRegistry>;
}

type Fields = FacilityDraft & { readonly id: string };

/** Everything that the registry says of a facility but its maintenance. */
export function FacilityForm({ region, id, known, taken }: FacilityFormProps) {
  const key = facilityDraftKey(region, id ?? '');
  const faults = useSignal<Faults<Fields>>({});
  const work = useWork();
  const said: Fields = { id: id ?? '', ...facilityDraftOf(known) };
  const draft = draftOf<Fields>(key) ?? { begun: said, now: said };
  const field = (name: keyof Fields, label: string) => ({
    label,
    value: draft.now[name],
    fault: faults.value[name],
    onInput: (value: string) => keepDraft(key, said, { [name]: value }),
  });
  return (
    <form
      class="card form"
      aria-label="Facility"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save({ region, id, taken, key, draft, faults, work });
      }}
    >
      {id === undefined && <Field {...field('id', 'Id')} hint="As heartbeats name it, such as lab/3" />}
      <Field {...field('name', 'Name')} />
      <Field {...field('address', 'Address')} />
      <div class="form-pair">
        <Field {...field('latitude', 'Latitude')} />
        <Field {...field('longitude', 'Longitude')} />
      </div>
      <Field {...field('timeZone', 'Time zone')} list={timeZonesId} />
      <TimeZones />
      <Field {...field('tags', 'Tags')} hint="Separated by ;" />
      {faults.value.all && <p class="form-fault">{faults.value.all}</p>}
      <div class="form-end">
        <button type="submit" class="button main-button">
          {id === undefined ? 'Create facility' : 'Save'}
        </button>
        {draftOf(key) !== undefined && (
          <button type="button" class="button" onClick={() => dropDraft(key)}>
            Undo
          </button>
        )}
        <Outcome doing={work.doing.value} />
      </div>
    </form>
  );
}

interface Saving extends Omit<FacilityFormProps, 'known'> {
  readonly key: string;
  readonly draft: Draft<Fields>;
  readonly faults: Signal<Faults<Fields>>;
  readonly work: Work;
}

async function save({ region, id, taken, key, draft, faults, work }: Saving): Promise<void> {
  const { value, faults: wrong } = facilityIn(draft.now);
  const newId = draft.now.id.trim();
  const idFault = id === undefined ? faultOfId(newId, taken) : undefined;
  faults.value = { ...wrong, ...(idFault && { id: idFault }) };
  const registry = pageRegistry.peek();
  if (value === undefined || idFault !== undefined || registry === undefined) return;
  const facility = id ?? newId;
  const begun = facilityIn(draft.begun).value ?? {};
  await work.start('The facility is saved.', async () => {
    const saved = await registry.change(region, facility, (now) => withChanges(now, begun, value));
    dropDraft(key);
    knownRegion(region).noteFacility(facility, saved);
    if (id === undefined) adjust({ name: 'registry', region, facility });
  });
}

function faultOfId(id: string, taken: ReadonlyMap<string, FacilityRegistry>): string | undefined {
  if (!isFacilityId(id)) {
    return 'Expected letters, digits and . _ - ~ /, without empty, . or .. parts between slashes.';
  }
  return taken.has(id) ? 'There is a facility with this id already.' : undefined;
}
