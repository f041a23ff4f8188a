import type { Fence } from '../../core/ports';

/** A counter. */
export class MemoryFence implements Fence {
  private turn = 0;

  async take(): Promise<number> {
    this.turn += 1;
    return this.turn;
  }

  async isCurrent(turn: number): Promise<boolean> {
    return turn === this.turn;
  }
}
