/** Lines, all of one height, in a page that is scrolled. */
export interface Scroll {
  /** Where the first line begins, seen from the upper edge of what can be seen; negative once it is above. */
  readonly top: number;
  readonly viewHeight: number;
  readonly lineHeight: number;
  readonly count: number;
}

/** From `first` until just before `end`. */
export interface Range {
  readonly first: number;
  readonly end: number;
}

/** The range moves in steps, so that most scrolling draws nothing; there is as much above and below as one step and a half. */
const step = 12;
const reserve = 18;
/** In a hurry there is no time for lines that will have gone by before anybody sees them. */
const hurriedReserve = 2;

/** Which lines must be there to be seen, with some before and after them. */
export function visibleRange(scroll: Scroll): Range {
  const above = Math.floor(-scroll.top / scroll.lineHeight / step) * step;
  return rangeFrom(above - reserve, above + step + reserve, scroll);
}

/** The same while somebody scrolls so fast that all lines are other ones in each frame. */
export function hurriedRange(scroll: Scroll): Range {
  const above = Math.floor(-scroll.top / scroll.lineHeight);
  return rangeFrom(above - hurriedReserve, above + 1 + hurriedReserve, scroll);
}

/** From one line until so many fit below another. */
function rangeFrom(from: number, below: number, { viewHeight, lineHeight, count }: Scroll): Range {
  const first = Math.min(Math.max(0, from), Math.max(0, count - 1));
  return { first, end: Math.max(first, Math.min(count, below + Math.ceil(viewHeight / lineHeight))) };
}

/** Whether more than half of what is seen is another since the lines were last looked at. */
export const isHurried = (top: number, lastTop: number, viewHeight: number): boolean =>
  Math.abs(top - lastTop) > viewHeight / 2;

/** How far to scroll so that a line can be seen whole; 0 where it can. `covered` is what lies over the upper edge. */
export function scrollToLine(
  index: number,
  { top, viewHeight, lineHeight }: Scroll,
  covered: number,
): number {
  const upper = top + index * lineHeight;
  if (upper < covered) return upper - covered;
  return Math.max(0, upper + lineHeight - viewHeight);
}
