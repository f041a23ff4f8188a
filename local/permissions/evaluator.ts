import { runSimulation } from '@cloud-copilot/iam-simulate';
import { RollcallError } from '../../core/errors';
import { account } from '../arns';
import type { Grant } from './grants';

/** One thing that a call does, as IAM sees it: a call may do several. */
export interface Access {
  readonly action: string;
  readonly resource: string;
  /** Values of condition keys; an absent key is not in the request. */
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

/** What IAM would decide. */
export interface Verdict {
  readonly allowed: boolean;
  /** The grants that allow it, or the denials that forbid it; empty where nothing says anything. */
  readonly because: readonly Grant[];
}

/** A request that no policy could be judged for, such as one with an action that does not exist. */
export class NotJudged extends RollcallError {}

/**
 * Judges an access by the policies of an identity. This is the only place that loads the evaluator
 * (docs/adr/0017-permissions-judged-locally.md).
 * @param principal ARN of the identity
 * @throws NotJudged
 */
export async function judge(principal: string, grants: readonly Grant[], access: Access): Promise<Verdict> {
  const { action, resource, context = {} } = access;
  const simulation = await runSimulation(
    {
      identityPolicies: [{ name: 'role', policy: policyOf(grants) }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      request: {
        principal,
        action,
        resource: { resource, accountId: account },
        contextVariables: Object.fromEntries(
          Object.entries(context).map(([key, values]) => [key, [...values]]),
        ),
      },
    },
    {},
  );
  if (simulation.resultType === 'error') {
    throw new NotJudged(`IAM cannot judge ${action} on ${resource}: ${simulation.errors.message}`, {
      actual: access,
    });
  }
  // An action that has no resources is judged once, for any.
  const [result] = simulation.resultType === 'single' ? [simulation.result] : simulation.results;
  const { overallResult } = simulation;
  const { allowStatements = [], denyStatements = [] } = result?.analysis.identityAnalysis ?? {};
  const decisive = overallResult === 'Allowed' ? allowStatements : denyStatements;
  return {
    allowed: overallResult === 'Allowed',
    because: grants.filter((_, index) => decisive.some(({ explain }) => explain.identifier === sidOf(index))),
  };
}

const sidOf = (index: number): string => `grant${index}`;

/** A statement for each part, so that the answer says which part it rests on. */
const policyOf = (grants: readonly Grant[]): object => ({
  Version: '2012-10-17',
  Statement: grants.map(({ effect, action, resource, condition }, index) => ({
    Sid: sidOf(index),
    Effect: effect,
    Action: action,
    Resource: resource,
    ...(condition && { Condition: condition }),
  })),
});
