import { CorsHttpMethod, HttpApi, HttpMethod, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import { watermarkItems } from '../adapters/aws/watermark-items';
import { RollcallError } from '../core/errors';
import { environment, routes } from '../lambdas/status-api/contract';
import { acknowledge, verifiedByHandler, withoutAccessLog } from './acknowledgements';
import { cors } from './cors';
import type { Data } from './data';
import { ApiDomain, nameOf } from './domain';
import { Edge, type Frontage } from './frontage';
import type { TokenAccess } from './identity';
import { environmentOf, RollcallFunction, timingsVariable } from './rollcall-function';
import type { Settings } from './settings';
import { httpApiMetrics, type RequestMetrics } from './stage-metrics';

export interface StatusApiProps {
  readonly settings: Settings;
  readonly data: Data;
  readonly access: TokenAccess;
  readonly frontage: Frontage;
}

/** Pages ask for a snapshot when they open and after a gap; more than this is a flood, and the beats' share. */
const throttle = { rateLimit: 500, burstLimit: 1_000 };

/** Snapshots, the change log and tickets for the live feed, over HTTP. */
export class StatusApi extends Construct {
  /** The base of every path, without a slash at the end. */
  readonly url: string;
  readonly function: RollcallFunction;
  readonly httpApi: HttpApi;
  readonly requestMetrics: RequestMetrics;

  constructor(scope: Construct, id: string, { settings, data, access, frontage }: StatusApiProps) {
    super(scope, id);
    this.function = new RollcallFunction(this, 'Function', {
      settings,
      stage: 'status-api',
      description: 'Answers what is online, what changed, and who may watch it live',
      environment: environmentOf(environment, {
        sessions: data.sessions.tableName,
        regions: data.regions.tableName,
        facilities: data.facilities.tableName,
        presence: data.presence.tableName,
        changes: data.changes.tableName,
        transitions: data.transitions.tableName,
        connections: data.connections.tableName,
        watermarks: data.watermarks.tableName,
        issuers: access.issuersVariable,
        claim: access.claim,
        timings: timingsVariable(settings.timings),
      }),
      memoryMb: 256,
      timeoutSeconds: 15,
    });
    this.allowRows(data);
    const { api, stage } = this.open();
    this.httpApi = api;
    this.requestMetrics = httpApiMetrics(api);
    this.url = this.address(frontage, api, stage);
  }

  private allowRows(data: Data): void {
    this.function.allow(
      data.sessions.tableArn,
      'dynamodb:Query',
      'dynamodb:BatchGetItem',
      'dynamodb:PutItem',
    );
    this.function.allow(`${data.sessions.tableArn}/index/byUser`, 'dynamodb:Query');
    this.function.allow(data.regions.tableArn, 'dynamodb:Query', 'dynamodb:Scan', 'dynamodb:UpdateItem');
    this.function.allow(data.presence.tableArn, 'dynamodb:GetItem', 'dynamodb:Query');
    this.function.allow(
      data.facilities.tableArn,
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
    );
    this.function.allow(data.transitions.tableArn, 'dynamodb:Query', 'dynamodb:PutItem');
    const { told, standing } = watermarkItems;
    this.function.allowItems(data.watermarks.tableArn, [told, standing], 'dynamodb:GetItem');
    this.function.allow(data.changes.tableArn, 'dynamodb:Query', 'dynamodb:PutItem');
    this.function.allow(data.connections.tableArn, 'dynamodb:PutItem');
  }

  /**
   * Any origin may ask, since each answer depends on the bearer token alone. Naming the page's origin here is not
   * possible: its content security policy names this API, and CloudFormation takes no circle.
   */
  private open(): { readonly api: HttpApi; readonly stage: HttpStage } {
    const api = new HttpApi(this, 'Api', {
      description: 'Rollcall: status',
      createDefaultStage: false,
      corsPreflight: {
        allowOrigins: ['*'],
        allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST, CorsHttpMethod.PUT, CorsHttpMethod.DELETE],
        allowHeaders: [...cors.requestHeaders],
        exposeHeaders: [...cors.exposedHeaders],
        maxAge: cors.maxAge,
      },
    });
    const integration = new HttpLambdaIntegration('Function', this.function);
    for (const route of routes) {
      const [method, path] = split(route);
      api.addRoutes({ path, methods: [method], integration });
    }
    const stage = new HttpStage(this, 'Stage', { httpApi: api, autoDeploy: true, throttle });
    acknowledge(api, verifiedByHandler);
    acknowledge(stage, withoutAccessLog);
    return { api, stage };
  }

  private address(frontage: Frontage, api: HttpApi, stage: HttpStage): string {
    if (frontage.webAclArn !== undefined) return new Edge(this, 'Edge', frontage, 'api', api.apiEndpoint).url;
    if (frontage.domain === undefined) return api.apiEndpoint;
    new ApiDomain(this, 'Domain', frontage.domain, 'api', { api, stage });
    return `https://${nameOf(frontage.domain, 'api')}`;
  }
}

function split(route: string): [HttpMethod, string] {
  const [name, path] = route.split(' ');
  const method = Object.values(HttpMethod).find((known) => known === name);
  if (method === undefined || path === undefined) {
    throw new RollcallError('a route is no method and path', { actual: route });
  }
  return [method, path];
}
