import type { KinesisStreamRecord } from 'aws-lambda';
import { type ArrivedBeat, parseRecord } from '../../core/beat';
import type { DeadLetter } from '../../core/ports';
import { sessionKeyText } from '../../core/session';
import { FieldRefused } from '../../core/shape';

/** The beats of one session in a batch, oldest first, and the records that brought them. */
export interface SessionBeats {
  readonly key: string;
  readonly beats: [ArrivedBeat, ...ArrivedBeat[]];
  readonly sequenceNumbers: string[];
}

/** A batch, sorted into what can be read and what nobody ever will. */
export interface SortedBatch {
  readonly sessions: readonly SessionBeats[];
  readonly poison: readonly DeadLetter[];
}

/** Groups a batch by session; the order within a shard is the order of the sequence numbers. */
export function sortBatch(records: readonly KinesisStreamRecord[]): SortedBatch {
  const sessions = new Map<string, SessionBeats>();
  const poison: DeadLetter[] = [];
  for (const record of records) {
    const read = readRecord(record);
    if ('why' in read) poison.push(read);
    else addBeat(sessions, read, record.kinesis.sequenceNumber);
  }
  return { sessions: [...sessions.values()], poison };
}

function addBeat(sessions: Map<string, SessionBeats>, beat: ArrivedBeat, sequenceNumber: string): void {
  const key = sessionKeyText(beat);
  const known = sessions.get(key);
  if (known === undefined) {
    sessions.set(key, { key, beats: [beat], sequenceNumbers: [sequenceNumber] });
  } else {
    known.beats.push(beat);
    known.sequenceNumbers.push(sequenceNumber);
  }
}

function readRecord({ kinesis, eventID }: KinesisStreamRecord): ArrivedBeat | DeadLetter {
  // Seconds with a fraction; rounded, since the fraction of a millisecond is noise of the conversion.
  const arrivalMs = Math.round(kinesis.approximateArrivalTimestamp * 1_000);
  try {
    return parseRecord(Buffer.from(kinesis.data, 'base64').toString('utf8'), arrivalMs);
  } catch (error) {
    if (!(error instanceof FieldRefused)) throw error;
    return {
      shardId: eventID.split(':')[0] ?? '',
      sequenceNumber: kinesis.sequenceNumber,
      arrivalMs,
      partitionKey: kinesis.partitionKey,
      payload: kinesis.data,
      why: error.message,
    };
  }
}
