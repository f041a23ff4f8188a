import { adjust } from '../navigation';
import { shown } from '../page-state';
import type { ViewOf } from '../view';
import { compareNames } from '../words';
import { isFull, toggleFull } from './screen';
import type { Turn } from './turn';

interface ControlsProps {
  readonly view: ViewOf<'tv'>;
  readonly turn: Turn;
  readonly isShown: boolean;
}

const turns = [10, 20, 30, 60, 120];

/** For whoever sets the wall up; out of sight once nobody moves, in reach of the keyboard at any time. */
export function Controls({ view, turn, isShown }: ControlsProps) {
  return (
    <div class="tv-controls" data-shown={isShown}>
      <button type="button" class="button" onClick={() => turn.step(-1)}>
        Back
      </button>
      <button type="button" class="button" onClick={turn.pause} aria-pressed={turn.isPaused}>
        Pause
      </button>
      <button type="button" class="button" onClick={() => turn.step(1)}>
        Next
      </button>
      <label class="tv-turn">
        Turn every
        <select
          class="field"
          value={view.turnSeconds}
          onChange={({ currentTarget }) => adjust({ ...view, turnSeconds: Number(currentTarget.value) })}
        >
          {[...new Set([...turns, view.turnSeconds])]
            .sort((a, b) => a - b)
            .map((seconds) => (
              <option key={seconds} value={seconds}>
                {seconds} s
              </option>
            ))}
        </select>
      </label>
      <RegionChoice view={view} />
      <button type="button" class="button" onClick={() => void toggleFull()}>
        {isFull.value ? 'Leave full screen' : 'Full screen'}
      </button>
      <a class="button" href="#/">
        Leave
      </a>
    </div>
  );
}

/** Which regions are shown; none chosen are all of them. It is in the address. */
function RegionChoice({ view }: { readonly view: ViewOf<'tv'> }) {
  const regions = [...(shown.value.regions?.values() ?? [])].sort((a, b) => compareNames(a.name, b.name));
  const choose = (region: string, isChosen: boolean): void =>
    adjust({
      ...view,
      regions: isChosen ? [...view.regions, region] : view.regions.filter((one) => one !== region),
    });
  return (
    <details class="tv-choice">
      <summary class="button">
        {view.regions.length === 0 ? 'All regions' : `Regions: ${view.regions.length}`}
      </summary>
      <fieldset>
        <legend>Regions on the wall; none chosen are all</legend>
        {regions.map(({ region, name }) => (
          <label key={region}>
            <input
              type="checkbox"
              checked={view.regions.includes(region)}
              onChange={({ currentTarget }) => choose(region, currentTarget.checked)}
            />
            <bdi>{name}</bdi>
          </label>
        ))}
      </fieldset>
    </details>
  );
}
