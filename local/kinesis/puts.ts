import { AwsFault } from '../aws-json';
import { hashKeyFrom } from './hash-keys';
import type { NewRecord, Streams } from './streams';

/** A record of a PutRecord or PutRecords; what a client leaves out is missing here too. */
export interface PutEntry {
  /** Base64. */
  readonly Data?: unknown;
  readonly PartitionKey?: unknown;
  readonly ExplicitHashKey?: unknown;
}

/** What Kinesis took at most until October 2025, and without opting in still does per record (API reference, PutRecords). */
const limits = {
  recordsPerPut: 500,
  bytesPerPut: 5 * 1_024 * 1_024,
  bytesPerRecord: 1_024 * 1_024,
  partitionKeyLength: 256,
};

/** @throws AwsFault for a record against the limits, or one that its shard is too busy for */
export const putRecord = (streams: Streams, stream: string, entry: PutEntry): object =>
  put(streams, stream, newRecord(entry));

/**
 * Puts records one by one: that a shard is too busy is told for each of them.
 * @throws AwsFault when one of them is against the limits, before any is put
 */
export function putRecords(streams: Streams, stream: string, entries: unknown): object {
  if (!Array.isArray(entries) || entries.length < 1 || entries.length > limits.recordsPerPut) {
    throw new AwsFault('ValidationException', `Records must have 1 to ${limits.recordsPerPut} members.`);
  }
  const records = entries.map(newRecord);
  const bytes = records.reduce((sum, record) => sum + sizeOf(record), 0);
  if (bytes > limits.bytesPerPut) {
    throw new AwsFault('InvalidArgumentException', 'Records size exceeds 5 MB limit');
  }
  const results = records.map((record) => putOrThrottled(streams, stream, record));
  const failed = results.filter((result) => 'ErrorCode' in result).length;
  return { FailedRecordCount: failed, Records: results };
}

function newRecord({ Data, PartitionKey, ExplicitHashKey }: PutEntry): NewRecord {
  if (typeof Data !== 'string') throw new AwsFault('ValidationException', 'Data must not be null.');
  const keyLength = typeof PartitionKey === 'string' ? PartitionKey.length : 0;
  if (typeof PartitionKey !== 'string' || keyLength < 1 || keyLength > limits.partitionKeyLength) {
    throw new AwsFault('ValidationException', 'PartitionKey must have 1 to 256 characters.');
  }
  const record = {
    partitionKey: PartitionKey,
    data: Data,
    ...(ExplicitHashKey !== undefined && { explicitHashKey: hashKeyFrom(ExplicitHashKey) }),
  };
  if (sizeOf(record) > limits.bytesPerRecord) {
    throw new AwsFault('ValidationException', 'Data and PartitionKey may have 1 MiB together.');
  }
  return record;
}

/** The partition key counts as well. */
const sizeOf = ({ data, partitionKey }: NewRecord): number =>
  Buffer.byteLength(data, 'base64') + Buffer.byteLength(partitionKey);

function put(streams: Streams, stream: string, record: NewRecord): object {
  const { shardId, sequenceNumber } = streams.put(stream, record);
  return { ShardId: shardId, SequenceNumber: sequenceNumber };
}

function putOrThrottled(streams: Streams, stream: string, record: NewRecord): object {
  try {
    return put(streams, stream, record);
  } catch (error) {
    const throttled = error instanceof AwsFault && error.type === 'ProvisionedThroughputExceededException';
    if (!throttled) throw error;
    return { ErrorCode: error.type, ErrorMessage: error.message };
  }
}
