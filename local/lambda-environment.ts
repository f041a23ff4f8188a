import { devNull } from 'node:os';

/** What a function is called and what it may use. */
export interface FunctionIdentity {
  readonly name: string;
  readonly directory: string;
  readonly handler: string;
  /** Megabytes that the function is told it has. */
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** What the machine says to every process and no AWS account would contradict. */
const inherited = ['PATH', 'LANG', 'TZ'] as const;

const defaultRegion = 'us-east-1';

/** ARN of a function in an account that nobody has. */
export const functionArn = ({ name, environment }: FunctionIdentity): string =>
  `arn:aws:lambda:${environment.AWS_REGION ?? defaultRegion}:000000000000:function:${name}`;

/**
 * The whole environment of a function: what Lambda sets (Lambda guide, "Defined runtime environment variables"), and over
 * it what the template does. Credentials say who
 * calls and nothing else, and the machine's own AWS settings are out of reach.
 */
export function functionEnvironment(identity: FunctionIdentity): Record<string, string> {
  const { name, directory, handler, memoryMb, environment } = identity;
  return {
    ...Object.fromEntries(inherited.flatMap((key) => present(key, process.env[key]))),
    AWS_REGION: defaultRegion,
    AWS_DEFAULT_REGION: environment.AWS_REGION ?? defaultRegion,
    AWS_ACCESS_KEY_ID: name,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    LAMBDA_TASK_ROOT: directory,
    _HANDLER: handler,
    ...environment,
  };
}

/** The part of a handler's context that is the same in every invocation. */
export const functionContext = (identity: FunctionIdentity): object => ({
  functionName: identity.name,
  functionVersion: '$LATEST',
  invokedFunctionArn: functionArn(identity),
  memoryLimitInMB: String(identity.memoryMb),
  logGroupName: `/aws/lambda/${identity.name}`,
  logStreamName: 'local',
});

const present = (key: string, value: string | undefined): readonly (readonly [string, string])[] =>
  value === undefined ? [] : [[key, value]];
