import { type App, type Stage, Tags } from 'aws-cdk-lib';
import type { RollcallProps } from './rollcall-props';
import { RollcallStack } from './rollcall-stack';
import type { RollcallOptions } from './settings';

/** One place that Rollcall is deployed to: an account, a region, and the options that differ from the defaults there. */
export interface Environment extends RollcallOptions, Pick<RollcallProps, 'buildPage'> {
  /**
   * The AWS account.
   * @default that of whoever deploys
   */
  readonly account?: string;
  /** The AWS region. */
  readonly region: string;
  /**
   * Put on every resource that can carry them, for the bill and for who looks after it.
   * @default `environment`: its name
   */
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * Whether CloudFormation refuses to delete the stack.
   * @default false
   */
  readonly terminationProtection?: boolean;
}

/** Rollcall in an environment, as the stack `Rollcall-<name>`. */
export function environmentStack(scope: App | Stage, name: string, environment: Environment): RollcallStack {
  const { account, region, tags = {}, terminationProtection = false, ...options } = environment;
  const stack = new RollcallStack(scope, `Rollcall-${name}`, {
    ...options,
    env: { region, ...(account !== undefined && { account }) },
    terminationProtection,
  });
  // Dashboards took tags only lately; cfn-lint, and CloudFormation in some regions, refuse them still.
  const taggable = { excludeResourceTypes: ['AWS::CloudWatch::Dashboard'] };
  for (const [key, value] of Object.entries({ environment: name, ...tags })) {
    Tags.of(stack).add(key, value, taggable);
  }
  return stack;
}
