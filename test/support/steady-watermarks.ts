import { MemoryWatermarks } from '../../adapters/memory/watermarks';
import type { WatermarkRecord } from '../../core/as-of';
import type { Clock } from '../../core/ports';
import type { Timings } from '../../core/timings';

/** Watermarks of a pipeline in which nothing lags: everything is processed at once, unless the test freezes it. */
export class SteadyWatermarks extends MemoryWatermarks {
  private frozenMs: number | undefined;

  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    timings: Timings,
  ) {
    super(timings);
    this.passQuietly();
  }

  /** The ticks until now happened, and found nothing to do. */
  passQuietly(): void {
    const nowMs = this.frozenMs ?? this.clock.now();
    this.current = { ...this.current, asOfMs: nowMs - 1, endpointMs: nowMs - 1 };
  }

  freeze(): void {
    this.frozenMs = this.clock.now();
  }

  thaw(): void {
    this.frozenMs = undefined;
  }

  override async read(): Promise<WatermarkRecord> {
    const nowMs = this.frozenMs ?? this.clock.now();
    return { shards: new Map([['shard-0', nowMs]]), endpoint: { canaryMs: nowMs } };
  }
}
