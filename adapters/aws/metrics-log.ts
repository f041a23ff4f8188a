import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Meter, MetricShape } from '../../core/ports';

/** Metrics as lines of the log in CloudWatch's embedded format: no call to make, nothing to wait for. */
export class MetricsLog<Figure extends string> implements Meter<Figure> {
  private readonly metrics: Metrics;
  private readonly counts = new Map<Figure, number>();
  private measured = false;

  /** @param functionName what tells the metrics of one deployment from those of another one in the same account */
  constructor(
    namespace: string,
    functionName: string,
    private readonly shapes: Readonly<Record<Figure, MetricShape>>,
  ) {
    this.metrics = new Metrics({ namespace, serviceName: functionName });
  }

  /** Sums, since a line holds a hundred values of a metric at most (CloudWatch, embedded metric format specification). */
  count(figure: Figure, by = 1): void {
    this.counts.set(figure, (this.counts.get(figure) ?? 0) + by);
  }

  measure(figure: Figure, value: number): void {
    this.put(figure, value);
  }

  flush(): void {
    for (const [figure, sum] of this.counts) this.put(figure, sum);
    this.counts.clear();
    if (this.measured) this.metrics.publishStoredMetrics();
    this.measured = false;
  }

  private put(figure: Figure, value: number): void {
    const { name, unit } = this.shapes[figure];
    this.metrics.addMetric(name, unit, value);
    this.measured = true;
  }
}
