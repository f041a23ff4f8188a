import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { metrics as heartbeatMonitor } from '../lambdas/heartbeat-monitor/contract';
import { metrics as sessionMonitor } from '../lambdas/session-monitor/contract';
import type { OperatedParts } from './operations';
import { period, type RequestMetrics, stageMetric } from './stage-metrics';

/** The alarms, each a heading of docs/RUNBOOK.md. */
export const alarmIds = [
  'as-of-age',
  'iterator-age',
  'tick-missing',
  'tick-failing',
  'heartbeat-monitor-failing',
  'dead-letters',
  'push-failures',
  'canary-latency',
  'transitions-unusual',
  'heartbeats-refused',
  'heartbeats-failing',
  'api-refused',
  'api-failing',
  'feed-refused',
  'feed-failing',
  'functions-throttled',
  'stream-throttled',
  'table-reads-throttled',
  'table-writes-throttled',
  'status-destination-failing',
] as const;
export type AlarmId = (typeof alarmIds)[number];

/** When an alarm goes off: a metric above a threshold in so many of the last minutes. */
export interface Condition {
  /** What the mail says first. */
  readonly sentence: string;
  readonly metric: IMetric;
  readonly above: number;
  /** So many of that many minutes; `3 of 5` lets one bad minute, such as a deploy, pass. */
  readonly minutes: { readonly bad: number; readonly of: number };
  /** Without data something is wrong, too; otherwise nothing happened. */
  readonly silenceIsBad?: boolean;
}

const lasting = { bad: 3, of: 5 } as const;
const once = { bad: 1, of: 1 } as const;

/** Refusals are mostly of one caller who goes wrong; failures are ours. Below so few requests a share says nothing. */
const refusedPercent = 20;
const failedPercent = 2;
const fewRequests = 20;
/** A canary that takes longer is a front end that waits longer; an ordinary one takes a tenth of it. */
const slowCanaryMs = 1_500;

/** What alarms look at, apart from what is unusual and from what only some deployments have. */
export function conditions(parts: OperatedParts): ReadonlyMap<AlarmId, Condition> {
  const { freshnessSeconds } = parts.settings.timings;
  const minutes = lasting;
  return new Map<AlarmId, Condition>([
    [
      'as-of-age',
      {
        sentence: `The status is true of an instant more than ${freshnessSeconds} s ago; pages say that they are delayed.`,
        metric: stageMetric(parts.sessionMonitor.function, sessionMonitor.asOfAge),
        above: freshnessSeconds,
        minutes,
      },
    ],
    [
      'iterator-age',
      {
        sentence: `Heartbeats wait longer than ${freshnessSeconds} s on the stream.`,
        metric: parts.heartbeatMonitor.function.metric('IteratorAge', { statistic: Stats.MAXIMUM, period }),
        above: freshnessSeconds * 1_000,
        minutes,
      },
    ],
    ...ticks(parts),
    ...records(parts),
    [
      'push-failures',
      {
        sentence: 'Messages to operators’ sockets fail.',
        metric: percent(
          stageMetric(parts.sessionMonitor.function, sessionMonitor.failedPushes),
          stageMetric(parts.sessionMonitor.function, sessionMonitor.pushes),
        ),
        above: failedPercent,
        minutes,
      },
    ],
    [
      'canary-latency',
      {
        sentence: `The public endpoint takes longer than ${slowCanaryMs} ms to answer a heartbeat.`,
        metric: stageMetric(parts.sessionMonitor.function, sessionMonitor.canaryLatency, {
          statistic: 'p90',
        }),
        above: slowCanaryMs,
        minutes,
      },
    ],
    ...requests('heartbeats', 'Heartbeats', parts.endpoint.requestMetrics),
    ...requests('api', 'Requests to the status API', parts.api.requestMetrics),
    ...requests('feed', 'Messages on the live feed', parts.feed.requestMetrics),
    ...throttles(parts),
  ]);
}

type Entry = readonly [AlarmId, Condition];

/** A tick that failed still says how long it took, so that silence means that none ran. */
function ticks({ sessionMonitor: { function: monitor } }: OperatedParts): readonly Entry[] {
  return [
    [
      'tick-missing',
      {
        sentence: 'session-monitor does not run: nothing is settled, nobody is told anything.',
        metric: new MathExpression({
          // Without FILL: the latest minute is often not counted yet, which would be taken for one without a tick.
          expression: 'IF(ticks > 0, 0, 1)',
          usingMetrics: {
            ticks: stageMetric(monitor, sessionMonitor.tickDuration, { statistic: Stats.SAMPLE_COUNT }),
          },
          label: 'no tick',
          period,
        }),
        above: 0,
        minutes: { bad: 3, of: 3 },
        silenceIsBad: true,
      },
    ],
    [
      'tick-failing',
      {
        sentence: 'Ticks of session-monitor fail: some regions are not settled or not told.',
        metric: total('failed', [
          stageMetric(monitor, sessionMonitor.failedTicks),
          monitor.metricErrors({ period, statistic: Stats.SUM }),
        ]),
        above: 0,
        minutes: lasting,
      },
    ],
  ];
}

function records({ heartbeatMonitor: monitor }: OperatedParts): readonly Entry[] {
  const mapping = (metricName: string): Metric =>
    new Metric({
      namespace: 'AWS/Lambda',
      metricName,
      dimensionsMap: { EventSourceMappingUUID: monitor.mapping.eventSourceMappingId },
      statistic: Stats.SUM,
      period,
    });
  return [
    [
      'heartbeat-monitor-failing',
      {
        sentence: 'Batches of heartbeats fail and come again; as-of waits for them.',
        metric: total('failed', [
          monitor.function.metricErrors({ period, statistic: Stats.SUM }),
          stageMetric(monitor.function, heartbeatMonitor.returnedRecords),
        ]),
        above: 0,
        minutes: lasting,
      },
    ],
    [
      'dead-letters',
      {
        sentence: 'Records of the stream were put aside: nobody can read them, or they became too old.',
        metric: total('put aside', [
          stageMetric(monitor.function, heartbeatMonitor.poisonRecords),
          mapping('OnFailureDestinationDeliveredEventCount'),
          mapping('DroppedEventCount'),
        ]),
        above: 0,
        minutes: once,
      },
    ],
  ];
}

function requests(
  door: 'heartbeats' | 'api' | 'feed',
  what: string,
  { requests: all, refused, failed }: RequestMetrics,
): readonly Entry[] {
  return [
    [
      `${door}-refused`,
      {
        sentence: `${what} are refused, more than ${refusedPercent} of 100, as the callers’ fault (4xx).`,
        metric: percent(refused, all),
        above: refusedPercent,
        minutes: lasting,
      },
    ],
    [
      `${door}-failing`,
      {
        sentence: `${what} fail, more than ${failedPercent} of 100 (5xx).`,
        metric: percent(failed, all),
        above: failedPercent,
        minutes: lasting,
      },
    ],
  ];
}

function throttles({ functions, data }: OperatedParts): readonly Entry[] {
  const minutes = { bad: 2, of: 5 } as const;
  const tables = (metricName: string): IMetric =>
    total(
      'throttled',
      data.tables.map((table) => tableMetric(table, metricName)),
    );
  const stream = (metricName: string): IMetric =>
    data.beats.metric(metricName, { period, statistic: Stats.SUM });
  return [
    [
      'functions-throttled',
      {
        sentence: 'Lambda turns invocations away for want of concurrency.',
        metric: total(
          'throttled',
          functions.map((each) => each.metricThrottles({ period, statistic: Stats.SUM })),
        ),
        above: 0,
        minutes,
      },
    ],
    [
      'stream-throttled',
      {
        sentence: 'The stream has too few shards for the heartbeats that arrive.',
        metric: total('throttled', [
          stream('WriteProvisionedThroughputExceeded'),
          stream('ReadProvisionedThroughputExceeded'),
        ]),
        above: 0,
        minutes,
      },
    ],
    [
      'table-reads-throttled',
      { sentence: 'DynamoDB turns reads away.', metric: tables('ReadThrottleEvents'), above: 0, minutes },
    ],
    [
      'table-writes-throttled',
      { sentence: 'DynamoDB turns writes away.', metric: tables('WriteThrottleEvents'), above: 0, minutes },
    ],
  ];
}

const tableMetric = (table: Table, metricName: string): IMetric =>
  new Metric({
    namespace: 'AWS/DynamoDB',
    metricName,
    dimensionsMap: { TableName: table.tableName },
    statistic: Stats.SUM,
    period,
  });

/** A metric alarm takes ten metrics at most (CloudWatch quotas), and one that never had a value counts as 0. */
const total = (label: string, metrics: readonly IMetric[]): IMetric =>
  new MathExpression({
    expression: metrics.map((_, index) => `FILL(m${index}, 0)`).join(' + '),
    usingMetrics: Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric])),
    label,
    period,
  });

const percent = (part: IMetric, whole: IMetric): IMetric =>
  new MathExpression({
    expression: `IF(whole > ${fewRequests}, 100 * FILL(part, 0) / whole, 0)`,
    usingMetrics: { part, whole },
    label: 'percent',
    period,
  });
