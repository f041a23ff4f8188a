import { useSignal } from '@preact/signals';
import { isRegionId } from '../../core/ids';
import { MoveRefused, moveFacility } from '../../registry/move';
import { ApiRefused } from '../../registry/port';
import { go } from '../navigation';
import { shown } from '../page-state';
import { mayManage, mayManageIn } from '../sign-in/rights';
import { compareNames } from '../words';
import { useWork } from './doing';
import { dropDraft, facilityDraftKey } from './drafts';
import { Outcome } from './fields';
import { knownRegion, pageRegistry } from './state';

interface Place {
  readonly region: string;
  readonly facility: string;
}

/** What somebody wrote into its form goes with it: nobody could save that any more. */
function forget(region: string, facility: string): void {
  dropDraft(facilityDraftKey(region, facility));
  knownRegion(region).noteFacility(facility, undefined);
}

/** Takes the facility to another region. */
export function MoveForm({ region, facility }: Place) {
  const to = useSignal('');
  const { doing, start } = useWork();
  const regions = [...(shown.value.regions?.values() ?? [])]
    .filter((one) => one.region !== region && mayManage(one.region, facility))
    .sort((a, b) => compareNames(a.name, b.name));
  const move = (): Promise<void> =>
    start(`${facility} is in ${to.value} now.`, async () => {
      const registry = pageRegistry.peek();
      if (registry === undefined || !isRegionId(to.value)) return;
      await moved(registry, { region, facility }, to.value);
      // A read that was begun before might not see it there.
      await knownRegion(to.value).read();
      forget(region, facility);
      go({ name: 'registry', region: to.value, facility });
    });
  if (regions.length === 0) return null;
  return (
    <form
      class="card form"
      aria-labelledby="move-heading"
      onSubmit={(event) => {
        event.preventDefault();
        if (to.value !== '') void move();
      }}
    >
      <h2 id="move-heading">Move</h2>
      <p class="quiet-text">What the registry says goes along. Its history stays with this region.</p>
      <div class="form-end">
        <select
          class="field"
          aria-label="To region"
          value={to.value}
          onChange={({ currentTarget }) => {
            to.value = currentTarget.value;
          }}
        >
          <option value="">To region…</option>
          {regions.map((one) => (
            <option key={one.region} value={one.region}>
              {one.name}
            </option>
          ))}
        </select>
        <button type="submit" class="button" disabled={to.value === ''}>
          Move
        </button>
        <Outcome doing={doing.value} />
      </div>
    </form>
  );
}

/** What the command of the same name refuses is refused here in the same words. */
async function moved(
  registry: NonNullable<typeof pageRegistry.value>,
  { region, facility }: Place,
  to: string,
): Promise<void> {
  try {
    await moveFacility(region, facility, to, registry);
  } catch (error) {
    if (error instanceof MoveRefused) throw new ApiRefused(error.message, 409);
    throw error;
  }
}

/** Takes the facility out of its region, after another question. */
export function RemoveForm({ region, facility }: Place) {
  const isAsked = useSignal(false);
  const { doing, start } = useWork();
  const remove = (): Promise<void> =>
    start(`${facility} is removed.`, async () => {
      await pageRegistry.peek()?.remove(region, facility);
      forget(region, facility);
      go({ name: 'registry', region, facility: undefined });
    });
  if (!mayManageIn(region)) return null;
  return (
    <section class="card" aria-labelledby="remove-heading">
      <h2 id="remove-heading">Remove</h2>
      <p class="quiet-text">
        The facility disappears from all lists. Heartbeats bring it back after an hour, creating it here does
        at once.
      </p>
      <div class="form-end">
        {isAsked.value ? (
          <>
            <button type="button" class="button danger-button" onClick={() => void remove()}>
              Remove {facility} for good
            </button>
            <button
              type="button"
              class="button"
              onClick={() => {
                isAsked.value = false;
              }}
            >
              Keep it
            </button>
          </>
        ) : (
          <button
            type="button"
            class="button"
            onClick={() => {
              isAsked.value = true;
            }}
          >
            Remove…
          </button>
        )}
        <Outcome doing={doing.value} />
      </div>
    </section>
  );
}
