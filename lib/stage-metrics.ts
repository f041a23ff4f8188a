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

/** How what is counted is added up. */
export const sum = { statistic: Stats.SUM, period };

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

/** A WebSocket API and the function behind it. */
export interface ServedWebSocket {
  readonly api: WebSocketApi;
  readonly stage: WebSocketStage;
  readonly served: IFunction;
  /** Handshakes that the function refused. */
  readonly refusedSockets: IMetric;
}

/**
 * API Gateway counts as ClientError only what it refuses itself; a handshake that the function refuses is an IntegrationError to it, as one
 * that fails is. So what the function refused and what went wrong in it is taken from the function.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-logging.html
 */
export function webSocketMetrics({ api, stage, served, refusedSockets }: ServedWebSocket): RequestMetrics {
  const gateway = (metricName: string): Metric =>
    new Metric({
      namespace: 'AWS/ApiGateway',
      metricName,
      dimensionsMap: { ApiId: api.apiId, Stage: stage.stageName },
      ...sum,
    });
  return {
    requests: together('messages', {
      connectCount: gateway('ConnectCount'),
      messageCount: gateway('MessageCount'),
    }),
    refused: together('refused', { clientError: gateway('ClientError'), refusedSockets }),
    failed: together('failed', {
      executionError: gateway('ExecutionError'),
      errors: served.metricErrors(sum),
    }),
  };
}

/** The sum of metrics, each under the id that it has in the expression; one that has no value counts as 0. */
const together = (label: string, usingMetrics: Readonly<Record<string, IMetric>>): IMetric =>
  new MathExpression({
    expression: Object.keys(usingMetrics)
      .map((id) => `FILL(${id}, 0)`)
      .join(' + '),
    usingMetrics: { ...usingMetrics },
    label,
    period,
  });
