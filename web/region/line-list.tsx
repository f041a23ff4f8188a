import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { flashOf } from '../flashes';
import { activeLine, activeStop } from './active-stop';
import { FacilityRow } from './facility-row';
import { FacilityTile } from './facility-tile';
import { GroupHead } from './group-head';
import { columnsIn, lineHeightOf } from './layout';
import type { Line } from './lines';
import { moveWithin, remember, useFocus } from './list-keys';
import { columns, lines, look, order, spansRegions } from './list-state';
import { isPrinting } from './printing';
import { Slots } from './slots';
import { useRange } from './use-range';
import type { Range } from './window';

/** Up to here the browser itself lays out what it must, and finds words in all of it. */
const drawnAtOnce = 300;

/** The lines of the list; of very many only those that can be seen, and the one that has the focus. */
export function LineList() {
  const place = useRef<HTMLDivElement>(null);
  const all = lines.value;
  const lineHeight = lineHeightOf(look.value.shape);
  const range = useRange(place, all.length, lineHeight);
  const slots = useRef(new Slots());
  const isWhole = all.length <= drawnAtOnce || isPrinting.value;
  useColumns(place);
  useFocus(place, lineHeight);
  const drawn = indexesOf(isWhole ? { first: 0, end: all.length } : range, activeLine.value);
  const slotOf = slots.current.assign(drawn.flatMap((index) => all[index]?.key ?? []));
  return (
    <div
      ref={place}
      class="lines"
      role={look.value.shape === 'tiles' ? 'list' : 'rowgroup'}
      data-whole={isWhole}
      style={{ '--row': `${lineHeight}px`, '--rows': all.length }}
      {...order.handlers}
      onKeyDown={(event) => moveWithin(event, lineHeight)}
      onClickCapture={remember}
    >
      {drawn.map((index) => {
        const line = all[index];
        return line && <PlacedLine key={slotOf.get(line.key)} line={line} index={index} />;
      })}
    </div>
  );
}

/** All of a range, and one besides. */
function indexesOf({ first, end }: Range, besides: number): readonly number[] {
  const indexes = Array.from({ length: end - first }, (_, index) => first + index);
  return besides >= first && besides < end ? indexes : [...indexes, besides];
}

function PlacedLine({ line, index }: { readonly line: Line; readonly index: number }) {
  const active = activeStop.value;
  switch (line.type) {
    case 'row': {
      const { key, row } = line;
      const shared = { row, index, isActive: active === key, flash: flashOf(key) };
      return <FacilityRow {...shared} withRegion={spansRegions.value} />;
    }
    case 'group':
      return <GroupHead group={line.group} stop={line.key} index={index} isActive={active === line.key} />;
    case 'tiles':
      return (
        <div class="line tile-line" role="presentation" style={{ '--index': index }}>
          {line.rows.map((row) => (
            <FacilityTile key={row.key} row={row} isActive={active === row.key} flash={flashOf(row.key)} />
          ))}
        </div>
      );
  }
}

/** As many tiles beside each other as there is room for. */
function useColumns(place: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      columns.value = columnsIn(element.clientWidth);
    });
    columns.value = columnsIn(element.clientWidth);
    observer.observe(element);
    return () => observer.disconnect();
  }, [place]);
}
