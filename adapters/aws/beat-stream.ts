import { createHash } from 'node:crypto';
import { type KinesisClient, PutRecordsCommand, type PutRecordsResultEntry } from '@aws-sdk/client-kinesis';
import { type AcceptedBeat, formatRecord } from '../../core/beat';
import { formatCanary } from '../../core/canary';
import { chunksOf } from '../../core/concurrency';
import { TryAgainLater } from '../../core/errors';
import type { BeatStream, Clock, PutOutcome } from '../../core/ports';
import { sessionKeyText } from '../../core/session';

/** PutRecords takes 500 records at most, and 5 MB. */
const recordsPerCall = 500;
const bytesPerCall = 5 * 1_024 * 1_024;
const pausesMs = [50, 150] as const;

interface Record {
  readonly Data: Uint8Array;
  readonly PartitionKey: string;
}

/** Beats on a Kinesis stream. A record that a shard is too busy for is tried twice more, then turned away. */
export class KinesisBeatStream implements BeatStream {
  constructor(
    private readonly client: KinesisClient,
    private readonly stream: string,
    private readonly clock: Clock,
  ) {}

  async put(beats: readonly AcceptedBeat[]): Promise<readonly PutOutcome[]> {
    return await this.putRecords(beats.map(recordOf));
  }

  async putCanary(): Promise<PutOutcome> {
    const canary = { Data: Buffer.from(formatCanary('endpoint')), PartitionKey: 'canary' };
    const [outcome = 'busy'] = await this.putRecords([canary]);
    return outcome;
  }

  private async putRecords(records: readonly Record[]): Promise<readonly PutOutcome[]> {
    const outcomes: PutOutcome[] = records.map(() => 'busy');
    let waiting = records.map((record, index) => ({ index, record }));
    for (const pauseMs of [0, ...pausesMs]) {
      if (waiting.length === 0) break;
      if (pauseMs > 0) await this.clock.sleep(pauseMs);
      const taken = await this.putOnce(waiting.map(({ record }) => record));
      for (const [position, { index }] of waiting.entries()) if (taken[position]) outcomes[index] = 'taken';
      waiting = waiting.filter((_, position) => !taken[position]);
    }
    return outcomes;
  }

  private async putOnce(records: readonly Record[]): Promise<readonly boolean[]> {
    const calls = chunksOf(records, recordsPerCall).flatMap(withinBytes);
    const taken: boolean[] = [];
    for (const call of calls) taken.push(...(await this.putCall(call)));
    return taken;
  }

  private async putCall(records: readonly Record[]): Promise<readonly boolean[]> {
    try {
      const command = new PutRecordsCommand({ StreamName: this.stream, Records: [...records] });
      const { Records: results = [] } = await this.client.send(command);
      return records.map((_, index) => wasTaken(results[index]));
    } catch (error) {
      if (!isPassing(error)) throw error;
      return records.map(() => false);
    }
  }
}

/** The session's own shard keeps its beats in order. Hashed, since a partition key holds only 256 characters. */
const recordOf = (beat: AcceptedBeat): Record => ({
  Data: Buffer.from(formatRecord(beat)),
  PartitionKey: createHash('sha256').update(sessionKeyText(beat)).digest('base64url'),
});

function withinBytes(records: readonly Record[]): readonly (readonly Record[])[] {
  const calls: Record[][] = [];
  let bytes = 0;
  for (const record of records) {
    const size = record.Data.length + record.PartitionKey.length;
    const open = calls.at(-1);
    if (open === undefined || bytes + size > bytesPerCall) {
      calls.push([record]);
      bytes = size;
    } else {
      open.push(record);
      bytes += size;
    }
  }
  return calls;
}

/** Throttling and faults inside Kinesis are told per record; any other code is a fault of ours. */
function wasTaken(result: PutRecordsResultEntry | undefined): boolean {
  if (result?.SequenceNumber !== undefined) return true;
  const passing = ['ProvisionedThroughputExceededException', 'InternalFailure'];
  if (result?.ErrorCode !== undefined && passing.includes(result.ErrorCode)) return false;
  throw new TryAgainLater('Kinesis refused a record', { actual: result?.ErrorCode, expected: passing });
}

/** What the SDK has retried in vain, yet may pass: throttling, faults of the service, connections. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { $metadata, $retryable } = error as { $metadata?: { httpStatusCode?: number }; $retryable?: object };
  const status = $metadata?.httpStatusCode;
  return $retryable !== undefined || status === undefined || status >= 500 || throttles.has(error.name);
}

const throttles = new Set([
  'ProvisionedThroughputExceededException',
  'LimitExceededException',
  'ThrottlingException',
  'KMSThrottlingException',
]);
