import { MemoryWatermarks } from '../../adapters/memory/watermarks';
import type { Standing } from '../../core/as-of';
import { finalUntilMs, leaseEndMs, leaseLengthMs } from '../../core/lease';
import type { Timings } from '../../core/timings';
import type { SimulatedSessions } from './stores';
import type { SimulatedTime } from './time';
import type { Trace } from './trace';
import type { TakenBeat, TrueSession, Truth } from './truth';

/** Of all front ends of the simulation; a hidden one says that it beats once a minute. */
const longestNextSeconds = 60;

/** Watermarks that are compared with what is really stored whenever an as-of is made of them: TR2. */
export class JudgedWatermarks extends MemoryWatermarks {
  constructor(
    private readonly times: Timings,
    private readonly sessions: SimulatedSessions,
    private readonly truth: Truth,
    private readonly time: SimulatedTime,
    private readonly trace: Trace,
  ) {
    super(times);
  }

  /** Whether anybody may be waited for just now. Nobody was there during what had been before the first canary. */
  isPostponing(asOfMs: number): boolean {
    const longestMs = leaseLengthMs(longestNextSeconds, this.times);
    return this.current.gaps.some(({ fromMs, untilMs }) => fromMs > 0 && asOfMs < untilMs + longestMs);
  }

  override async saveStanding(standing: Standing): Promise<boolean> {
    const saved = await super.saveStanding(standing);
    if (saved) for (const session of this.truth.sessions.values()) await this.judge(session, standing.asOfMs);
    return saved;
  }

  private async judge({ key, taken }: TrueSession, asOfMs: number): Promise<void> {
    let endMs = 0;
    let leftMs: number | undefined;
    for (const beat of taken) {
      if (beat.arrivalMs >= asOfMs || beat.discarded) continue;
      endMs = Math.max(endMs, this.endOf(beat));
      if (beat.beat.nextSeconds === 0) leftMs ??= beat.arrivalMs;
    }
    if (endMs === 0 || finalUntilMs(leftMs ?? endMs, this.times) <= this.time.now()) return;
    const stored = await this.sessions.stored(key);
    const processed =
      stored?.leftAtMs !== undefined || (leftMs === undefined && (stored?.leaseUntilMs ?? 0) >= endMs);
    if (!processed) {
      this.trace.violated(
        'TR2',
        `as-of has passed a beat of ${key.subject}'s ${key.sessionId} that is not stored`,
      );
    }
  }

  private endOf({ arrivalMs, beat }: TakenBeat): number {
    return leaseEndMs(arrivalMs, beat.nextSeconds, this.times);
  }
}
