import { MetricsLog } from '../../../adapters/aws/metrics-log';
import { metricDimension, metricNamespace } from '../../../lambdas/metrics';
import { metrics } from '../../../lambdas/session-monitor/contract';
import { writtenBy } from '../../support/written';

const aMeter = () => new MetricsLog(metricNamespace, 'the-function', metrics);

describe('metrics in the log (CloudWatch, embedded metric format)', () => {
  test('given a pass, when it ends, then it is one line that CloudWatch finds by namespace, function and name', async () => {
    const meter = aMeter();
    const [line, ...others] = await writtenBy(() => {
      meter.count('ticks');
      meter.count('transitions', 3);
      meter.count('transitions', 4);
      meter.measure('asOfAge', 2.5);
      meter.flush();
    });
    expect(others).toEqual([]);
    expect(line).toMatchObject({ [metricDimension]: 'the-function', Ticks: 1, Transitions: 7, AsOfAge: 2.5 });
    expect(line?._aws).toMatchObject({
      CloudWatchMetrics: [
        {
          Namespace: metricNamespace,
          Dimensions: [[metricDimension]],
          Metrics: expect.arrayContaining([
            { Name: 'Ticks', Unit: 'Count' },
            { Name: 'Transitions', Unit: 'Count' },
            { Name: 'AsOfAge', Unit: 'Seconds' },
          ]),
        },
      ],
    });
  });

  test('given nothing to tell, then no line is written', async () => {
    const meter = aMeter();
    expect(await writtenBy(() => meter.flush())).toEqual([]);
  });

  test('given two passes, then the second one begins anew', async () => {
    const meter = aMeter();
    const [, second] = await writtenBy(() => {
      meter.count('ticks');
      meter.flush();
      meter.count('failedTicks');
      meter.flush();
    });
    expect(second).toMatchObject({ FailedTicks: 1 });
    expect(second).not.toHaveProperty('Ticks');
  });

  test('given ten thousand pushes, then their sum is one value', async () => {
    const meter = aMeter();
    const lines = await writtenBy(() => {
      for (let push = 0; push < 10_000; push += 1) meter.count('pushes');
      meter.flush();
    });
    expect(lines).toMatchObject([{ Pushes: 10_000 }]);
  });
});
