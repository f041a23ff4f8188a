import { useSignal } from '@preact/signals';
import type { RegionRegistry } from '../../core/registry';
import { useWork } from './doing';
import { type Faults, type RegionDraft, regionDraftOf, regionIn } from './draft';
import { Field, Outcome } from './fields';
import { draftOf, dropDraft, keepDraft, load, pageRegistry } from './state';

interface RegionFormProps {
  readonly region: string;
  readonly known: RegionRegistry;
}

/** A region's name, and when it counts as up or down. */
export function RegionForm({ region, known }: RegionFormProps) {
  const key = `region ${region}`;
  const faults = useSignal<Faults<RegionDraft>>({});
  const { doing, start } = useWork();
  const begun = regionDraftOf(known);
  const draft = draftOf<RegionDraft>(key)?.now ?? begun;
  const save = async (): Promise<void> => {
    const { value, faults: wrong } = regionIn(draft);
    faults.value = wrong ?? {};
    if (value === undefined) return;
    await start('The region is saved.', async () => {
      await pageRegistry.peek()?.putRegion(region, value);
      dropDraft(key);
      await load(region);
    });
  };
  const field = (name: keyof RegionDraft, label: string) => ({
    label,
    value: draft[name],
    fault: faults.value[name],
    onInput: (value: string) => keepDraft(key, begun, { ...draft, [name]: value }),
  });
  return (
    <form
      class="card form"
      aria-labelledby="region-heading"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h2 id="region-heading">The region</h2>
      <Field {...field('name', 'Name')} />
      <div class="form-pair">
        <Field {...field('upFrom', 'Up from, % online')} hint="100 without thresholds" />
        <Field {...field('downBelow', 'Down below, % online')} hint="With none online it is down anyway" />
      </div>
      {faults.value.all && <p class="form-fault">{faults.value.all}</p>}
      <div class="form-end">
        <button type="submit" class="button main-button">
          Save
        </button>
        {draftOf(key) !== undefined && (
          <button type="button" class="button" onClick={() => dropDraft(key)}>
            Undo
          </button>
        )}
        <Outcome doing={doing.value} />
      </div>
    </form>
  );
}
