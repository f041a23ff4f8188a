import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { formatRecord } from '../../core/beat';
import { type Canary, formatCanary } from '../../core/canary';
import { aBeat, at, type BeatWords } from './builders';

export const shardId = 'shardId-000000000000';

/** A record of the stream as Lambda hands it over, with this number. */
export function aRecordOf(data: string, number: number, arrivalMs = at('10:00')): KinesisStreamRecord {
  const sequenceNumber = String(number);
  return {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: 'key',
      sequenceNumber,
      data: Buffer.from(data).toString('base64'),
      approximateArrivalTimestamp: arrivalMs / 1_000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${shardId}:${sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: 'arn:aws:iam::000000000000:role/monitor',
    awsRegion: 'eu-west-1',
    eventSourceARN: 'arn:aws:kinesis:eu-west-1:000000000000:stream/beats',
  };
}

/** A beat, a canary, or the text of a record that is neither. */
export type RecordWords = BeatWords | { readonly canary: Canary; readonly at?: number } | string;

/** A batch of beats, or of texts that are none, numbered from 1. */
export const aBatch = (...records: readonly RecordWords[]): KinesisStreamEvent => ({
  Records: records.map((words, index) => {
    if (typeof words === 'string') return aRecordOf(words, index + 1);
    if ('canary' in words) return aRecordOf(formatCanary(words.canary), index + 1, words.at);
    const { arrivalMs, ...beat } = aBeat(words);
    return aRecordOf(formatRecord(beat), index + 1, arrivalMs);
  }),
});
