import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { arnOf } from './arns';
import type { Cors } from './cors';
import { type Grant, grantsOf } from './permissions/grants';
import { attributeOf, type LocalTemplate, type Resource, TemplateNotUnderstood } from './template';

/** A function as the template deploys it. */
export interface DeployedFunction {
  readonly name: string;
  readonly directory: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  /** Name of the role that it runs as. */
  readonly role: string;
  /** All that the role's policies say. */
  readonly grants: readonly Grant[];
  readonly logGroup: string;
  /** Whether Lambda sends traces of its invocations to X-Ray. */
  readonly traced: boolean;
}

export interface DeployedTable {
  readonly definition: CreateTableCommandInput & { readonly TableName: string };
  readonly ttlAttribute?: string;
}

/** An API's routes, by route key, each with the name of its function. */
export interface DeployedApi {
  readonly routes: ReadonlyMap<string, string>;
  readonly cors?: Cors;
}

/** Everything of the template that the local runtime runs. */
export interface Deployment {
  readonly tables: readonly DeployedTable[];
  readonly stream: { readonly name: string; readonly shards: number };
  readonly functions: readonly DeployedFunction[];
  readonly mapping: {
    readonly functionName: string;
    readonly batchSize: number;
    readonly batchWindowMs: number;
    readonly bisectOnError: boolean;
    readonly maxRetries: number;
    readonly maxRecordAgeMs: number;
    readonly reportBatchItemFailures: boolean;
    readonly deadLetters: string;
  };
  /** `url` is how the template names the front door, before it has an address. */
  readonly heartbeats: { readonly functionName: string; readonly url: string; readonly cors?: Cors };
  readonly api: DeployedApi;
  readonly feed: DeployedApi & { readonly apiId: string };
  /** ARNs of the secrets that the deployment makes. */
  readonly secrets: readonly string[];
  readonly schedule: { readonly functionName: string; readonly expression: string };
  readonly page: { readonly directory: string; readonly contentSecurityPolicy: string };
}

/** @throws TemplateNotUnderstood when a part is missing */
export function readDeployment(template: LocalTemplate): Deployment {
  return {
    tables: template.all('AWS::DynamoDB::Table').map(tableOf),
    stream: streamOf(template),
    functions: template
      .all('AWS::Lambda::Function')
      .filter(({ properties }) => isStage(properties))
      .map((resource) => functionOf(resource, template)),
    mapping: mappingOf(template),
    heartbeats: heartbeatsOf(template),
    api: apiOf(template, 'HTTP'),
    feed: apiOf(template, 'WEBSOCKET'),
    secrets: template.all(secretType).map(({ logicalId }) => arnOf(secretType, logicalId)),
    schedule: scheduleOf(template),
    page: pageOf(template),
  };
}

type Properties = Resource['properties'];

const secretType = 'AWS::SecretsManager::Secret';

/** CDK adds functions of its own, which only deploy; those of the stages are built by esbuild into `index.handler`. */
const isStage = (properties: Properties): boolean =>
  String(properties.Runtime).startsWith('nodejs') && properties.Environment !== undefined;

function tableOf({ logicalId, properties }: Resource): DeployedTable {
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes } =
    properties as unknown as CreateTableCommandInput;
  const ttl = properties.TimeToLiveSpecification as { AttributeName: string } | undefined;
  return {
    definition: {
      TableName: logicalId,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema,
      AttributeDefinitions,
      ...(GlobalSecondaryIndexes && { GlobalSecondaryIndexes }),
    },
    ...(ttl && { ttlAttribute: ttl.AttributeName }),
  };
}

function streamOf(template: LocalTemplate): Deployment['stream'] {
  const { logicalId, properties } = template.only('AWS::Kinesis::Stream');
  // A stream on demand begins with four shards.
  return { name: logicalId, shards: Number(properties.ShardCount ?? 4) };
}

function functionOf({ logicalId, properties }: Resource, template: LocalTemplate): DeployedFunction {
  const { Code, Environment, LoggingConfig, TracingConfig } = properties as {
    Code: { S3Key: string };
    Environment: { Variables: Record<string, string> };
    LoggingConfig?: { LogGroup?: string };
    TracingConfig?: { Mode?: string };
  };
  const role = template.ledTo('AWS::IAM::Role', properties.Role);
  return {
    name: logicalId,
    directory: template.asset(Code.S3Key),
    handler: String(properties.Handler),
    environment: Environment.Variables,
    timeoutMs: Number(properties.Timeout ?? 3) * 1_000,
    memoryMb: Number(properties.MemorySize ?? 128),
    role: role.logicalId,
    grants: grantsOf(role, template),
    logGroup: LoggingConfig?.LogGroup ?? `/aws/lambda/${logicalId}`,
    traced: TracingConfig?.Mode === 'Active',
  };
}

function mappingOf(template: LocalTemplate): Deployment['mapping'] {
  const { properties } = template.only('AWS::Lambda::EventSourceMapping');
  const failures = properties.DestinationConfig as { OnFailure: { Destination: string } };
  return {
    functionName: functionMeant(template, properties.FunctionName),
    batchSize: Number(properties.BatchSize ?? 100),
    batchWindowMs: Number(properties.MaximumBatchingWindowInSeconds ?? 0) * 1_000,
    bisectOnError: properties.BisectBatchOnFunctionError === true,
    maxRetries: Number(properties.MaximumRetryAttempts ?? -1),
    maxRecordAgeMs: Number(properties.MaximumRecordAgeInSeconds ?? -1) * 1_000,
    reportBatchItemFailures: String(properties.FunctionResponseTypes).includes('ReportBatchItemFailures'),
    deadLetters: template.ledTo('AWS::S3::Bucket', failures.OnFailure.Destination).logicalId.toLowerCase(),
  };
}

function heartbeatsOf(template: LocalTemplate): Deployment['heartbeats'] {
  const { logicalId, properties } = template.only('AWS::Lambda::Url');
  return {
    functionName: functionMeant(template, properties.TargetFunctionArn),
    url: attributeOf(logicalId, 'FunctionUrl'),
    ...corsOf(properties.Cors),
  };
}

function apiOf(template: LocalTemplate, protocol: 'HTTP' | 'WEBSOCKET'): Deployment['feed'] {
  const api = template
    .all('AWS::ApiGatewayV2::Api')
    .find(({ properties }) => properties.ProtocolType === protocol);
  if (api === undefined) throw new TemplateNotUnderstood(`There is no ${protocol} API`);
  const routes = template
    .all('AWS::ApiGatewayV2::Route')
    .filter(({ properties }) => properties.ApiId === api.logicalId)
    .map(({ properties }) => {
      const integration = template.ledTo('AWS::ApiGatewayV2::Integration', properties.Target);
      return [
        String(properties.RouteKey),
        functionMeant(template, integration.properties.IntegrationUri),
      ] as const;
    });
  return { apiId: api.logicalId, routes: new Map(routes), ...corsOf(api.properties.CorsConfiguration) };
}

function scheduleOf(template: LocalTemplate): Deployment['schedule'] {
  const { properties } = template.only('AWS::Scheduler::Schedule');
  const { Arn } = properties.Target as { Arn: string };
  return { functionName: functionMeant(template, Arn), expression: String(properties.ScheduleExpression) };
}

function pageOf(template: LocalTemplate): Deployment['page'] {
  const { properties } = template.only('Custom::CDKBucketDeployment');
  const directory = (properties.SourceObjectKeys as string[])
    .map((key) => template.asset(key))
    .find((path) => existsSync(join(path, 'index.html')));
  if (directory === undefined) throw new TemplateNotUnderstood('The page has no index.html');
  const headers = template.only('AWS::CloudFront::ResponseHeadersPolicy').properties as {
    ResponseHeadersPolicyConfig: {
      SecurityHeadersConfig: { ContentSecurityPolicy: { ContentSecurityPolicy: string } };
    };
  };
  const { ContentSecurityPolicy } = headers.ResponseHeadersPolicyConfig.SecurityHeadersConfig;
  return { directory, contentSecurityPolicy: ContentSecurityPolicy.ContentSecurityPolicy };
}

const functionMeant = (template: LocalTemplate, text: unknown): string =>
  template.ledTo('AWS::Lambda::Function', text).logicalId;

function corsOf(value: unknown): { cors?: Cors } {
  if (value === undefined) return {};
  const {
    AllowOrigins = [],
    AllowMethods = [],
    AllowHeaders = [],
    ExposeHeaders,
    MaxAge,
  } = value as {
    AllowOrigins?: string[];
    AllowMethods?: string[];
    AllowHeaders?: string[];
    ExposeHeaders?: string[];
    MaxAge?: number;
  };
  return {
    cors: {
      allowOrigins: AllowOrigins,
      allowMethods: AllowMethods,
      allowHeaders: AllowHeaders,
      ...(ExposeHeaders && { exposeHeaders: ExposeHeaders }),
      ...(MaxAge !== undefined && { maxAgeSeconds: MaxAge }),
    },
  };
}
