import type { KinesisStreamRecord } from 'aws-lambda';
import { type ArrivedBeat, parseRecord } from '../../core/beat';
import { type Canary, parseCanary } from '../../core/canary';
import type { DeadLetter } from '../../core/ports';
import type { ProcessedRecord } from '../../core/processed';
import { sessionKeyText } from '../../core/session';
import { FieldRefused, fromJson, isPlainObject } from '../../core/shape';
import { isLater, versions } from '../../core/versions';

/** The beats of one session in a batch, oldest first, and the records that brought them. */
export interface SessionBeats {
  readonly key: string;
  readonly beats: [ArrivedBeat, ...ArrivedBeat[]];
  readonly sequenceNumbers: string[];
}

/** A batch, sorted into what can be read and what nobody ever will. */
export interface SortedBatch {
  /** A batch is of one shard. */
  readonly shardId: string;
  /** Every record, in the order of the shard. */
  readonly records: readonly ProcessedRecord[];
  readonly sessions: readonly SessionBeats[];
  readonly poison: readonly DeadLetter[];
  /** Sequence numbers of records that a later release has written. */
  readonly later: readonly string[];
}

/** A deployment has replaced every function by then. What still cannot be read must not hold up the shard any longer (HB8). */
const deploymentTakesMs = 60_000;

/** Groups a batch by session; the order within a shard is the order of the sequence numbers. */
export function sortBatch(records: readonly KinesisStreamRecord[], nowMs: number): SortedBatch {
  const sessions = new Map<string, SessionBeats>();
  const poison: DeadLetter[] = [];
  const later: string[] = [];
  const processed = records.map((record): ProcessedRecord => {
    const { sequenceNumber } = record.kinesis;
    const arrivalMs = arrivalOf(record);
    const read = readRecord(record, arrivalMs, nowMs);
    if (typeof read === 'string') return { sequenceNumber, arrivalMs, canary: read };
    if (read === undefined) later.push(sequenceNumber);
    else if ('why' in read) poison.push(read);
    else addBeat(sessions, read, sequenceNumber);
    return { sequenceNumber, arrivalMs };
  });
  return {
    shardId: shardOf(records[0]),
    records: processed,
    sessions: [...sessions.values()],
    poison,
    later,
  };
}

/** Seconds with a fraction; rounded, since the fraction of a millisecond is noise of the conversion. */
const arrivalOf = ({ kinesis }: KinesisStreamRecord): number =>
  Math.round(kinesis.approximateArrivalTimestamp * 1_000);

/** `shardId-000000000000:4954…`, as Lambda names a record. */
const shardOf = (record: KinesisStreamRecord | undefined): string => record?.eventID.split(':')[0] ?? '';

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

/** @returns `undefined` for what this release is too old to read, while the one that can read it may be on its way */
function readRecord(
  record: KinesisStreamRecord,
  arrivalMs: number,
  nowMs: number,
): ArrivedBeat | Canary | DeadLetter | undefined {
  const { data, sequenceNumber, partitionKey } = record.kinesis;
  try {
    const value = fromJson(Buffer.from(data, 'base64').toString('utf8'));
    const waits = nowMs - arrivalMs < deploymentTakesMs;
    if (waits && isPlainObject(value) && isLater(value.v, versions.record)) return undefined;
    return isPlainObject(value) && Object.hasOwn(value, 'canary')
      ? parseCanary(value)
      : parseRecord(value, arrivalMs);
  } catch (error) {
    if (!(error instanceof FieldRefused)) throw error;
    const why = error.message;
    return { shardId: shardOf(record), sequenceNumber, arrivalMs, partitionKey, payload: data, why };
  }
}
