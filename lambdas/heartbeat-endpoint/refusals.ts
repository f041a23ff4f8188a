import type { Clock, Log, Watermarks } from '../../core/ports';
import { RequestRefused } from '../../core/problem';
import { FieldRefused } from '../../core/shape';

/** A series of refusals is noted at most this often by one copy of the function. */
const everyMs = 2_000;

export interface RefusalPorts {
  readonly watermarks: Pick<Watermarks, 'noteRefusal'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Notes that beats were turned away for reasons of ours, so that as-of does not pass that instant (TR1). */
export class Refusals {
  private notedMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly ports: RefusalPorts) {}

  /**
   * Runs `serve` and notes a refusal if it says so or fails. What a caller did wrong is none.
   * @throws what `serve` throws
   */
  async noting<T>(serve: (turnedAway: () => void) => Promise<T>): Promise<T> {
    let turnedAway = false;
    try {
      return await serve(() => {
        turnedAway = true;
      });
    } catch (error) {
      turnedAway = !(error instanceof RequestRefused || error instanceof FieldRefused);
      throw error;
    } finally {
      if (turnedAway) await this.note();
    }
  }

  /** One that cannot be noted either is told by the canaries, which fail for the same reason. */
  private async note(): Promise<void> {
    const { watermarks, clock, log } = this.ports;
    const nowMs = clock.now();
    if (nowMs - this.notedMs < everyMs) return;
    this.notedMs = nowMs;
    try {
      await watermarks.noteRefusal(nowMs);
    } catch (error) {
      log.error('a refusal was not noted', error);
    }
  }
}
