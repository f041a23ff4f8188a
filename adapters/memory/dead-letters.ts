import type { DeadLetter, DeadLetters } from '../../core/ports';

/** Dead letters by shard and sequence number, so that a retry stores the same one again. */
export class MemoryDeadLetters implements DeadLetters {
  readonly letters = new Map<string, DeadLetter>();

  async store(letter: DeadLetter): Promise<void> {
    this.letters.set(`${letter.shardId}/${letter.sequenceNumber}`, letter);
  }
}
