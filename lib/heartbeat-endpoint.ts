import { CorsHttpMethod, HttpApi, HttpMethod, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { FunctionUrl, FunctionUrlAuthType, HttpMethod as UrlMethod } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { watermarkItems } from '../adapters/aws/watermark-items';
import { environment } from '../lambdas/heartbeat-endpoint/contract';
import { acknowledge, verifiedByHandler, withoutAccessLog } from './acknowledgements';
import { cors } from './cors';
import type { Data } from './data';
import { ApiDomain, nameOf } from './domain';
import { Edge, type Frontage } from './frontage';
import type { TokenAccess } from './identity';
import { environmentOf, limitsVariable, RollcallFunction, timingsVariable } from './rollcall-function';
import { heartbeatShare } from './setting-relations';
import type { Settings } from './settings';
import { functionUrlMetrics, httpApiMetrics, type RequestMetrics } from './stage-metrics';

export interface HeartbeatEndpointProps {
  readonly settings: Settings;
  readonly data: Data;
  readonly access: TokenAccess;
  readonly frontage: Frontage;
}

/** Of 5,000, which nobody can have raised (API Gateway guide, "Quotas"). */
const burstLimit = heartbeatShare * 5_000;

interface Door {
  readonly url: string;
  readonly requestMetrics: RequestMetrics;
}

/**
 * Three tenths of a beat's bill are the time that the endpoint waits for the stream, which costs by memory. Its bundle and a
 * thousand users' keys and tokens take about 95 MB (docs/COST.md).
 */
const memoryMb = 160;

/** Takes heartbeats over HTTPS and puts the accepted ones on the stream. */
export class HeartbeatEndpoint extends Construct {
  /** Where front ends post their beats. */
  readonly url: string;
  readonly requestMetrics: RequestMetrics;
  readonly function: RollcallFunction;

  constructor(scope: Construct, id: string, props: HeartbeatEndpointProps) {
    super(scope, id);
    const { settings, data, access, frontage } = props;
    this.function = new RollcallFunction(this, 'Function', {
      settings,
      stage: 'heartbeat-endpoint',
      description: 'Verifies heartbeats and puts them on the stream',
      environment: environmentOf(environment, {
        stream: data.beats.streamName,
        watermarks: data.watermarks.tableName,
        canarySecret: data.canarySecret.secretArn,
        issuers: access.issuersVariable,
        claim: access.claim,
        timings: timingsVariable(settings.timings),
        limits: limitsVariable(settings.limits),
      }),
      memoryMb,
      timeoutSeconds: 15,
    });
    this.function.allow(data.beats.streamArn, 'kinesis:PutRecords');
    // It may say that it turned beats away; how far anything is processed is not for it to say.
    this.function.allowItems(data.watermarks.tableArn, [watermarkItems.refusals], 'dynamodb:UpdateItem');
    this.function.allow(data.canarySecret.secretArn, 'secretsmanager:GetSecretValue');
    const { url, requestMetrics } = this.frontDoor(settings, frontage);
    this.url = url;
    this.requestMetrics = requestMetrics;
  }

  private frontDoor(settings: Settings, frontage: Frontage): Door {
    switch (settings.frontDoor) {
      case 'function-url': {
        const own = this.functionUrl(settings.allowedOrigins);
        const url = frontage.webAclArn === undefined ? own : `${this.edge(frontage, own).url}/`;
        return { url, requestMetrics: functionUrlMetrics(this.function) };
      }
      case 'http-api': {
        const { url, requestMetrics } = this.httpApi(settings, frontage);
        return { url: `${url}/heartbeat`, requestMetrics };
      }
    }
  }

  private edge(frontage: Frontage, originUrl: string): Edge {
    return new Edge(this, 'Edge', frontage, 'beats', originUrl);
  }

  /** Open to everybody as far as IAM goes: the handler verifies each token itself. */
  private functionUrl(origins: readonly string[]): string {
    const { url } = new FunctionUrl(this, 'Url', {
      function: this.function,
      authType: FunctionUrlAuthType.NONE,
      cors: {
        allowedOrigins: [...origins],
        allowedMethods: [UrlMethod.POST],
        allowedHeaders: [...cors.requestHeaders],
        exposedHeaders: [...cors.exposedHeaders],
        maxAge: cors.maxAge,
      },
    });
    return url;
  }

  /** @returns its address without a slash at the end. */
  private httpApi({ allowedOrigins, quotas }: Settings, frontage: Frontage): Door {
    const api = new HttpApi(this, 'Api', {
      description: 'Rollcall: heartbeats',
      createDefaultStage: false,
      corsPreflight: {
        allowOrigins: [...allowedOrigins],
        allowMethods: [CorsHttpMethod.POST],
        allowHeaders: [...cors.requestHeaders],
        exposeHeaders: [...cors.exposedHeaders],
        maxAge: cors.maxAge,
      },
    });
    api.addRoutes({
      path: '/heartbeat',
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration('Function', this.function),
    });
    // An account's requests are shared by its HTTP APIs, its sockets and the messages pushed to them: a storm of beats must
    // leave some to the operators, who then want to see what is going on.
    const throttle = { rateLimit: heartbeatShare * quotas.requestsPerSecond, burstLimit };
    const stage = new HttpStage(this, 'Stage', { httpApi: api, autoDeploy: true, throttle });
    acknowledge(api, verifiedByHandler);
    acknowledge(stage, withoutAccessLog);
    return { url: this.addressOf(api, stage, frontage), requestMetrics: httpApiMetrics(api) };
  }

  private addressOf(api: HttpApi, stage: HttpStage, frontage: Frontage): string {
    if (frontage.webAclArn !== undefined) return this.edge(frontage, api.apiEndpoint).url;
    if (frontage.domain === undefined) return api.apiEndpoint;
    new ApiDomain(this, 'Domain', frontage.domain, 'beats', { api, stage });
    return `https://${nameOf(frontage.domain, 'beats')}`;
  }
}
