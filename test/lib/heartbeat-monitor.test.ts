import { synthesized } from './synthesized';

describe('given the default settings', () => {
  const stack = synthesized();

  test('[HB8] [TR2] the mapping reads the stream from its beginning, in order, and loses nothing silently', () => {
    expect(stack.only('AWS::Lambda::EventSourceMapping').properties).toEqual({
      EventSourceArn: '<Data/Beats.Arn>',
      FunctionName: '<HeartbeatMonitor/Function>',
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 500,
      MaximumBatchingWindowInSeconds: 0,
      MetricsConfig: { Metrics: ['EventCount'] },
      ParallelizationFactor: 1,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 600,
      MaximumRecordAgeInSeconds: 600,
      DestinationConfig: { OnFailure: { Destination: '<Data/DeadLetters.Arn>' } },
    });
  });
});

describe('given timings', () => {
  const timings = { batchWindowSeconds: 2, maxRecordAgeSeconds: 36_000, ttlBehindLeaseSeconds: 40_000 };

  test('the mapping keeps to them, within what Lambda allows', () => {
    const mapping = synthesized({ timings }).only('AWS::Lambda::EventSourceMapping');
    expect(mapping.properties).toMatchObject({
      MaximumBatchingWindowInSeconds: 2,
      MaximumRecordAgeInSeconds: 36_000,
      MaximumRetryAttempts: 10_000,
    });
  });
});
