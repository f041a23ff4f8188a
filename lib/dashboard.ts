import {
  type AlarmBase,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  LogQueryWidget,
  PeriodOverride,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { metrics as sessionMonitor } from '../lambdas/session-monitor/contract';
import type { OperatedParts } from './operations';
import { period, type RequestMetrics, stageMetric } from './stage-metrics';

/** On one page what the runbook looks at, in the order of a heartbeat's way, the truth first. */
export function operationsDashboard(
  scope: Construct,
  parts: OperatedParts,
  alarms: readonly AlarmBase[],
): Dashboard {
  const dashboard = new Dashboard(scope, 'Dashboard', { periodOverride: PeriodOverride.AUTO });
  dashboard.addWidgets(new AlarmStatusWidget({ title: 'Alarms', width: 24, height: 4, alarms: [...alarms] }));
  dashboard.addWidgets(...truth(parts));
  dashboard.addWidgets(
    door('Heartbeats', parts.endpoint.requestMetrics),
    door('Status API', parts.api.requestMetrics),
    door('Live feed', parts.feed.requestMetrics),
  );
  dashboard.addWidgets(...work(parts));
  dashboard.addWidgets(...limits(parts));
  dashboard.addWidgets(errors(parts));
  return dashboard;
}

const chart = (title: string, left: readonly IMetric[], right: readonly IMetric[] = []): IWidget =>
  new GraphWidget({ title, width: 8, height: 6, left: [...left], right: [...right], leftYAxis: { min: 0 } });

const door = (title: string, { requests, refused, failed }: RequestMetrics): IWidget =>
  chart(`${title}: requests, refused, failed`, [requests], [refused, failed]);

function truth({
  sessionMonitor: { function: monitor },
  heartbeatMonitor,
}: OperatedParts): readonly IWidget[] {
  const tell = (name: keyof typeof sessionMonitor): IMetric => stageMetric(monitor, sessionMonitor[name]);
  const age = { statistic: Stats.MAXIMUM, period, label: 'IteratorAge' };
  return [
    chart('As-of: how long ago (s)', [tell('asOfAge')]),
    chart('Stream: how long records wait (ms)', [heartbeatMonitor.function.metric('IteratorAge', age)]),
    chart(
      'Ticks, failed ones, and how long they take (ms)',
      [tell('ticks'), tell('failedTicks')],
      [tell('tickDuration')],
    ),
  ];
}

function work({ sessionMonitor: { function: monitor }, data }: OperatedParts): readonly IWidget[] {
  const tell = (name: keyof typeof sessionMonitor): IMetric => stageMetric(monitor, sessionMonitor[name]);
  const arriving = data.beats.metricIncomingRecords({ statistic: Stats.SUM, period, label: 'records' });
  return [
    chart('Facilities that come and go', [tell('transitions')]),
    chart('Messages to operators, and those that failed', [tell('pushes')], [tell('failedPushes')]),
    chart('Records on the stream; canary (ms)', [arriving], [tell('canaryLatency')]),
  ];
}

function limits({ functions, data }: OperatedParts): readonly IWidget[] {
  const each = functions.map((deployed) => ({ deployed, label: deployed.node.scope?.node.id ?? '' }));
  const per = (metric: 'metricErrors' | 'metricThrottles' | 'metricDuration', statistic: string): IMetric[] =>
    each.map(({ deployed, label }) => deployed[metric]({ statistic, period, label }));
  const units = data.tables.map((table) =>
    table.metricConsumedWriteCapacityUnits({ statistic: Stats.SUM, period, label: table.node.id }),
  );
  return [
    chart('Functions: errors, throttled', per('metricErrors', Stats.SUM), per('metricThrottles', Stats.SUM)),
    chart('Functions: duration (ms, 9 of 10)', per('metricDuration', 'p90')),
    chart('Tables: written units', units),
  ];
}

/** Every stage's errors, newest first, with the id by which to find the rest of their invocation. */
const errors = ({ functions }: OperatedParts): IWidget =>
  new LogQueryWidget({
    title: 'Errors in the logs',
    width: 24,
    height: 6,
    logGroupNames: functions.map(({ logGroup }) => logGroup.logGroupName),
    queryLines: [
      'fields @timestamp, message, error, requestId',
      'filter level = "ERROR"',
      'sort @timestamp desc',
      'limit 50',
    ],
  });
