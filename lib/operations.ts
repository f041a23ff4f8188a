import { Aws, Names } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmBase,
  AnomalyDetectionAlarm,
  ComparisonOperator,
  type IMetric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { metrics as sessionMonitor } from '../lambdas/session-monitor/contract';
import { type AlarmId, type Condition, conditions } from './alarm-conditions';
import { operationsDashboard } from './dashboard';
import type { Data } from './data';
import type { HeartbeatEndpoint } from './heartbeat-endpoint';
import type { HeartbeatMonitor } from './heartbeat-monitor';
import type { LiveFeed } from './live-feed';
import type { RollcallFunction } from './rollcall-function';
import type { SessionMonitor } from './session-monitor';
import type { Settings } from './settings';
import { stageMetric } from './stage-metrics';
import type { StatusApi } from './status-api';
import type { StatusDestination } from './status-destination';

/** What is watched over. */
export interface OperatedParts {
  readonly settings: Settings;
  readonly data: Data;
  readonly endpoint: HeartbeatEndpoint;
  readonly heartbeatMonitor: HeartbeatMonitor;
  readonly sessionMonitor: SessionMonitor;
  readonly feed: LiveFeed;
  readonly api: StatusApi;
  readonly statusDestination: StatusDestination | undefined;
  /** Those of all stages. */
  readonly functions: readonly RollcallFunction[];
}

/** How far from what is usual transitions may be, in standard deviations: a calm hour must not ring. */
const unusualBeyond = 4;

/** Alarms, the one topic that they all go to, and the dashboard. */
export class Operations extends Construct {
  /** Who subscribes to it hears of every alarm, and of its end. */
  readonly topic: Topic;
  readonly alarms: ReadonlyMap<AlarmId, AlarmBase>;

  private readonly runbook: string;

  constructor(scope: Construct, id: string, parts: OperatedParts) {
    super(scope, id);
    this.runbook = parts.settings.runbookUrl;
    this.topic = this.alarmTopic();
    this.alarms = new Map([
      ...[...conditions(parts)].map(([name, condition]) => [name, this.alarm(name, condition)] as const),
      ...this.unusual(parts),
      ...this.destination(parts),
    ]);
    for (const alarm of this.alarms.values()) {
      const tell = new SnsAction(this.topic);
      alarm.addAlarmAction(tell);
      alarm.addOkAction(tell);
    }
    operationsDashboard(this, parts, [...this.alarms.values()]);
  }

  /** Not encrypted with a key of AWS's own: with that one CloudWatch may not publish, and a key of one's own costs. */
  private alarmTopic(): Topic {
    const topic = new Topic(this, 'Topic', { displayName: 'Rollcall alarms', enforceSSL: true });
    // A policy of its own, which `enforceSSL` makes, takes the place of the one that lets the whole account publish.
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
    return topic;
  }

  private alarm(id: AlarmId, { sentence, metric, above, minutes, silenceIsBad }: Condition): Alarm {
    return new Alarm(this, id, {
      ...this.words(id, sentence),
      metric,
      threshold: above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      datapointsToAlarm: minutes.bad,
      evaluationPeriods: minutes.of,
      treatMissingData: silenceIsBad ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
  }

  /** Named by where it is in the app: two deployments in one account have alarms of their own. */
  private words(id: AlarmId, sentence: string): { alarmName: string; alarmDescription: string } {
    const deployment = Names.uniqueResourceName(this, { separator: '-', maxLength: 200 });
    return {
      alarmName: `${deployment}-${id}`,
      alarmDescription: `${sentence} What to do: ${this.runbook}#${id}`,
    };
  }

  /** No number holds for every deployment: what is usual is learnt, over two weeks. */
  private unusual(parts: OperatedParts): readonly (readonly [AlarmId, AlarmBase])[] {
    const id = 'transitions-unusual';
    const alarm = new AnomalyDetectionAlarm(this, id, {
      ...this.words(id, 'Far more facilities come and go than is usual at this time.'),
      metric: stageMetric(parts.sessionMonitor.function, sessionMonitor.transitions),
      stdDevs: unusualBeyond,
      comparisonOperator: ComparisonOperator.GREATER_THAN_UPPER_THRESHOLD,
      datapointsToAlarm: 2,
      evaluationPeriods: 3,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    return [[id, alarm]];
  }

  private destination({ statusDestination }: OperatedParts): readonly (readonly [AlarmId, AlarmBase])[] {
    if (statusDestination === undefined) return [];
    const metric: IMetric = statusDestination.deadLetters.metricApproximateNumberOfMessagesVisible({
      statistic: Stats.MAXIMUM,
    });
    const condition: Condition = {
      sentence: 'Changes of status did not reach the endpoint that they are sent to.',
      metric,
      above: 0,
      minutes: { bad: 1, of: 1 },
    };
    const id = 'status-destination-failing';
    return [[id, this.alarm(id, condition)]];
  }
}
