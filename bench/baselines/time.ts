import type { Clock } from '../../core/ports';
import { beginningMs, SimulatedTime } from '../../test/simulation/time';

/** Time in which a comparison plays. */
export interface PlayTime extends Clock {
  at(atMs: number, wake: () => void): void;
  runUntil(untilMs: number): Promise<void>;
}

export { beginningMs };

export const virtualTime = (): PlayTime => new SimulatedTime();

/**
 * The machine's own time, so many times faster: for what keeps a clock of its own, as Redis does. Late timers make it coarse: 5 ms
 * of the machine are so many times 5 ms here.
 */
export class HurriedTime implements PlayTime {
  private readonly startedMs = performance.now();

  constructor(readonly factor: number) {}

  now(): number {
    return beginningMs + (performance.now() - this.startedMs) * this.factor;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms / this.factor));
  }

  at(atMs: number, wake: () => void): void {
    setTimeout(wake, Math.max(0, (atMs - this.now()) / this.factor));
  }

  runUntil(untilMs: number): Promise<void> {
    return this.sleep(untilMs - this.now());
  }
}
