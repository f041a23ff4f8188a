import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { watermarkItems } from '../adapters/aws/watermark-items';
import { environment } from '../lambdas/session-monitor/contract';
import { acknowledge } from './acknowledgements';
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
  /** A bus that is there already. */
  readonly eventBus?: IEventBus | undefined;
}

/** Rolls sessions up into status, commits what changed and tells everybody who listens. */
export class SessionMonitor extends Construct {
  /** Where core systems hear of changes of status. */
  readonly events: IEventBus;
  readonly function: RollcallFunction;

  constructor(scope: Construct, id: string, props: SessionMonitorProps) {
    super(scope, id);
    const { settings, data, feed, heartbeatUrl, eventBus } = props;
    this.events = eventBus ?? this.ownBus();
    this.function = new RollcallFunction(this, 'Function', {
      settings,
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
      memoryMb: settings.sessionMonitorMemoryMb,
      // A run ticks for two minutes at most, until its successor takes over; what it began then, it may finish.
      timeoutSeconds: 150,
    });
    this.allowRows(data);
    this.allowCanaries(data);
    feed.allowPushes(this.function);
    this.function.allow(this.events.eventBusArn, 'events:PutEvents');
    this.runEveryMinute();
  }

  private ownBus(): IEventBus {
    // CDK is compiled without exactOptionalPropertyTypes, hence the cast.
    return new EventBus(this, 'Events', { description: 'Rollcall: changes of status' }) as IEventBus;
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
    monitor.allow(
      data.facilities.tableArn,
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    );
    monitor.allow(data.changes.tableArn, 'dynamodb:Query', 'dynamodb:PutItem');
    monitor.allow(data.transitions.tableArn, 'dynamodb:PutItem');
    monitor.allow(data.connections.tableArn, 'dynamodb:Query', 'dynamodb:DeleteItem');
    // Scanning has no items to name. How far shards are processed is for heartbeat-monitor to say.
    monitor.allow(data.watermarks.tableArn, 'dynamodb:Scan');
    const { standing, told, refusals } = watermarkItems;
    const { tableArn } = data.watermarks;
    monitor.allowItems(tableArn, [standing], 'dynamodb:GetItem', 'dynamodb:PutItem');
    monitor.allowItems(tableArn, [told, refusals], 'dynamodb:UpdateItem');
  }

  /** A canary on each shard, and one through the endpoint, which knows it by the secret. */
  private allowCanaries({ beats, canarySecret }: Data): void {
    this.function.allow(beats.streamArn, 'kinesis:ListShards', 'kinesis:PutRecords');
    this.function.allow(canarySecret.secretArn, 'secretsmanager:GetSecretValue');
  }

  /** No retries anywhere: a run that comes late would only compete with the one of the next minute. */
  private runEveryMinute(): void {
    this.function.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    acknowledge(this.function, {
      'Serverless-LambdaAsyncFailureDestination':
        'A run that fails leaves nothing behind that the next one does not do',
    });
    // CDK's own LambdaInvoke would let the schedule start every version of the function, and keep its role elsewhere.
    const role = new Role(this, 'EveryMinuteRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID, 'aws:SourceArn': this.scheduleGroupArn() },
        },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.function.functionArn] }),
    );
    const retryPolicy = { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 };
    new Schedule(this, 'EveryMinute', {
      description: 'Starts the next run of session-monitor',
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      timeWindow: TimeWindow.off(),
      target: { bind: () => ({ arn: this.function.functionArn, role, retryPolicy }) },
    });
  }

  /** That of schedules which name none: nothing else may make use of the role (Scheduler guide, confused deputy). */
  private scheduleGroupArn(): string {
    return Stack.of(this).formatArn({
      service: 'scheduler',
      resource: 'schedule-group',
      resourceName: 'default',
    });
  }
}
