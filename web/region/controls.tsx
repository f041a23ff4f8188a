import type { ComponentChildren } from 'preact';
import { Icon, type IconName, StateMark } from '../icons';
import {
  type Look,
  marks,
  plainLook,
  reasons,
  type Shape,
  type Sort,
  shapes,
  sorts,
  statuses,
} from '../look';
import type { Reason, Status } from '../wire';
import { counted, markWords, numberText, offlineReasons, statusWords } from '../words';
import { changeLook, counts, look, rows } from './list-state';
import { Tools } from './tools';

/** Which facilities are looked at, and how; each number is a filter. */
export function Controls() {
  return (
    <div class="controls">
      <Search />
      <Filters />
      <div class="shaping">
        <p class="listed">{listedText(rows.value.length, counts.value.all)}</p>
        <SortChoice />
        <ShapeChoice />
        <Tools />
      </div>
    </div>
  );
}

const listedText = (listed: number, all: number): string =>
  listed === all ? counted(all, 'facility') : `${numberText(listed)} of ${counted(all, 'facility')}`;

function Search() {
  return (
    <label class="search">
      <span class="unseen">Find a facility by name or id</span>
      <Icon name="search" />
      <input
        class="field"
        type="search"
        placeholder="Find a facility"
        value={look.value.search}
        onInput={({ currentTarget }) => changeLook({ search: currentTarget.value })}
      />
    </label>
  );
}

function Filters() {
  const { all, statuses: ofStatus, marks: marked } = counts.value;
  const { status, mark } = look.value;
  const isPlain = status === undefined && mark === undefined;
  return (
    <div class="chips" role="group" aria-label="Show">
      <Filter is={isPlain} set={{ status: undefined, reason: undefined, mark: undefined }} count={all}>
        All
      </Filter>
      {statuses.toReversed().map((one) => (
        <Filter
          key={one}
          is={status === one}
          set={statusLook(status === one ? undefined : one)}
          count={ofStatus[one]}
        >
          <StateMark state={one} /> {statusWords[one]}
        </Filter>
      ))}
      {status === 'offline' && <Reasons />}
      {marks.map(
        (one) =>
          (marked[one] > 0 || mark === one) && (
            <Filter
              key={one}
              is={mark === one}
              set={{ mark: mark === one ? undefined : one }}
              count={marked[one]}
            >
              <Icon name={one} /> {markWords[one]}
            </Filter>
          ),
      )}
    </div>
  );
}

const statusLook = (status: Status | undefined): Partial<Look> => ({ status, reason: undefined });

function Reasons() {
  const { reason: chosen } = look.value;
  const known = counts.value.reasons;
  const told = reasons.filter((one) => offlineReasons[one] !== '' && (known.has(one) || one === chosen));
  return told.map((one: Reason) => (
    <Filter
      key={one}
      is={chosen === one}
      set={{ reason: chosen === one ? undefined : one }}
      count={known.get(one) ?? 0}
    >
      {offlineReasons[one]}
    </Filter>
  ));
}

interface FilterProps {
  readonly is: boolean;
  readonly set: Partial<Look>;
  readonly count: number;
  readonly children: ComponentChildren;
}

function Filter({ is, set, count, children }: FilterProps) {
  return (
    <button type="button" class="chip" aria-pressed={is} onClick={() => changeLook(set)}>
      {children} <span class="chip-count">{numberText(count)}</span>
    </button>
  );
}

export const sortWords: Readonly<Record<Sort, string>> = {
  status: 'Offline first',
  name: 'Name',
  changed: 'Last change',
};

function SortChoice() {
  const { sort, isReversed } = look.value;
  return (
    <label class="sort-choice">
      <span class="choice-word">Sort</span>
      <select
        class="field"
        value={sort}
        onChange={({ currentTarget }) =>
          changeLook({
            sort: sorts.find((one) => one === currentTarget.value) ?? plainLook.sort,
            isReversed: false,
          })
        }
      >
        {sorts.map((one) => (
          <option key={one} value={one}>
            {sortWords[one]}
            {isReversed && one === sort ? ', reversed' : ''}
          </option>
        ))}
      </select>
    </label>
  );
}

const shapeWords: Readonly<Record<Shape, string>> = { list: 'List', groups: 'Groups', tiles: 'Tiles' };
const shapeIcons: Readonly<Record<Shape, IconName>> = { list: 'list', groups: 'groups', tiles: 'tiles' };

function ShapeChoice() {
  return (
    <div class="segments" role="group" aria-label="Lay out as">
      {shapes.map((one) => (
        <button
          key={one}
          type="button"
          class="quiet-button"
          aria-pressed={look.value.shape === one}
          onClick={() => changeLook({ shape: one })}
        >
          <Icon name={shapeIcons[one]} /> <span class="segment-word">{shapeWords[one]}</span>
        </button>
      ))}
    </div>
  );
}
