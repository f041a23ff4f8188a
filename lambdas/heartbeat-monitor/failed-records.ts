import type { Log } from '../../core/ports';

/** The records of a batch that go back to the stream; whatever fails takes only its own records along. */
export class FailedRecords {
  readonly sequenceNumbers = new Set<string>();

  constructor(private readonly log: Log) {}

  async attempt(sequenceNumbers: readonly string[], work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.note(sequenceNumbers, error);
    }
  }

  /** The same for what needs no waiting: most of a batch, so a promise for each would cost more than the work itself. */
  attemptNow<T>(sequenceNumbers: readonly string[], work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.note(sequenceNumbers, error);
      return undefined;
    }
  }

  note(sequenceNumbers: readonly string[], error: unknown): void {
    this.log.error('records go back to the stream', error, { records: sequenceNumbers.length });
    for (const sequenceNumber of sequenceNumbers) this.sequenceNumbers.add(sequenceNumber);
  }
}
