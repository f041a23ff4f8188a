import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { hurriedRange, isHurried, type Range, type Scroll, visibleRange } from './window';

/** Where the lines of an element are, seen from the upper edge of what can be seen. */
export const scrollOf = (element: Element, count: number, lineHeight: number): Scroll => ({
  top: element.getBoundingClientRect().top,
  viewHeight: innerHeight,
  lineHeight,
  count,
});

/** After so long without a leap, the lines around what is seen are drawn, too. */
const restMs = 100;

/** Which lines of an element can be seen, or nearly so, while the page is scrolled. */
export function useRange(place: RefObject<HTMLElement | null>, count: number, lineHeight: number): Range {
  const [range, setRange] = useState<Range>(() => visibleRange({ ...nothingSeen, lineHeight, count }));
  useLayoutEffect(() => {
    if (place.current === null) return;
    const scroll = new Scrolling(place.current, count, lineHeight, (next) =>
      setRange((known) => (known.first === next.first && known.end === next.end ? known : next)),
    );
    scroll.look();
    return () => scroll.end();
  }, [place, count, lineHeight]);
  return range;
}

/** Somebody scrolls through the lines of an element. */
class Scrolling {
  private readonly listening = new AbortController();
  private lastTop: number;
  private rest: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly place: Element,
    private readonly count: number,
    private readonly lineHeight: number,
    private readonly seen: (range: Range) => void,
  ) {
    const { signal } = this.listening;
    this.lastTop = place.getBoundingClientRect().top;
    addEventListener('scroll', this.look, { passive: true, signal });
    addEventListener('resize', this.look, { signal });
  }

  readonly look = (): void => {
    const scroll = scrollOf(this.place, this.count, this.lineHeight);
    const hurries = isHurried(scroll.top, this.lastTop, scroll.viewHeight);
    this.lastTop = scroll.top;
    this.seen(hurries ? hurriedRange(scroll) : visibleRange(scroll));
    if (!hurries) return;
    clearTimeout(this.rest);
    this.rest = setTimeout(this.look, restMs);
  };

  end(): void {
    this.listening.abort();
    clearTimeout(this.rest);
  }
}

/** Before anything is drawn, as much as fits is at the top. */
const nothingSeen = { top: 0, viewHeight: innerHeight };
