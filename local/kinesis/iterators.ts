import { AwsFault } from '../aws-json';
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
  try {
    return JSON.parse(Buffer.from(text, 'base64').toString('utf8')) as Position;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new AwsFault('InvalidArgumentException', 'Invalid ShardIterator.');
  }
}

/** What a GetShardIterator asks for. */
export interface IteratorRequest {
  readonly StreamName: string;
  readonly ShardId: string;
  readonly ShardIteratorType: string;
  readonly StartingSequenceNumber?: string;
  /** Seconds since the epoch. */
  readonly Timestamp?: number;
}

/** The sequence number after which an iterator of that kind begins; `undefined` for the oldest record. */
export function startOf(request: IteratorRequest, streams: Streams): string | undefined {
  const { StreamName, ShardId, StartingSequenceNumber = '0', Timestamp = 0 } = request;
  switch (request.ShardIteratorType) {
    case 'TRIM_HORIZON':
      return undefined;
    case 'LATEST':
      return streams.lastOf(StreamName, ShardId)?.sequenceNumber;
    case 'AFTER_SEQUENCE_NUMBER':
      return StartingSequenceNumber;
    case 'AT_SEQUENCE_NUMBER':
      return String(BigInt(StartingSequenceNumber) - 1n).padStart(StartingSequenceNumber.length, '0');
    case 'AT_TIMESTAMP':
      return streams.positionBefore(StreamName, ShardId, Timestamp * 1_000);
    default:
      throw new AwsFault(
        'InvalidArgumentException',
        `There is no iterator of type ${request.ShardIteratorType}.`,
      );
  }
}
