import type { AcceptedBeat } from '../../core/beat';
import type { BeatStream, PutOutcome } from '../../core/ports';

/** Beats in a list, in the order in which they were put. */
export class MemoryBeatStream implements BeatStream {
  readonly beats: AcceptedBeat[] = [];
  /** While true, every beat is turned away. */
  busy = false;

  async put(beats: readonly AcceptedBeat[]): Promise<readonly PutOutcome[]> {
    if (this.busy) return beats.map(() => 'busy');
    this.beats.push(...beats);
    return beats.map(() => 'taken');
  }
}
