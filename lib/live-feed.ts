import { ArnFormat, Stack } from 'aws-cdk-lib';
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { watermarkItems } from '../adapters/aws/watermark-items';
import { environment, refusedSocket, routes } from '../lambdas/live-feed/contract';
import { metricNamespace } from '../lambdas/metrics';
import { acknowledge, withoutAccessLog } from './acknowledgements';
import type { Data } from './data';
import { ApiDomain, nameOf, type RollcallDomain } from './domain';
import { environmentOf, limitsVariable, RollcallFunction, timingsVariable } from './rollcall-function';
import type { Settings } from './settings';
import { type RequestMetrics, sum, webSocketMetrics } from './stage-metrics';

export interface LiveFeedProps {
  readonly settings: Settings;
  readonly data: Data;
  /** Origin of the stack's own page. */
  readonly pageOrigin: string;
  readonly domain?: RollcallDomain | undefined;
}

/** API Gateway opens at most 500 sockets a second for an account; more messages than that come only from a flood. */
const throttle = { rateLimit: 500, burstLimit: 500 };

/** The sockets of the operators' pages: who opens one, and what it subscribes to. */
export class LiveFeed extends Construct {
  /** Where watchers connect, `wss://…`. */
  readonly url: string;
  /** `url` without the stage, as a content security policy names it. */
  readonly origin: string;
  /** Where messages to connections are posted, `https://…`. */
  readonly callbackUrl: string;
  readonly requestMetrics: RequestMetrics;
  readonly function: RollcallFunction;
  readonly webSocketApi: WebSocketApi;

  private readonly connectionArns: readonly string[];

  constructor(scope: Construct, id: string, props: LiveFeedProps) {
    super(scope, id);
    const { settings, data, pageOrigin, domain } = props;
    const api = new WebSocketApi(this, 'Api', {
      description: 'Rollcall: live feed',
      routeSelectionExpression: '$request.body.action',
    });
    this.webSocketApi = api;
    const stage = new WebSocketStage(this, 'Stage', {
      webSocketApi: api,
      stageName: 'live',
      autoDeploy: true,
      throttle,
    });
    acknowledge(api, {
      'AwsSolutions-APIG4':
        'A socket is opened with a ticket, which the handler looks at; what follows comes from that socket',
    });
    acknowledge(stage, withoutAccessLog);
    if (domain) new ApiDomain(this, 'Domain', domain, 'live', { api, stage });
    this.origin = domain ? `wss://${nameOf(domain, 'live')}` : api.apiEndpoint;
    this.url = domain ? this.origin : stage.url;
    this.callbackUrl = stage.callbackUrl;
    this.connectionArns = connectionArnsOf(stage, api);
    this.function = this.handler(settings, data, pageOrigin);
    const refusedSockets = this.refusedSockets();
    this.requestMetrics = webSocketMetrics({ api, stage, served: this.function, refusedSockets });
    this.allowRows(data);
    this.allowPushes(this.function);
    const integration = new WebSocketLambdaIntegration('Function', this.function);
    for (const route of routes) api.addRoute(route, { integration });
  }

  /** Lets a function post messages to connections and close them; reading about them stays forbidden. */
  allowPushes(to: RollcallFunction): void {
    for (const arn of this.connectionArns) {
      to.allowAny(arn, 'A connection is named when it is opened', 'execute-api:ManageConnections');
    }
  }

  private handler(settings: Settings, data: Data, pageOrigin: string): RollcallFunction {
    return new RollcallFunction(this, 'Function', {
      settings,
      stage: 'live-feed',
      description: 'Opens sockets for tickets and keeps their subscriptions',
      environment: environmentOf(environment, {
        regions: data.regions.tableName,
        facilities: data.facilities.tableName,
        presence: data.presence.tableName,
        changes: data.changes.tableName,
        connections: data.connections.tableName,
        watermarks: data.watermarks.tableName,
        feedEndpoint: this.callbackUrl,
        timings: timingsVariable(settings.timings),
        limits: limitsVariable(settings.limits),
        pageOrigins: this.pageOrigins(settings, pageOrigin),
      }),
      memoryMb: 256,
      timeoutSeconds: 20,
    });
  }

  /** Counted from the log, where each is a line already. The namespace has the function's name, since a filter gives no dimension. */
  private refusedSockets(): IMetric {
    const filter = this.function.logGroup.addMetricFilter('RefusedSockets', {
      filterPattern: FilterPattern.stringValue('$.message', '=', refusedSocket),
      metricNamespace: `${metricNamespace}/${this.function.functionName}`,
      metricName: 'RefusedSockets',
      metricValue: '1',
    });
    return filter.metric({ ...sum, label: 'RefusedSockets' });
  }

  /** Unlike the APIs, the function may name the page's origin: the page names only the API before it, so there is no circle. */
  private pageOrigins({ pageOrigins }: Settings, pageOrigin: string): string {
    return pageOrigins === undefined ? '[]' : Stack.of(this).toJsonString([pageOrigin, ...pageOrigins]);
  }

  private allowRows(data: Data): void {
    this.function.allow(data.regions.tableArn, 'dynamodb:Query');
    this.function.allowItems(data.watermarks.tableArn, [watermarkItems.told], 'dynamodb:GetItem');
    this.function.allow(data.facilities.tableArn, 'dynamodb:GetItem', 'dynamodb:Query');
    this.function.allow(data.presence.tableArn, 'dynamodb:Query');
    this.function.allow(data.changes.tableArn, 'dynamodb:Query');
    this.function.allow(
      data.connections.tableArn,
      'dynamodb:Query',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    );
  }
}

const connectionArnsOf = (stage: WebSocketStage, api: WebSocketApi): readonly string[] =>
  ['POST', 'DELETE'].map((method) =>
    Stack.of(stage).formatArn({
      service: 'execute-api',
      resource: api.apiId,
      resourceName: `${stage.stageName}/${method}/@connections/*`,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    }),
  );
