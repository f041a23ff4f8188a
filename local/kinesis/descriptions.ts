import { firstSequenceNumber } from './sequence-numbers';
import type { Shard, Streams } from './streams';

/** A stream as DescribeStreamSummary answers it. */
export const summaryOf = (streams: Streams, name: string) => ({
  StreamName: name,
  StreamARN: `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`,
  StreamStatus: 'ACTIVE',
  StreamModeDetails: { StreamMode: 'PROVISIONED' },
  RetentionPeriodHours: 24,
  OpenShardCount: streams.shards(name).filter(({ closed }) => !closed).length,
  EnhancedMonitoring: [],
  EncryptionType: 'NONE',
});

/** A stream as DescribeStream answers it. */
export const descriptionOf = (streams: Streams, name: string) => ({
  ...summaryOf(streams, name),
  HasMoreShards: false,
  Shards: shardAnswers(streams, name),
});

/** All shards of a stream, the closed ones too, as ListShards answers them. */
export const shardAnswers = (streams: Streams, name: string) =>
  streams.shards(name).map((shard) => shardAnswer(streams, name, shard));

/** One shard, as ListShards answers it. */
export const shardAnswer = (streams: Streams, name: string, shard: Shard) => {
  const { shardId, parents, range, closed } = shard;
  const [parent, adjacent] = parents;
  const last = streams.lastOf(name, shardId)?.sequenceNumber ?? firstSequenceNumber;
  return {
    ShardId: shardId,
    ...(parent !== undefined && { ParentShardId: parent }),
    ...(adjacent !== undefined && { AdjacentParentShardId: adjacent }),
    HashKeyRange: { StartingHashKey: String(range.start), EndingHashKey: String(range.end) },
    SequenceNumberRange: {
      StartingSequenceNumber: firstSequenceNumber,
      ...(closed && { EndingSequenceNumber: last }),
    },
  };
};
