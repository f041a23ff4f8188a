import type { Sort } from '../look';
import { changeLook, look } from './list-state';

/** The heads of the columns; those that can be sorted by say how they are. */
export function TableHead() {
  return (
    <div class="table-head" role="row" aria-rowindex={1}>
      <SortHead sort="status" word="Status" natural="descending" />
      <SortHead sort="name" word="Facility" natural="ascending" />
      <span role="columnheader" class="head-sessions">
        Sessions
      </span>
      <SortHead sort="changed" word="Since" natural="descending" />
    </div>
  );
}

type Direction = 'ascending' | 'descending';

interface SortHeadProps {
  readonly sort: Sort;
  readonly word: string;
  /** How the column goes when it is not reversed. */
  readonly natural: Direction;
}

function SortHead({ sort, word, natural }: SortHeadProps) {
  const { sort: chosen, isReversed } = look.value;
  const isChosen = sort === chosen;
  const direction = isReversed ? opposite[natural] : natural;
  return (
    <span role="columnheader" class={`head-${sort}`} aria-sort={isChosen ? direction : undefined}>
      <button
        type="button"
        class="head-button"
        onClick={() => changeLook({ sort, isReversed: isChosen && !isReversed })}
      >
        {word}
        <svg class="arrow" viewBox="0 0 10 10" aria-hidden="true" focusable="false">
          <path d={direction === 'ascending' ? 'M2 6.5l3-3 3 3' : 'M2 3.5l3 3 3-3'} />
        </svg>
      </button>
    </span>
  );
}

const opposite: Readonly<Record<Direction, Direction>> = { ascending: 'descending', descending: 'ascending' };
