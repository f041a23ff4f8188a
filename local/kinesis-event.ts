import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';

/** A record as it lies on a shard. */
export interface StreamRecord {
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  /** Base64. */
  readonly data: string;
  readonly arrivalMs: number;
}

/** Lambda takes 6 MB in a synchronous invocation (Lambda quotas), which also bounds what a batch may hold. */
const eventBytes = 6 * 1_024 * 1_024;
const envelopeBytes = Buffer.byteLength('{"Records":[]}');

/** The event that a function gets for records of one shard. */
export const kinesisEvent = (
  streamArn: string,
  shardId: string,
  records: readonly StreamRecord[],
): KinesisStreamEvent => ({ Records: records.map((record) => eventRecord(streamArn, shardId, record)) });

/** More than everything of a record takes beside its data and its partition key, whose characters take six at most. */
const restBytes = 1_024;

/** Most batches are so far from the limit that nothing needs to be written out to see it. */
const surelyFit = (records: readonly StreamRecord[]): boolean =>
  records.reduce(
    (bytes, { data, partitionKey }) => bytes + data.length + 6 * partitionKey.length + restBytes,
    0,
  ) < eventBytes;

/** The first of the records, as many as fit into one event, but never none. */
export function fittingIntoEvent(
  streamArn: string,
  shardId: string,
  records: readonly StreamRecord[],
): readonly StreamRecord[] {
  if (surelyFit(records)) return records;
  let bytes = envelopeBytes;
  const end = records.findIndex((record) => {
    bytes += Buffer.byteLength(JSON.stringify(eventRecord(streamArn, shardId, record))) + ','.length;
    return bytes > eventBytes;
  });
  return end === -1 ? records : records.slice(0, Math.max(1, end));
}

const eventRecord = (streamArn: string, shardId: string, record: StreamRecord): KinesisStreamRecord => ({
  kinesis: {
    kinesisSchemaVersion: '1.0',
    partitionKey: record.partitionKey,
    sequenceNumber: record.sequenceNumber,
    data: record.data,
    approximateArrivalTimestamp: record.arrivalMs / 1_000,
  },
  eventSource: 'aws:kinesis',
  eventVersion: '1.0',
  eventID: `${shardId}:${record.sequenceNumber}`,
  eventName: 'aws:kinesis:record',
  invokeIdentityArn: 'arn:aws:iam::000000000000:role/local',
  awsRegion: streamArn.split(':')[3] ?? '',
  eventSourceARN: streamArn,
});
