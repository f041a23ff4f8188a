import { AwsFault, type Operations } from '../aws-json';
import { formatIterator, type IteratorRequest, parseIterator, startOf } from './iterators';
import type { Shard, Streams } from './streams';

interface PutEntry {
  readonly Data: string;
  readonly PartitionKey: string;
  readonly ExplicitHashKey?: string;
}

/** Limits of the API (Kinesis API reference, PutRecords and GetRecords). */
const limits = {
  recordsPerPut: 500,
  bytesPerPut: 5 * 1_024 * 1_024,
  bytesPerRecord: 1_024 * 1_024,
  partitionKeyLength: 256,
  recordsPerGet: 10_000,
};

/** The operations of Kinesis Data Streams that producers and consumers of a stream use. */
export function kinesisOperations(streams: Streams, now: () => number): Operations {
  const named = {
    CreateStream: ({ StreamName, ShardCount = 4 }: { StreamName: string; ShardCount?: number }) => {
      if (streams.has(StreamName)) throw new AwsFault('ResourceInUseException', `${StreamName} exists.`);
      streams.create(StreamName, ShardCount);
      return {};
    },
    DeleteStream: ({ StreamName }: { StreamName: string }) => {
      streams.delete(StreamName);
      return {};
    },
    DescribeStreamSummary: (input: { StreamName: string }) => ({
      StreamDescriptionSummary: summaryOf(streams, input.StreamName),
    }),
    DescribeStream: (input: { StreamName: string }) => ({
      StreamDescription: {
        ...summaryOf(streams, input.StreamName),
        HasMoreShards: false,
        Shards: streams.shards(input.StreamName).map(shardAnswer),
      },
    }),
    ListShards: (input: { StreamName: string }) => ({
      Shards: streams.shards(input.StreamName).map(shardAnswer),
    }),
    PutRecord: (input: PutEntry & { StreamName: string }) => putOne(streams, input.StreamName, input),
    PutRecords: (input: { StreamName: string; Records: PutEntry[] }) => putRecords(streams, input),
    GetShardIterator: (input: IteratorRequest) => {
      const after = startOf(input, streams);
      const { StreamName: stream, ShardId: shardId } = input;
      // Asked for once, so that an unknown shard is told here and not by the first GetRecords.
      streams.read(stream, shardId, undefined, 1);
      const position = { stream, shardId, ...(after !== undefined && { after }), issuedMs: now() };
      return { ShardIterator: formatIterator(position) };
    },
    GetRecords: (input: { ShardIterator: string; Limit?: number }) => getRecords(streams, input, now()),
    SplitShard: (input: { StreamName: string; ShardToSplit: string; NewStartingHashKey: string }) => {
      streams.split(input.StreamName, input.ShardToSplit, BigInt(input.NewStartingHashKey));
      return {};
    },
    MergeShards: (input: { StreamName: string; ShardToMerge: string; AdjacentShardToMerge: string }) => {
      streams.merge(input.StreamName, input.ShardToMerge, input.AdjacentShardToMerge);
      return {};
    },
  };
  return Object.fromEntries(
    Object.entries(named).map(([name, operation]) => [
      `Kinesis_20131202.${name}`,
      async (input: unknown) => operation(withStreamName(input) as never),
    ]),
  );
}

/** A stream may be given by its ARN instead of its name. */
function withStreamName(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || !('StreamARN' in input)) return input;
  return { StreamName: String(input.StreamARN).split('/')[1], ...input };
}

const summaryOf = (streams: Streams, name: string) => ({
  StreamName: name,
  StreamARN: `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`,
  StreamStatus: 'ACTIVE',
  StreamModeDetails: { StreamMode: 'PROVISIONED' },
  RetentionPeriodHours: 24,
  OpenShardCount: streams.shards(name).filter(({ closed }) => !closed).length,
  EnhancedMonitoring: [],
  EncryptionType: 'NONE',
});

const shardAnswer = ({ shardId, parents: [parent, adjacent], range, closed }: Shard) => ({
  ShardId: shardId,
  ...(parent !== undefined && { ParentShardId: parent }),
  ...(adjacent !== undefined && { AdjacentParentShardId: adjacent }),
  HashKeyRange: { StartingHashKey: String(range.start), EndingHashKey: String(range.end) },
  SequenceNumberRange: { StartingSequenceNumber: '0', ...(closed && { EndingSequenceNumber: '9' }) },
});

function putOne(streams: Streams, stream: string, entry: PutEntry): object {
  const { Data, PartitionKey, ExplicitHashKey } = entry;
  if (PartitionKey.length < 1 || PartitionKey.length > limits.partitionKeyLength) {
    throw new AwsFault('ValidationException', 'PartitionKey must have 1 to 256 characters.');
  }
  if (Buffer.byteLength(Data, 'base64') + PartitionKey.length > limits.bytesPerRecord) {
    throw new AwsFault('ValidationException', 'A record may have 1 MB.');
  }
  const { shardId, sequenceNumber } = streams.put(stream, {
    partitionKey: PartitionKey,
    data: Data,
    ...(ExplicitHashKey !== undefined && { explicitHashKey: BigInt(ExplicitHashKey) }),
  });
  return { ShardId: shardId, SequenceNumber: sequenceNumber };
}

function putRecords(streams: Streams, input: { StreamName: string; Records: PutEntry[] }): object {
  const bytes = input.Records.reduce((sum, { Data }) => sum + Buffer.byteLength(Data, 'base64'), 0);
  if (input.Records.length < 1 || input.Records.length > limits.recordsPerPut || bytes > limits.bytesPerPut) {
    throw new AwsFault('ValidationException', 'PutRecords takes 1 to 500 records and 5 MB.');
  }
  const results = input.Records.map((entry) => putOrFault(streams, input.StreamName, entry));
  const failed = results.filter((result) => 'ErrorCode' in result).length;
  return { FailedRecordCount: failed, Records: results };
}

/** Throttling is told per record; any other fault refuses the call. */
function putOrFault(streams: Streams, stream: string, entry: PutEntry): object {
  try {
    return putOne(streams, stream, entry);
  } catch (error) {
    const throttled = error instanceof AwsFault && error.type === 'ProvisionedThroughputExceededException';
    if (!throttled) throw error;
    return { ErrorCode: error.type, ErrorMessage: error.message };
  }
}

function getRecords(
  streams: Streams,
  { ShardIterator, Limit = limits.recordsPerGet }: { ShardIterator: string; Limit?: number },
  nowMs: number,
): object {
  const position = parseIterator(ShardIterator, nowMs);
  const { stream, shardId } = position;
  const records = streams.read(stream, shardId, position.after, Math.min(Limit, limits.recordsPerGet));
  const last = records.at(-1);
  const newest = streams.lastOf(stream, shardId);
  const caughtUp = last === undefined || last.sequenceNumber === newest?.sequenceNumber;
  const closed = streams.shards(stream).some((shard) => shard.shardId === shardId && shard.closed);
  const after = last?.sequenceNumber ?? position.after;
  const next = { stream, shardId, ...(after !== undefined && { after }), issuedMs: nowMs };
  return {
    Records: records.map(({ sequenceNumber, partitionKey, data, arrivalMs }) => ({
      SequenceNumber: sequenceNumber,
      PartitionKey: partitionKey,
      Data: data,
      ApproximateArrivalTimestamp: arrivalMs / 1_000,
    })),
    MillisBehindLatest: caughtUp ? 0 : Math.max(0, nowMs - (last?.arrivalMs ?? nowMs)),
    ...(closed && caughtUp
      ? { ChildShards: childrenOf(streams, stream, shardId) }
      : { NextShardIterator: formatIterator(next) }),
  };
}

const childrenOf = (streams: Streams, stream: string, shardId: string) =>
  streams
    .shards(stream)
    .filter(({ parents }) => parents.includes(shardId))
    .map((shard) => ({
      ShardId: shard.shardId,
      ParentShards: shard.parents,
      HashKeyRange: shardAnswer(shard).HashKeyRange,
    }));
