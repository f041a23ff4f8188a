import { Stack, Validations } from 'aws-cdk-lib';
import { CfnPolicy } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/**
 * Findings of cdk-nag that were looked at and are meant to be so, each with its reason. They are kept where the resource
 * is made, so that whoever uses the construct with cdk-nag finds them answered.
 * @param reasons by the id of the rule.
 */
export function acknowledge(scope: IConstruct, reasons: Readonly<Record<string, string>>): void {
  const rules = Object.entries(reasons).map(([id, reason]) => ({ id, reason }));
  Validations.of(scope).acknowledge(...rules);
}

/** The same for a permission on a resource whose name ends in `*`. */
export function acknowledgeWildcard(scope: IConstruct, resource: string, reason: string): void {
  acknowledge(scope, { [wildcard('Resource', Stack.of(scope).resolve(resource))]: reason });
}

/** The same for every wildcard in the policies of a function that CDK brings along, and whose policies CDK alone changes. */
export function acknowledgeWildcards(scope: IConstruct, reason: string): void {
  const policies = scope.node.findAll().filter((each) => each instanceof CfnPolicy);
  for (const statement of policies.flatMap(statementsOf)) {
    const findings = [
      ...[statement.Action].flat().map((action) => wildcard('Action', action)),
      ...[statement.Resource].flat().map((resource) => wildcard('Resource', resource)),
    ];
    for (const id of findings.filter((finding) => finding.includes('*')))
      acknowledge(scope, { [id]: reason });
  }
}

/** Of routes of an HTTP API. */
export const verifiedByHandler = {
  'AwsSolutions-APIG4':
    'The handler verifies each token itself, by rules that no authorizer of API Gateway knows',
};

/** Of stages of an API. */
export const withoutAccessLog = {
  'AwsSolutions-APIG1':
    'The functions log what they refuse, without tokens; a line for each beat would cost more than the beat',
  'Serverless-APIGWAccessLogging':
    'The functions log what they refuse, without tokens; a line for each beat would cost more than the beat',
};

interface Statement {
  readonly Action: unknown;
  readonly Resource: unknown;
}

const statementsOf = (policy: CfnPolicy): readonly Statement[] =>
  Stack.of(policy).resolve(policy.policyDocument).Statement;

const wildcard = (kind: 'Action' | 'Resource', resolved: unknown): string =>
  `AwsSolutions-IAM5[${kind}::${inWords(resolved)}]`;

type Json = Readonly<Record<string, unknown>>;

/** A resolved text as cdk-nag writes it: references in angle brackets. */
function inWords(resolved: unknown): string {
  if (typeof resolved !== 'object' || resolved === null) return String(resolved);
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join, 'Fn::Sub': text } = resolved as Json;
  if (Ref !== undefined) return `<${Ref}>`;
  if (Array.isArray(attribute)) return `<${attribute.join('.')}>`;
  if (typeof text === 'string') return text.replaceAll('${', '<').replaceAll('}', '>');
  if (!Array.isArray(join)) return JSON.stringify(resolved);
  const [between, parts] = join as [string, unknown[]];
  return parts.map(inWords).join(between);
}
