import { Duration } from 'aws-cdk-lib';
import type { HttpApi, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { type IMetric, MathExpression, Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { MetricShape } from '../core/ports';
import { metricDimension, metricNamespace } from '../lambdas/metrics';

/** Alarms look once a minute: more often costs three times as much and finds hardly anything sooner. */
export const period = Duration.minutes(1);

/** A metric that a function tells of its own work, by the shape in its contract. */
export const stageMetric = (from: IFunction, shape: MetricShape, options: MetricOptions = {}): Metric =>
  new Metric({
    namespace: metricNamespace,
    metricName: shape.name,
    dimensionsMap: { [metricDimension]: from.functionName },
    statistic: shape.unit === 'Count' ? Stats.SUM : Stats.MAXIMUM,
    label: shape.name,
    period,
    ...options,
  });

/** How many requests a front door took, how many it refused as the caller's fault, and how many failed. */
export interface RequestMetrics {
  readonly requests: IMetric;
  readonly refused: IMetric;
  readonly failed: IMetric;
}

const sum = { statistic: Stats.SUM, period };

/** @see https://docs.aws.amazon.com/lambda/latest/dg/urls-monitoring.html */
export const functionUrlMetrics = (served: IFunction): RequestMetrics => ({
  requests: served.metric('UrlRequestCount', { ...sum, label: 'requests' }),
  refused: served.metric('Url4xxCount', { ...sum, label: '4xx' }),
  failed: served.metric('Url5xxCount', { ...sum, label: '5xx' }),
});

export const httpApiMetrics = (api: HttpApi): RequestMetrics => ({
  requests: api.metricCount({ ...sum, label: 'requests' }),
  refused: api.metricClientError({ ...sum, label: '4xx' }),
  failed: api.metricServerError({ ...sum, label: '5xx' }),
});

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-logging.html */
export function webSocketMetrics(api: WebSocketApi, stage: WebSocketStage): RequestMetrics {
  const metric = (metricName: string): Metric =>
    new Metric({
      namespace: 'AWS/ApiGateway',
      metricName,
      dimensionsMap: { ApiId: api.apiId, Stage: stage.stageName },
      ...sum,
    });
  const together = (label: string, names: readonly string[]): IMetric =>
    new MathExpression({
      expression: names.map((name) => `FILL(${idOf(name)}, 0)`).join(' + '),
      usingMetrics: Object.fromEntries(names.map((name) => [idOf(name), metric(name)])),
      label,
      period,
    });
  return {
    requests: together('messages', ['ConnectCount', 'MessageCount']),
    refused: metric('ClientError').with({ label: 'refused' }),
    failed: together('failed', ['IntegrationError', 'ExecutionError']),
  };
}

/** Ids within an expression begin with a small letter (CloudWatch, metric math). */
const idOf = (name: string): string => `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
