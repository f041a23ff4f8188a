import type { AcceptedBeat } from '../../core/beat';
import type { BeatStream, PutOutcome } from '../../core/ports';

/** Beats in a list, in the order in which they were put. */
export class MemoryBeatStream implements BeatStream {
  readonly beats: AcceptedBeat[] = [];
  canaries = 0;
  /** While true, every beat is turned away. */
  busy = false;

  async put(beats: readonly AcceptedBeat[]): Promise<readonly PutOutcome[]> {
    if (this.busy) return beats.map(() => 'busy');
    this.beats.push(...beats);
    return beats.map(() => 'taken');
  }

  async putCanary(): Promise<PutOutcome> {
    if (this.busy) return 'busy';
    this.canaries += 1;
    return 'taken';
  }
}
