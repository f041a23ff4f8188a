import { CorsHttpMethod, HttpApi, HttpMethod, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { FunctionUrl, FunctionUrlAuthType, HttpMethod as UrlMethod } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { watermarkItems } from '../adapters/aws/watermark-items';
import { environment } from '../lambdas/heartbeat-endpoint/contract';
import { cors } from './cors';
import type { Data } from './data';
import type { TokenAccess } from './identity';
import { environmentOf, limitsVariable, RollcallFunction, timingsVariable } from './rollcall-function';
import type { Settings } from './settings';

export interface HeartbeatEndpointProps {
  readonly settings: Settings;
  readonly data: Data;
  readonly access: TokenAccess;
}

/**
 * The 10,000 requests a second of an account are shared by its HTTP APIs, its sockets and the messages pushed to them:
 * a storm of beats must leave some to the operators, who then want to see what is going on.
 */
const throttle = { rateLimit: 8_000, burstLimit: 4_000 };

/** Takes heartbeats over HTTPS and puts the accepted ones on the stream. */
export class HeartbeatEndpoint extends Construct {
  /** Where front ends post their beats. */
  readonly url: string;
  readonly function: RollcallFunction;

  constructor(scope: Construct, id: string, { settings, data, access }: HeartbeatEndpointProps) {
    super(scope, id);
    this.function = new RollcallFunction(this, 'Function', {
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
      memoryMb: 256,
      timeoutSeconds: 15,
      reservedConcurrency: settings.heartbeatConcurrency,
    });
    this.function.allow(data.beats.streamArn, 'kinesis:PutRecords');
    // It may say that it turned beats away; how far anything is processed is not for it to say.
    this.function.allowItems(data.watermarks.tableArn, [watermarkItems.refusals], 'dynamodb:UpdateItem');
    this.function.allow(data.canarySecret.secretArn, 'secretsmanager:GetSecretValue');
    this.url = this.frontDoor(settings);
  }

  private frontDoor({ frontDoor, allowedOrigins }: Settings): string {
    switch (frontDoor) {
      case 'function-url':
        return this.functionUrl(allowedOrigins);
      case 'http-api':
        return this.httpApi(allowedOrigins);
    }
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

  private httpApi(origins: readonly string[]): string {
    const api = new HttpApi(this, 'Api', {
      description: 'Rollcall: heartbeats',
      createDefaultStage: false,
      corsPreflight: {
        allowOrigins: [...origins],
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
    new HttpStage(this, 'Stage', { httpApi: api, autoDeploy: true, throttle });
    return `${api.apiEndpoint}/heartbeat`;
  }
}
