import { AwsFault } from '../aws-json';
import { sequenceNumberBefore, sequenceNumberFrom } from './sequence-numbers';
import type { Streams } from './streams';

/** Where GetRecords goes on: after a record, or from the oldest. */
export interface Position {
  readonly stream: string;
  readonly shardId: string;
  readonly after?: string;
  readonly issuedMs: number;
}

/** Iterators end after five minutes (Kinesis API reference, GetShardIterator). */
const iteratorLifeMs = 300_000;

export const formatIterator = (position: Position): string =>
  Buffer.from(JSON.stringify(position)).toString('base64');

/** @throws AwsFault for what is no iterator, or one that is too old */
export function parseIterator(text: unknown, nowMs: number): Position {
  const position = read(String(text));
  if (nowMs - position.issuedMs > iteratorLifeMs) {
    throw new AwsFault('ExpiredIteratorException', 'Iterator expired. Iterators live 5 minutes.');
  }
  return position;
}

function read(text: string): Position {
  const value = parsed(Buffer.from(text, 'base64').toString('utf8'));
  if (isPosition(value)) return value;
  throw new AwsFault('InvalidArgumentException', 'Invalid ShardIterator.');
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const isPosition = (value: unknown): value is Position =>
  typeof value === 'object' &&
  value !== null &&
  'stream' in value &&
  'shardId' in value &&
  'issuedMs' in value;

/** What a GetShardIterator asks for. */
export interface IteratorRequest {
  readonly StreamName: string;
  readonly ShardId: string;
  readonly ShardIteratorType: string;
  readonly StartingSequenceNumber?: string;
  /** Seconds since the epoch. */
  readonly Timestamp?: number;
}

/**
 * The sequence number after which an iterator of that kind begins; `undefined` for the oldest record.
 * @throws AwsFault for an unknown kind, or one whose start is missing or lies ahead
 */
export function startOf(request: IteratorRequest, streams: Streams, nowMs: number): string | undefined {
  const { StreamName, ShardId, StartingSequenceNumber, Timestamp } = request;
  switch (request.ShardIteratorType) {
    case 'TRIM_HORIZON':
      return undefined;
    case 'LATEST':
      return streams.lastOf(StreamName, ShardId)?.sequenceNumber;
    case 'AFTER_SEQUENCE_NUMBER':
      return sequenceNumberFrom(StartingSequenceNumber);
    case 'AT_SEQUENCE_NUMBER':
      return sequenceNumberBefore(sequenceNumberFrom(StartingSequenceNumber));
    case 'AT_TIMESTAMP':
      return streams.positionBefore(StreamName, ShardId, instantFrom(Timestamp, nowMs));
    default:
      throw new AwsFault('ValidationException', `There is no iterator of type ${request.ShardIteratorType}.`);
  }
}

/** To the millisecond, as records are stamped. */
function instantFrom(seconds: number | undefined, nowMs: number): number {
  const atMs = Math.round(Number(seconds) * 1_000);
  if (atMs <= nowMs) return atMs;
  throw new AwsFault('InvalidArgumentException', `Timestamp ${seconds} is missing or in the future.`);
}
