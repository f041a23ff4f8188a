import { useSignal } from '@preact/signals';
import type { RegionRegistry } from '../../core/registry';
import { useWork } from './doing';
import { type Faults, type RegionDraft, regionDraftOf, regionIn, withChanges } from './draft';
import { draftOf, dropDraft, keepDraft } from './drafts';
import { Field, Outcome } from './fields';
import { knownRegion, pageRegistry } from './state';

interface RegionFormProps {
  readonly region: string;
  readonly known: RegionRegistry;
}

/** A region's name, and when it counts as up or down. */
export function RegionForm({ region, known }: RegionFormProps) {
  const key = `region ${region}`;
  const faults = useSignal<Faults<RegionDraft>>({});
  const { doing, start } = useWork();
  const said = regionDraftOf(known);
  const draft = draftOf<RegionDraft>(key) ?? { begun: said, now: said };
  const save = async (): Promise<void> => {
    const { value, faults: wrong } = regionIn(draft.now);
    faults.value = wrong ?? {};
    const registry = pageRegistry.peek();
    if (value === undefined || registry === undefined) return;
    const begun = regionIn(draft.begun).value ?? {};
    await start('The region is saved.', async () => {
      const saved = await registry.changeRegion(region, (now) => withChanges(now, begun, value));
      dropDraft(key);
      knownRegion(region).noteRegion(saved);
    });
  };
  const field = (name: keyof RegionDraft, label: string) => ({
    label,
    value: draft.now[name],
    fault: faults.value[name],
    onInput: (value: string) => keepDraft(key, said, { [name]: value }),
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
