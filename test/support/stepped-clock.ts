import type { Clock } from '../../core/ports';

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** Time that passes only when a test says so, and lets everything that it wakes run before it goes on. */
export class SteppedClock implements Clock {
  private sleepers: Sleeper[] = [];

  constructor(private nowMs = Date.parse('2026-11-24T10:00:00.000Z')) {}

  now(): number {
    return this.nowMs;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => this.sleepers.push({ dueMs: this.nowMs + ms, wake }));
  }

  /** Time passes while nothing runs, as on a machine that sleeps. */
  skip(ms: number): void {
    this.nowMs += ms;
  }

  async advance(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms;
    await settled();
    for (let next = this.takeDue(untilMs); next !== undefined; next = this.takeDue(untilMs)) {
      this.nowMs = Math.max(this.nowMs, next.dueMs);
      next.wake();
      await settled();
    }
    this.nowMs = untilMs;
  }

  private takeDue(untilMs: number): Sleeper | undefined {
    const due = this.sleepers
      .filter(({ dueMs }) => dueMs <= untilMs)
      .toSorted((one, other) => one.dueMs - other.dueMs);
    this.sleepers = this.sleepers.filter((sleeper) => sleeper !== due[0]);
    return due[0];
  }
}

/** Everything that only waits for promises has run. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
