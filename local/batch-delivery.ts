import { randomUUID } from 'node:crypto';
import type { Clock, Log } from '../core/ports';
import { type BatchResult, batchResult } from './batch-response';
import { type Discard, type DiscardedBatch, discardDocument, discardKey } from './discarded-batch';
import type { Checkpoints } from './event-source-checkpoints';
import type { Invoke } from './invoke';
import { kinesisEvent, type StreamRecord } from './kinesis-event';
import type { Pauses } from './pauses';

/** How an event source mapping hands batches to its function. */
export interface DeliveryOptions {
  readonly streamArn: string;
  readonly functionArn: string;
  readonly invoke: Invoke;
  /** Halves a batch that failed, until the record that makes it fail is alone. */
  readonly bisectOnError: boolean;
  /** Attempts after the first; negative: without end. */
  readonly maxRetries: number;
  /** Records that arrived longer ago are discarded; negative: none are. */
  readonly maxRecordAgeMs: number;
  readonly reportBatchItemFailures: boolean;
  readonly checkpoints: Checkpoints;
  /** Stores what was given up: the JSON document of an on-failure destination in S3, and its key. */
  readonly onDiscard: (document: object, key: string) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/** AWS says "exponential backoff" and no figures; these keep a local run from seeming dead. */
const firstBackoffMs = 1_000;
const longestBackoffMs = 30_000;

type Records = readonly [StreamRecord, ...StreamRecord[]];

/** Records that go to the function together, and what was tried with exactly them. */
interface Attempted {
  readonly records: Records;
  readonly invocations: number;
  readonly retries: number;
  readonly throttles: number;
}

/** Delivers batches of one shard after another until each record is processed or discarded. */
export class BatchDelivery {
  private readonly mappingId = randomUUID();

  /** @param mayGoOn is awaited before each invocation with records of a shard. */
  constructor(
    private readonly options: DeliveryOptions,
    private readonly pauses: Pauses,
    private readonly mayGoOn: (shardId: string) => Promise<void>,
  ) {}

  /** Resolves when nothing of the batch is left to do, or early when the pauses end. */
  async deliver(shardId: string, records: readonly StreamRecord[]): Promise<void> {
    const waiting = untried(records);
    for (let next = waiting.shift(); next !== undefined && !this.pauses.over; next = waiting.shift()) {
      waiting.unshift(...(await this.attempt(shardId, next)));
    }
  }

  /** @returns what is left of these records, in order. */
  private async attempt(shardId: string, attempted: Attempted): Promise<readonly Attempted[]> {
    await this.mayGoOn(shardId);
    if (this.pauses.over) return [];
    const [batch] = await this.discardAged(shardId, attempted);
    if (batch === undefined) return [];
    const event = kinesisEvent(this.options.streamArn, shardId, batch.records);
    const invocation = await this.pauses.orEnd(this.options.invoke(event));
    // Stopped: the checkpoint stays where it is, so that the next start delivers these records again.
    if (invocation === undefined) return [];
    const result = batchResult(invocation, batch.records, this.options.reportBatchItemFailures);
    return this.follow(shardId, batch, result);
  }

  private async follow(
    shardId: string,
    batch: Attempted,
    result: BatchResult,
  ): Promise<readonly Attempted[]> {
    switch (result.kind) {
      case 'processed':
        this.doneWith(shardId, batch.records);
        return [];
      case 'throttled':
        await this.pauses.pause(backoffMs(batch.throttles));
        return [{ ...batch, throttles: batch.throttles + 1 }];
      case 'failed':
        return this.failed(shardId, batch, result);
      case 'processed-until':
        // The first record itself: nothing to cut off, so the batch is tried as a whole again.
        if (result.from === 0) {
          return this.retried(shardId, batch, { functionError: null, why: 'The first record failed.' });
        }
        this.doneWith(shardId, batch.records.slice(0, result.from));
        return untried(batch.records.slice(result.from));
    }
  }

  /** Splitting a batch does not use up retries (Lambda guide). */
  private async failed(shardId: string, batch: Attempted, failure: Failure): Promise<readonly Attempted[]> {
    const { records } = batch;
    if (!this.options.bisectOnError || records.length === 1) return this.retried(shardId, batch, failure);
    this.logFailure('The function failed; its batch is split', shardId, batch, failure);
    const middle = Math.ceil(records.length / 2);
    return [...untried(records.slice(0, middle)), ...untried(records.slice(middle))];
  }

  private async retried(shardId: string, batch: Attempted, failure: Failure): Promise<readonly Attempted[]> {
    const tried = { ...batch, invocations: batch.invocations + 1 };
    const { maxRetries } = this.options;
    if (maxRetries >= 0 && batch.retries >= maxRetries) {
      const { functionError } = failure;
      await this.discard(shardId, tried, batch.records, {
        condition: 'RetryAttemptsExhausted',
        functionError,
      });
      return [];
    }
    this.logFailure('The function failed; its batch is tried again', shardId, batch, failure);
    await this.pauses.pause(backoffMs(batch.retries));
    return [{ ...tried, retries: batch.retries + 1 }];
  }

  /** Records of a shard arrive in order, so those that are too old come first. */
  private async discardAged(shardId: string, batch: Attempted): Promise<readonly Attempted[]> {
    const { maxRecordAgeMs, clock } = this.options;
    if (maxRecordAgeMs < 0) return [batch];
    const oldestMs = clock.now() - maxRecordAgeMs;
    const young = batch.records.findIndex(({ arrivalMs }) => arrivalMs >= oldestMs);
    if (young === 0) return [batch];
    const aged = young === -1 ? batch.records : batch.records.slice(0, young);
    await this.discard(shardId, batch, aged, { condition: 'RecordAgeExceeded' });
    return untried(batch.records.slice(aged.length)).map((left) => ({ ...batch, records: left.records }));
  }

  private async discard(
    shardId: string,
    { invocations }: Attempted,
    records: readonly StreamRecord[],
    discard: Discard,
  ): Promise<void> {
    const { streamArn, functionArn, clock } = this.options;
    for (const batch of untried(records)) {
      const given: DiscardedBatch = {
        discard,
        functionArn,
        streamArn,
        shardId,
        records: batch.records,
        invocations,
        atMs: clock.now(),
      };
      await this.store(given);
      this.doneWith(shardId, batch.records);
    }
  }

  /** A destination that fails does not hold up the shard: AWS counts `DestinationDeliveryErrors` and goes on. */
  private async store(batch: DiscardedBatch): Promise<void> {
    const { shardId, records, discard } = batch;
    const fields = { shardId, records: records.length, condition: discard.condition };
    try {
      await this.options.onDiscard(discardDocument(batch), discardKey(this.mappingId, batch));
      this.options.log.info('Records were discarded', fields);
    } catch (error) {
      this.options.log.error('Discarded records could not be stored', error, fields);
    }
  }

  private doneWith(shardId: string, records: readonly StreamRecord[]): void {
    const last = records.at(-1);
    if (last !== undefined) this.options.checkpoints.advance(shardId, last.sequenceNumber);
  }

  private logFailure(message: string, shardId: string, batch: Attempted, failure: Failure): void {
    this.options.log.error(message, failure.why, { shardId, records: batch.records.length });
  }
}

type Failure = Pick<Extract<BatchResult, { kind: 'failed' }>, 'functionError' | 'why'>;

/** A batch of these records, or none when there are none. */
function untried([first, ...others]: readonly StreamRecord[]): Attempted[] {
  if (first === undefined) return [];
  return [{ records: [first, ...others], invocations: 0, retries: 0, throttles: 0 }];
}

const backoffMs = (earlier: number): number => Math.min(firstBackoffMs * 2 ** earlier, longestBackoffMs);
