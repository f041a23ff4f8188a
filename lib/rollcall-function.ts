import { join } from 'node:path';
import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Code, LoggingFormat, Runtime, SystemLogLevel, Tracing } from 'aws-cdk-lib/aws-lambda';
import {
  type BundlingOptions,
  NodejsFunction,
  type NodejsFunctionProps,
  OutputFormat,
} from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { defaultLimits, type Limits } from '../core/limits';
import { defaultTimings, type Timings } from '../core/timings';
import { acknowledge, acknowledgeWildcard } from './acknowledgements';
import { bundling } from './bundling';
import { readyMade } from './ready-made';
import type { Settings } from './settings';
import type { Stage } from './stage';

export interface RollcallFunctionProps {
  readonly settings: Settings;
  readonly stage: Stage;
  readonly description: string;
  readonly environment: Record<string, string>;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
}

const root = join(__dirname, '..');

const bundlingOptions: BundlingOptions = {
  ...bundling,
  format: OutputFormat.CJS,
  mainFields: [...bundling.mainFields],
  sourceMap: false,
  externalModules: [],
};

/**
 * What all of Rollcall's functions share. Its role may write its own log and nothing else, until the stage allows more
 * with {@link allow}.
 */
export class RollcallFunction extends NodejsFunction {
  constructor(scope: Construct, id: string, props: RollcallFunctionProps) {
    const reservedConcurrentExecutions = props.settings.reservedConcurrency[props.stage];
    const logGroup = new LogGroup(scope, `${id}Log`, {
      retention: props.settings.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    super(scope, id, {
      ...deployedFrom(props.stage),
      role,
      logGroup,
      description: props.description,
      environment: props.environment,
      memorySize: props.memoryMb,
      timeout: Duration.seconds(props.timeoutSeconds),
      loggingFormat: LoggingFormat.JSON,
      // Start and report lines of each invocation would cost more than the invocation does.
      systemLogLevelV2: SystemLogLevel.WARN,
      ...(props.settings.tracing && { tracing: Tracing.ACTIVE }),
      ...(reservedConcurrentExecutions !== undefined && { reservedConcurrentExecutions }),
    });
    acknowledge(this, {
      'Serverless-LambdaDLQ':
        'What cannot be handled is stored or answered by the handler; nothing is invoked twice',
      ...(!props.settings.tracing && { 'Serverless-LambdaTracing': 'The setting tracing says so' }),
    });
    if (props.settings.tracing) acknowledgeWildcard(role, '*', 'X-Ray knows no resources');
  }

  /** Lets the function do exactly these actions on exactly these resources. */
  allow(resources: string | readonly string[], ...actions: readonly string[]): void {
    this.addToRolePolicy(new PolicyStatement({ resources: [resources].flat(), actions: [...actions] }));
  }

  /** The same for resources of which one part has no name beforehand, with the reason why. */
  allowAny(resource: string, reason: string, ...actions: readonly string[]): void {
    this.allow(resource, ...actions);
    acknowledgeWildcard(this.role ?? this, resource, reason);
  }

  /** Lets the function use a key for what these services store, and for nothing else. */
  allowKey(key: IKey, services: readonly string[], ...actions: readonly string[]): void {
    this.addToRolePolicy(
      new PolicyStatement({
        resources: [key.keyArn],
        actions: [...actions],
        conditions: {
          StringEquals: {
            'kms:ViaService': services.map((service) => `${service}.${Aws.REGION}.amazonaws.com`),
          },
        },
      }),
    );
  }

  /** The same, on the items of a table that have one of these partition keys; a `*` in one stands for any text. */
  allowItems(tableArn: string, partitionKeys: readonly string[], ...actions: readonly string[]): void {
    this.addToRolePolicy(
      new PolicyStatement({
        resources: [tableArn],
        actions: [...actions],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...partitionKeys] } },
      }),
    );
  }
}

const deployedFrom = (stage: Stage) => ({
  ...codeOf(stage),
  runtime: Runtime.NODEJS_24_X,
  architecture: Architecture.ARM_64,
  // A variable of the SDK's second version, which nothing here reads.
  awsSdkConnectionReuse: false,
});

const codeOf = (stage: Stage): NodejsFunctionProps => {
  const directory = readyMade(stage);
  if (directory !== undefined) return { code: Code.fromAsset(directory), handler: 'index.handler' };
  return {
    entry: join(root, 'lambdas', stage, 'handler.ts'),
    handler: 'handler',
    projectRoot: root,
    depsLockFilePath: join(root, 'package-lock.json'),
    bundling: bundlingOptions,
  };
};

/**
 * The environment of a function, by the names of its contract.
 * @param names the `environment` of the stage's contract file.
 * @param values one value per name; a missing or surplus one does not compile.
 */
export const environmentOf = <C extends Readonly<Record<string, string>>>(
  names: C,
  values: { readonly [K in keyof C]: string },
): Record<string, string> =>
  Object.fromEntries(Object.entries(names).map(([key, name]) => [name, values[key as keyof C]]));

/** The timings that differ from the defaults, as JSON for a function's environment. */
export const timingsVariable = (timings: Timings): string => differing(timings, defaultTimings);

/** The limits that differ from the defaults, as JSON for a function's environment. */
export const limitsVariable = (limits: Limits): string => differing(limits, defaultLimits);

const differing = <T extends object>(settings: T, defaults: T): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(settings).filter(([name, value]) => value !== defaults[name as keyof T]),
    ),
  );
