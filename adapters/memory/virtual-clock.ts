import type { Clock } from '../../core/ports';

/** A clock that stands still until it is moved or slept on; sleeping costs no time but its own. */
export class VirtualClock implements Clock {
  constructor(private nowMs = Date.UTC(2026, 0, 5, 8)) {}

  now(): number {
    return this.nowMs;
  }

  async sleep(ms: number): Promise<void> {
    this.advance(ms);
  }

  advance(ms: number): void {
    this.nowMs += ms;
  }
}
