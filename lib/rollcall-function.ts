import { join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, Runtime, SystemLogLevel } from 'aws-cdk-lib/aws-lambda';
import { type BundlingOptions, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { defaultLimits, type Limits } from '../core/limits';
import { defaultTimings, type Timings } from '../core/timings';

/** The stages that run in Lambda; each has its handler in `lambdas/<stage>/handler.ts`. */
export type Stage =
  | 'heartbeat-endpoint'
  | 'heartbeat-monitor'
  | 'session-monitor'
  | 'live-feed'
  | 'status-api';

export interface RollcallFunctionProps {
  readonly stage: Stage;
  readonly description: string;
  readonly environment: Record<string, string>;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** Concurrency that is set aside for this function and at the same time its most. */
  readonly reservedConcurrency?: number | undefined;
}

const root = join(__dirname, '..');

/** One file per handler with everything in it, so that a deployed function is what was tested, SDK included. */
const bundling: BundlingOptions = {
  format: OutputFormat.CJS,
  target: 'node20',
  mainFields: ['module', 'main'],
  minify: true,
  sourceMap: false,
  externalModules: [],
};

/**
 * What all of Rollcall's functions share. Its role may write its own log and nothing else, until the stage allows more
 * with {@link allow}.
 */
export class RollcallFunction extends NodejsFunction {
  constructor(scope: Construct, id: string, props: RollcallFunctionProps) {
    const logGroup = new LogGroup(scope, `${id}Log`, {
      retention: RetentionDays.ONE_MONTH,
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
      ...(props.reservedConcurrency !== undefined && {
        reservedConcurrentExecutions: props.reservedConcurrency,
      }),
    });
  }

  /** Lets the function do exactly these actions on exactly these resources. */
  allow(resources: string | readonly string[], ...actions: readonly string[]): void {
    this.addToRolePolicy(new PolicyStatement({ resources: [resources].flat(), actions: [...actions] }));
  }

  /** The same, on the items of a table that have one of these partition keys. */
  allowItems(tableArn: string, partitionKeys: readonly string[], ...actions: readonly string[]): void {
    this.addToRolePolicy(
      new PolicyStatement({
        resources: [tableArn],
        actions: [...actions],
        conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [...partitionKeys] } },
      }),
    );
  }
}

const deployedFrom = (stage: Stage) => ({
  entry: join(root, 'lambdas', stage, 'handler.ts'),
  handler: 'handler',
  projectRoot: root,
  depsLockFilePath: join(root, 'package-lock.json'),
  runtime: Runtime.NODEJS_24_X,
  architecture: Architecture.ARM_64,
  bundling,
  // A variable of the SDK's second version, which nothing here reads.
  awsSdkConnectionReuse: false,
});

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
