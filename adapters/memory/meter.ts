import type { Meter } from '../../core/ports';

/** Figures in lists, as they are after the last flush. */
export class MemoryMeter<Figure extends string> implements Meter<Figure> {
  /** One object per flush that had anything to say: sums, and what was measured last. */
  readonly passes: Partial<Record<Figure, number>>[] = [];
  private readonly pass = new Map<Figure, number>();

  count(figure: Figure, by = 1): void {
    this.pass.set(figure, (this.pass.get(figure) ?? 0) + by);
  }

  measure(figure: Figure, value: number): void {
    this.pass.set(figure, value);
  }

  flush(): void {
    if (this.pass.size > 0)
      this.passes.push(Object.fromEntries(this.pass) as Partial<Record<Figure, number>>);
    this.pass.clear();
  }
}

/** For whoever does not look. */
export const silentMeter: Meter<string> = { count: () => {}, measure: () => {}, flush: () => {} };
