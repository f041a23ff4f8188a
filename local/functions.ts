import type { Log } from '../core/ports';
import type { DeployedFunction, Deployment } from './deployment';
import type { Invoke } from './invoke';
import { LambdaFunction } from './lambda';

/** Where the emulated services listen. */
export interface Endpoints {
  readonly dynamodb: string;
  readonly kinesis: string;
  readonly eventbridge: string;
  readonly s3: string;
  readonly connections: string;
  readonly secretsmanager: string;
  /** Where front ends post their heartbeats. */
  readonly heartbeats: string;
}

/** Two, so that the next run of the session monitor can take over from the one before. */
const copiesAtMost = 2;

/** The deployed functions, each in workers of its own. */
export class Functions {
  private readonly byName: ReadonlyMap<string, LambdaFunction>;

  constructor(deployment: Deployment, endpoints: Endpoints, log: Log) {
    this.byName = new Map(
      deployment.functions.map((deployed) => [
        deployed.name,
        new LambdaFunction({
          ...deployed,
          environment: environmentFor(deployed, deployment, endpoints),
          concurrency: copiesAtMost,
          log: (line) => log.info(line, { function: deployed.name }),
        }),
      ]),
    );
  }

  invoke(name: string): Invoke {
    const found = this.byName.get(name);
    if (found !== undefined) return found.invoke;
    return async () => ({ kind: 'failed', errorType: 'ResourceNotFoundException', errorMessage: name });
  }

  /** Loads every function, so that the first heartbeat need not wait. */
  async warm(): Promise<void> {
    await Promise.all([...this.byName.values()].map((each) => each.warm()));
  }

  /** Ends what a function has in hand, as a crash would. */
  kill(name: string): void {
    this.byName.get(name)?.kill();
  }

  async close(): Promise<void> {
    await Promise.all([...this.byName.values()].map((each) => each.close()));
  }
}

/** The deployed environment, with the SDK sent to the emulated services instead of AWS. */
function environmentFor(
  { environment }: DeployedFunction,
  { feed, heartbeats }: Deployment,
  endpoints: Endpoints,
): Record<string, string> {
  const deployedFeed = new RegExp(`^https://${feed.apiId}\\.execute-api\\.[^/]+`);
  const local = Object.entries(environment).map(([name, value]) => [
    name,
    value.replace(deployedFeed, endpoints.connections).replace(heartbeats.url, endpoints.heartbeats),
  ]);
  return {
    ...Object.fromEntries(local),
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_KINESIS: endpoints.kinesis,
    AWS_ENDPOINT_URL_EVENTBRIDGE: endpoints.eventbridge,
    AWS_ENDPOINT_URL_S3: endpoints.s3,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoints.secretsmanager,
    // Lambda runs a newer Node.js than this machine may have.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}
