import type { Log } from '../core/ports';
import type { DeployedFunction, Deployment } from './deployment';
import { functionLog } from './function-log';
import type { Invoke } from './invoke';
import { LambdaFunction } from './lambda';
import type { Metering } from './metering';
import type { Permissions } from './permissions/permissions';
import { loggingAccesses, tracingAccesses } from './permissions/platform-accesses';

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

export interface FunctionsParts {
  readonly deployment: Deployment;
  /** Where the functions reach the services. */
  readonly endpoints: Endpoints;
  /** What Lambda itself does for a function, it does by the function's permissions. */
  readonly permissions: Permissions;
  readonly metering: Metering;
  readonly log: Log;
}

/** The deployed functions, each in workers of its own. */
export class Functions {
  private readonly byName: Map<string, LambdaFunction>;
  private readonly memoryMb: ReadonlyMap<string, number>;
  private readonly replaced: LambdaFunction[] = [];

  constructor(private readonly parts: FunctionsParts) {
    this.memoryMb = new Map(parts.deployment.functions.map(({ name, memoryMb }) => [name, memoryMb]));
    this.byName = new Map(parts.deployment.functions.map((deployed) => [deployed.name, this.made(deployed)]));
  }

  /** The function of a name, whichever code it has when it is invoked. */
  invoke(name: string): Invoke {
    return async (event) => {
      const found = this.byName.get(name);
      const memoryMb = this.memoryMb.get(name);
      if (found !== undefined)
        return await this.parts.metering.invoking(
          { name, ...(memoryMb && { memoryMb }) },
          found.invoke,
        )(event);
      return { kind: 'failed', errorType: 'ResourceNotFoundException', errorMessage: name };
    };
  }

  /**
   * Puts other code, with its environment, in the place of a function's, as a deployment does: what runs ends with the
   * code that it began with (Lambda guide, "Updating function code").
   * @throws FunctionDidNotStart, and then nothing is replaced
   */
  async replace(deployed: DeployedFunction): Promise<void> {
    const next = this.made(deployed);
    await next.warm();
    const before = this.byName.get(deployed.name);
    this.byName.set(deployed.name, next);
    if (before === undefined) return;
    this.replaced.push(before);
    before.retire();
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
    await Promise.all([...this.byName.values(), ...this.replaced].map((each) => each.close()));
  }

  private made(deployed: DeployedFunction): LambdaFunction {
    const { deployment, endpoints, permissions, log } = this.parts;
    const write = functionLog(deployed.name, log);
    return new LambdaFunction({
      ...deployed,
      environment: environmentFor(deployed, deployment, endpoints),
      concurrency: copiesAtMost,
      log: (line) => void this.writeIfAllowed(deployed, line, write),
      // Lambda makes a log stream for each copy.
      onStart: () => void permissions.refusalOf(deployed.name, loggingAccesses(deployed)),
      onInvoke: () => void permissions.refusalOf(deployed.name, tracingAccesses(deployed)),
    });
  }

  /** A function that may not write its log runs without one. */
  private async writeIfAllowed(
    deployed: DeployedFunction,
    line: string,
    write: (line: string) => void,
  ): Promise<void> {
    const refusal = await this.parts.permissions.refusalOf(deployed.name, loggingAccesses(deployed));
    if (refusal === undefined) write(line);
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
