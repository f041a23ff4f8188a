import { AwsFault } from '../aws-json';
import { shardAnswer } from './descriptions';
import { formatIterator, type IteratorRequest, parseIterator, startOf } from './iterators';
import type { StreamRecord, Streams } from './streams';

/** Limits of an answer (Kinesis API reference, GetRecords). */
const limits = { records: 10_000, bytes: 10 * 1_024 * 1_024 };

/** @throws AwsFault for an unknown shard, or a start that the type of iterator does not allow */
export function getShardIterator(streams: Streams, request: IteratorRequest, nowMs: number): object {
  const { StreamName: stream, ShardId: shardId } = request;
  // Asked for once, so that an unknown shard is told here and not by the first GetRecords.
  streams.lastOf(stream, shardId);
  const after = startOf(request, streams, nowMs);
  const position = { stream, shardId, ...(after !== undefined && { after }), issuedMs: nowMs };
  return { ShardIterator: formatIterator(position) };
}

/** The records from an iterator on, and the iterator after them, or the child shards of one that is at its end. */
export function getRecords(
  streams: Streams,
  { ShardIterator, Limit = limits.records }: { readonly ShardIterator: string; readonly Limit?: number },
  nowMs: number,
): object {
  if (!(Limit >= 1 && Limit <= limits.records)) {
    throw new AwsFault('ValidationException', `Limit must be from 1 to ${limits.records}.`);
  }
  const { stream, shardId, after } = parseIterator(ShardIterator, nowMs);
  const records = fittingIntoAnswer(streams.read(stream, shardId, after, Limit));
  const last = records.at(-1);
  const caughtUp = last === undefined || last === streams.lastOf(stream, shardId);
  const next = last?.sequenceNumber ?? after;
  const position = { stream, shardId, ...(next !== undefined && { after: next }), issuedMs: nowMs };
  const closed = streams.shards(stream).some((shard) => shard.shardId === shardId && shard.closed);
  return {
    Records: records.map(recordAnswer),
    MillisBehindLatest: caughtUp ? 0 : Math.max(0, nowMs - last.arrivalMs),
    ...(closed && caughtUp
      ? { ChildShards: childrenOf(streams, stream, shardId) }
      : { NextShardIterator: formatIterator(position) }),
  };
}

function fittingIntoAnswer(records: readonly StreamRecord[]): readonly StreamRecord[] {
  let bytes = 0;
  const end = records.findIndex(({ data }) => {
    bytes += Buffer.byteLength(data, 'base64');
    return bytes > limits.bytes;
  });
  return end === -1 ? records : records.slice(0, end);
}

const recordAnswer = ({ sequenceNumber, partitionKey, data, arrivalMs }: StreamRecord): object => ({
  SequenceNumber: sequenceNumber,
  PartitionKey: partitionKey,
  Data: data,
  ApproximateArrivalTimestamp: arrivalMs / 1_000,
});

const childrenOf = (streams: Streams, stream: string, shardId: string): readonly object[] =>
  streams
    .shards(stream)
    .filter(({ parents }) => parents.includes(shardId))
    .map((shard) => ({
      ShardId: shard.shardId,
      ParentShards: shard.parents,
      HashKeyRange: shardAnswer(streams, stream, shard).HashKeyRange,
    }));
