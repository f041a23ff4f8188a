import { Duration } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Schedule, ScheduleExpression, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { environment } from '../lambdas/session-monitor/contract';
import type { Data } from './data';
import type { LiveFeed } from './live-feed';
import { environmentOf, RollcallFunction, timingsVariable } from './rollcall-function';
import type { Settings } from './settings';

export interface SessionMonitorProps {
  readonly settings: Settings;
  readonly data: Data;
  readonly feed: LiveFeed;
  /** Where front ends post their beats. */
  readonly heartbeatUrl: string;
}

/** Rolls sessions up into status, commits what changed and tells everybody who listens. */
export class SessionMonitor extends Construct {
  /** Where core systems hear of changes of status. */
  readonly events: EventBus;
  readonly function: RollcallFunction;

  constructor(scope: Construct, id: string, props: SessionMonitorProps) {
    super(scope, id);
    const { settings, data, feed, heartbeatUrl } = props;
    this.events = new EventBus(this, 'Events', { description: 'Rollcall: changes of status' });
    this.function = new RollcallFunction(this, 'Function', {
      stage: 'session-monitor',
      description: 'Settles the status of facilities and regions, once a tick',
      environment: environmentOf(environment, {
        sessions: data.sessions.tableName,
        facilities: data.facilities.tableName,
        presence: data.presence.tableName,
        regions: data.regions.tableName,
        changes: data.changes.tableName,
        transitions: data.transitions.tableName,
        connections: data.connections.tableName,
        watermarks: data.watermarks.tableName,
        stream: data.beats.streamName,
        heartbeatUrl,
        canarySecret: data.canarySecret.secretArn,
        feedEndpoint: feed.callbackUrl,
        eventBus: this.events.eventBusName,
        timings: timingsVariable(settings.timings),
      }),
      memoryMb: 512,
      // A run ticks for two minutes at most, until its successor takes over; what it began then, it may finish.
      timeoutSeconds: 150,
    });
    this.allowRows(data);
    this.allowCanaries(data);
    feed.allowPushes(this.function);
    this.function.allow(this.events.eventBusArn, 'events:PutEvents');
    this.runEveryMinute();
  }

  private allowRows(data: Data): void {
    const { function: monitor } = this;
    monitor.allow(data.sessions.tableArn, 'dynamodb:Query', 'dynamodb:BatchGetItem', 'dynamodb:DeleteItem');
    monitor.allow(data.presence.tableArn, 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:DeleteItem');
    monitor.allow(
      data.regions.tableArn,
      'dynamodb:Scan',
      'dynamodb:Query',
      'dynamodb:GetItem',
      'dynamodb:UpdateItem',
    );
    monitor.allow(data.facilities.tableArn, 'dynamodb:Query', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem');
    monitor.allow(data.changes.tableArn, 'dynamodb:Query', 'dynamodb:PutItem');
    monitor.allow(data.transitions.tableArn, 'dynamodb:PutItem');
    monitor.allow(data.connections.tableArn, 'dynamodb:Query', 'dynamodb:DeleteItem');
    monitor.allow(
      data.watermarks.tableArn,
      'dynamodb:Scan',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
    );
  }

  /** A canary on each shard, and one through the endpoint, which knows it by the secret. */
  private allowCanaries({ beats, canarySecret }: Data): void {
    this.function.allow(beats.streamArn, 'kinesis:ListShards', 'kinesis:PutRecords');
    this.function.allow(canarySecret.secretArn, 'secretsmanager:GetSecretValue');
  }

  /** No retries anywhere: a run that comes late would only compete with the one of the next minute. */
  private runEveryMinute(): void {
    this.function.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    new Schedule(this, 'EveryMinute', {
      description: 'Starts the next run of session-monitor',
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      timeWindow: TimeWindow.off(),
      target: new LambdaInvoke(this.function, { retryAttempts: 0, maxEventAge: Duration.minutes(1) }),
    });
  }
}
