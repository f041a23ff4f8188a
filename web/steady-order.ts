import { computed, type ReadonlySignal, signal } from '@preact/signals';

/** A pointer that rests, and a focus that nobody moves, hold the order no longer than this. */
const idleMs = 20_000;

/**
 * An order that stands still while somebody points at it or moves in it, so that nothing slips away under a click. What is in
 * the rows changes all the while.
 */
export class SteadyOrder {
  private readonly kept = signal<readonly string[] | undefined>(undefined);
  private isPointedAt = false;
  private hasFocus = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** @param fresh the keys in the order in which they would be */
  constructor(private readonly fresh: ReadonlySignal<readonly string[]>) {}

  /** The order that is held; undefined while it is free. */
  readonly held: ReadonlySignal<readonly string[] | undefined> = this.kept;

  /** Whether letting go would change anything. */
  readonly isBehind = computed(() => {
    const held = this.held.value;
    return held !== undefined && !sameKeys(held, this.fresh.value);
  });

  /** For the element around the rows. */
  readonly handlers = {
    onPointerMove: (event: PointerEvent): void => {
      // A finger that scrolled on is not pointing any more.
      if (event.pointerType !== 'mouse') return;
      this.isPointedAt = true;
      this.hold();
    },
    onPointerLeave: (): void => {
      this.isPointedAt = false;
      this.perhapsRelease();
    },
    onFocusIn: (): void => {
      this.hasFocus = true;
      this.hold();
    },
    onFocusOut: ({ currentTarget, relatedTarget }: FocusEvent): void => {
      // From row to row it stays inside.
      if (relatedTarget instanceof Node && (currentTarget as Element).contains(relatedTarget)) return;
      this.hasFocus = false;
      this.perhapsRelease();
    },
    onKeyDown: (): void => this.hold(),
  };

  /** Puts everything in its place: the operator asked for it, or for another order. */
  readonly release = (): void => {
    clearTimeout(this.timer);
    this.kept.value = undefined;
  };

  private hold(): void {
    this.kept.value ??= this.fresh.peek();
    clearTimeout(this.timer);
    this.timer = setTimeout(this.release, idleMs);
  }

  private perhapsRelease(): void {
    if (!this.isPointedAt && !this.hasFocus) this.release();
  }
}

const sameKeys = (one: readonly string[], other: readonly string[]): boolean =>
  one === other || (one.length === other.length && one.every((key, index) => key === other[index]));
