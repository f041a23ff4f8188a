import { randomUUID } from 'node:crypto';
import { kinesisEvent, type StreamRecord } from './kinesis-event';

/** Why an event source mapping gave records up. */
export type Discard =
  | {
      readonly condition: 'RetryAttemptsExhausted';
      /** `null`: the function answered, but not with a usable list of failures. */
      readonly functionError: 'Unhandled' | null;
    }
  | { readonly condition: 'RecordAgeExceeded' };

/** Records that an event source mapping gave up, and what it did for them before. */
export interface DiscardedBatch {
  readonly discard: Discard;
  readonly functionArn: string;
  readonly streamArn: string;
  readonly shardId: string;
  readonly records: readonly [StreamRecord, ...StreamRecord[]];
  /** How often the function was invoked with this very batch. */
  readonly invocations: number;
  readonly atMs: number;
}

/**
 * The JSON document that Lambda writes to an on-failure destination in S3, the event included as text (Lambda guide,
 * "Retain discarded batch records for a Kinesis Data Streams event source"; a record that aged has no response).
 */
export function discardDocument(batch: DiscardedBatch): object {
  const { discard, functionArn, streamArn, shardId, records } = batch;
  const last = records.at(-1) ?? records[0];
  return {
    requestContext: {
      requestId: randomUUID(),
      functionArn,
      condition: discard.condition,
      approximateInvokeCount: batch.invocations,
    },
    ...responseContext(discard),
    version: '1.0',
    timestamp: new Date(batch.atMs).toISOString(),
    KinesisBatchInfo: {
      shardId,
      startSequenceNumber: records[0].sequenceNumber,
      endSequenceNumber: last.sequenceNumber,
      approximateArrivalOfFirstRecord: new Date(records[0].arrivalMs).toISOString(),
      approximateArrivalOfLastRecord: new Date(last.arrivalMs).toISOString(),
      batchSize: records.length,
      streamArn,
    },
    payload: JSON.stringify(kinesisEvent(streamArn, shardId, records)),
  };
}

function responseContext(discard: Discard): object {
  switch (discard.condition) {
    case 'RetryAttemptsExhausted':
      return {
        responseContext: {
          statusCode: 200,
          executedVersion: '$LATEST',
          functionError: discard.functionError,
        },
      };
    case 'RecordAgeExceeded':
      return {};
  }
}

/** Key of that document: `aws/lambda/<mapping>/<shard>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<uuid>`, in UTC. */
export function discardKey(mappingId: string, { shardId, atMs }: DiscardedBatch): string {
  const second = new Date(atMs).toISOString().slice(0, 19);
  const day = second.slice(0, 10).replaceAll('-', '/');
  return `aws/lambda/${mappingId}/${shardId}/${day}/${second.replaceAll(':', '.')}-${randomUUID()}`;
}
