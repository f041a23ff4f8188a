import { Icon } from '../icons';
import { counted, numberText } from '../words';
import type { Group } from './lines';
import { changeLook, look } from './list-state';

interface GroupHeadProps {
  readonly group: Group;
  readonly stop: string;
  readonly index: number;
  readonly isActive: boolean;
}

/** The head of a group, which folds and unfolds it. */
export function GroupHead({ group, stop, index, isActive }: GroupHeadProps) {
  const { name, count, offline, isFolded } = group;
  return (
    <div
      class="line group"
      role="row"
      aria-rowindex={index + 2}
      data-stop={stop}
      style={{ '--index': index }}
    >
      <span role="rowheader" class="group-cell">
        <button
          type="button"
          class="group-button"
          aria-expanded={!isFolded}
          tabIndex={isActive ? 0 : -1}
          onClick={() => fold(name, !isFolded)}
        >
          <Icon name="right" />
          <bdi>{name}</bdi>
          <span class="group-count">{counted(count, 'facility')}</span>
          {offline > 0 && <span class="group-offline">{numberText(offline)} offline</span>}
        </button>
      </span>
    </div>
  );
}

function fold(name: string, isFolded: boolean): void {
  const others = look.peek().folded.filter((group) => group !== name);
  changeLook({ folded: isFolded ? [...others, name] : others });
}
