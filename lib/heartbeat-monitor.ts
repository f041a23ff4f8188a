import { Duration } from 'aws-cdk-lib';
import { type EventSourceMapping, MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { watermarkItems } from '../adapters/aws/watermark-items';
import { environment } from '../lambdas/heartbeat-monitor/contract';
import type { Data } from './data';
import { environmentOf, RollcallFunction, timingsVariable } from './rollcall-function';
import type { Settings } from './settings';

export interface HeartbeatMonitorProps {
  readonly settings: Settings;
  readonly data: Data;
}

/**
 * Half of what a shard takes in a second (1,000 records): two batches a second drain a full shard, and the worst batch,
 * in which every beat is the first of its session, is 500 conditional writes, far within the timeout. A batch of 10,000
 * would be retried as a whole when one write fails.
 */
const batchSize = 500;

/** The most attempts that Lambda lets one set. */
const mostAttempts = 10_000;

/** Reads the stream and keeps the sessions: whose lease ends when. */
export class HeartbeatMonitor extends Construct {
  readonly function: RollcallFunction;
  /** What reads the stream for it. */
  readonly mapping: EventSourceMapping;

  constructor(scope: Construct, id: string, { settings, data }: HeartbeatMonitorProps) {
    super(scope, id);
    this.function = new RollcallFunction(this, 'Function', {
      settings,
      stage: 'heartbeat-monitor',
      description: 'Turns heartbeats into sessions with a lease',
      environment: environmentOf(environment, {
        sessions: data.sessions.tableName,
        regions: data.regions.tableName,
        watermarks: data.watermarks.tableName,
        deadLetters: data.deadLetters.bucketName,
        timings: timingsVariable(settings.timings),
      }),
      memoryMb: 512,
      timeoutSeconds: 60,
    });
    this.allowRows(data);
    this.mapping = this.readBeats(settings, data);
  }

  private allowRows({ sessions, regions, watermarks }: Data): void {
    this.function.allow(
      sessions.tableArn,
      'dynamodb:BatchGetItem',
      'dynamodb:PutItem',
      'dynamodb:PartiQLInsert',
    );
    this.function.allow(regions.tableArn, 'dynamodb:UpdateItem');
    const { shard, endpoint } = watermarkItems;
    this.function.allowItems(watermarks.tableArn, [shard('*'), endpoint], 'dynamodb:UpdateItem');
  }

  private readBeats({ timings }: Settings, { beats, deadLetters }: Data): EventSourceMapping {
    this.allowReading(beats.streamArn);
    this.allowDeadLetters(deadLetters.bucketArn);
    return this.function.addEventSourceMapping('Beats', {
      eventSourceArn: beats.streamArn,
      // With LATEST, beats that arrive before the mapping is ready would be lost without a trace (TR2).
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize,
      maxBatchingWindow: Duration.seconds(timings.batchWindowSeconds),
      // One batch of a shard at a time: what a shard is processed up to is then one instant (TR2).
      parallelizationFactor: 1,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      // More attempts than fit into the maximum age, so that age alone decides when a record is given up (HB8).
      retryAttempts: Math.min(timings.maxRecordAgeSeconds, mostAttempts),
      maxRecordAge: Duration.seconds(timings.maxRecordAgeSeconds),
      // CDK's own S3OnFailureDestination would let the function read and delete every object of the bucket.
      onFailure: { bind: () => ({ destination: deadLetters.bucketArn }) },
      supportS3OnFailureDestination: true,
      // What became too old is counted nowhere else.
      metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
    });
  }

  /** What an event source mapping needs of a stream (Lambda guide, "with-kinesis", execution role). */
  private allowReading(streamArn: string): void {
    this.function.allow(
      streamArn,
      'kinesis:DescribeStream',
      'kinesis:DescribeStreamSummary',
      'kinesis:GetRecords',
      'kinesis:GetShardIterator',
      'kinesis:ListShards',
    );
  }

  /** Objects for the handler and the mapping; listing is asked for by the mapping (Lambda guide, on-failure destinations). */
  private allowDeadLetters(bucketArn: string): void {
    this.function.allowAny(`${bucketArn}/*`, 'A dead letter is named when it is written', 's3:PutObject');
    this.function.allow(bucketArn, 's3:ListBucket');
  }
}
