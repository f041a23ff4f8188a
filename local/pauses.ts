import type { Clock } from '../core/ports';

/** A sleep of a clock cannot be called off; short ones leave no timer behind that would keep the process alive. */
const longestSleepMs = 1_000;

/** Waiting that ends at once when whoever waits is told to stop, however long it would have taken. */
export class Pauses {
  private readonly cutShort = new Set<() => void>();
  private ended = false;

  constructor(private readonly clock: Clock) {}

  /** Whether {@link end} was called: from then on nothing waits any more. */
  get over(): boolean {
    return this.ended;
  }

  /** Waits `ms`, or until the end. */
  async pause(ms: number): Promise<void> {
    const untilMs = this.clock.now() + ms;
    for (let leftMs = ms; leftMs > 0 && !this.ended; leftMs = untilMs - this.clock.now()) {
      await this.orEnd(this.clock.sleep(Math.min(leftMs, longestSleepMs)));
    }
  }

  /** What `work` resolves with, or `undefined` when the end comes first; `work` itself goes on unobserved. */
  async orEnd<T>(work: Promise<T>): Promise<T | undefined> {
    if (this.ended) return undefined;
    return new Promise((resolve, reject) => {
      // Not Promise.race with one long-lived promise: each race would leave a reaction on it for as long as it lives.
      const cut = (): void => resolve(undefined);
      this.cutShort.add(cut);
      work.then(resolve, reject).finally(() => this.cutShort.delete(cut));
    });
  }

  /** Ends every pause, now and later. */
  end(): void {
    this.ended = true;
    for (const cut of this.cutShort) cut();
    this.cutShort.clear();
  }
}
