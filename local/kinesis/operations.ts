import { AwsFault, type Operations } from '../aws-json';
import { descriptionOf, shardAnswers, summaryOf } from './descriptions';
import { getRecords, getShardIterator } from './gets';
import { hashKeyFrom } from './hash-keys';
import type { IteratorRequest } from './iterators';
import { type PutEntry, putRecord, putRecords } from './puts';
import type { Streams } from './streams';

interface OfStream {
  readonly StreamName: string;
}

const targetPrefix = 'Kinesis_20131202';

/** The operations of Kinesis Data Streams that producers and consumers of a stream use. */
export function kinesisOperations(streams: Streams, now: () => number): Operations {
  const named = { ...management(streams), ...resharding(streams), ...records(streams, now) };
  return Object.fromEntries(
    Object.entries(named).map(([name, operation]) => [
      `${targetPrefix}.${name}`,
      async (input: unknown) => operation(withStreamName(input) as never),
    ]),
  );
}

const management = (streams: Streams) => ({
  CreateStream: ({ StreamName, ShardCount = 4 }: OfStream & { readonly ShardCount?: number }) => {
    if (streams.has(StreamName)) throw new AwsFault('ResourceInUseException', `${StreamName} exists.`);
    streams.create(StreamName, ShardCount);
    return {};
  },
  DeleteStream: ({ StreamName }: OfStream) => {
    streams.delete(StreamName);
    return {};
  },
  DescribeStreamSummary: ({ StreamName }: OfStream) => ({
    StreamDescriptionSummary: summaryOf(streams, StreamName),
  }),
  DescribeStream: ({ StreamName }: OfStream) => ({ StreamDescription: descriptionOf(streams, StreamName) }),
  ListStreams: () => ({ StreamNames: streams.names, HasMoreStreams: false }),
  ListShards: ({ StreamName }: OfStream) => ({ Shards: shardAnswers(streams, StreamName) }),
});

const resharding = (streams: Streams) => ({
  SplitShard: (input: OfStream & { readonly ShardToSplit: string; readonly NewStartingHashKey: string }) => {
    streams.split(input.StreamName, input.ShardToSplit, hashKeyFrom(input.NewStartingHashKey));
    return {};
  },
  MergeShards: (
    input: OfStream & { readonly ShardToMerge: string; readonly AdjacentShardToMerge: string },
  ) => {
    streams.merge(input.StreamName, input.ShardToMerge, input.AdjacentShardToMerge);
    return {};
  },
});

const records = (streams: Streams, now: () => number) => ({
  PutRecord: (input: PutEntry & OfStream) => putRecord(streams, input.StreamName, input),
  PutRecords: (input: OfStream & { readonly Records: unknown }) =>
    putRecords(streams, input.StreamName, input.Records),
  GetShardIterator: (input: IteratorRequest) => getShardIterator(streams, input, now()),
  GetRecords: (input: { readonly ShardIterator: string; readonly Limit?: number }) =>
    getRecords(streams, input, now()),
});

/** A stream may be given by its ARN instead of its name. */
function withStreamName(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || !('StreamARN' in input)) return input;
  return { StreamName: String(input.StreamARN).split('/')[1], ...input };
}
