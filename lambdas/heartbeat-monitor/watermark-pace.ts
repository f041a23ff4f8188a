/** Without a canary in it, a batch's watermark is written at most this often for a shard (TR2). */
const everyMs = 2_000;

/** When a shard's watermark was last written by this copy of the function. */
export class WatermarkPace {
  private readonly writtenMs = new Map<string, number>();

  /** Whether it is time to write; if so, the next time is counted from now. */
  isDue(shardId: string, nowMs: number, urgent: boolean): boolean {
    const lastMs = this.writtenMs.get(shardId) ?? Number.NEGATIVE_INFINITY;
    if (!urgent && nowMs - lastMs < everyMs) return false;
    this.writtenMs.set(shardId, nowMs);
    return true;
  }
}
