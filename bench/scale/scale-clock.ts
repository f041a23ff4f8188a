import type { Clock } from '../../core/ports';

interface Sleeper {
  readonly untilMs: number;
  readonly wake: () => void;
}

/** A clock that the run moves; whoever sleeps goes on when it has come so far. */
export class ScaleClock implements Clock {
  private nowMs = Date.UTC(2026, 0, 5, 8);
  private sleepers: Sleeper[] = [];

  now(): number {
    return this.nowMs;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => this.sleepers.push({ untilMs: this.nowMs + ms, wake }));
  }

  advance(ms: number): void {
    this.nowMs += ms;
  }

  /** Wakes whoever has slept long enough, and waits until they sleep again: nothing else than the clock is waited for. */
  async wake(): Promise<void> {
    const due = this.sleepers.filter(({ untilMs }) => untilMs <= this.nowMs);
    this.sleepers = this.sleepers.filter(({ untilMs }) => untilMs > this.nowMs);
    for (const { wake } of due) wake();
    await new Promise((settled) => setImmediate(settled));
  }
}
