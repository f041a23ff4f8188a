import { type LocalTemplate, type Resource, TemplateNotUnderstood } from '../template';

/** A permission in its smallest part: one action on one resource, as a policy names them. */
export interface Grant {
  readonly effect: 'Allow' | 'Deny';
  readonly action: string;
  readonly resource: string;
  readonly condition?: Conditions;
}

/** Operator → key → values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/**
 * The condition keys that the local services know the values of. Any other would be judged as absent, which some
 * operators take for a match.
 */
const knownKeys: ReadonlySet<string> = new Set(['dynamodb:LeadingKeys', 'dynamodb:EnclosingOperation']);

/**
 * Everything that the policies of a role say, in its smallest parts.
 * @throws TemplateNotUnderstood for what could not be judged here as AWS would
 */
export function grantsOf(role: Resource, template: LocalTemplate): readonly Grant[] {
  return statementsOf(role, template).flatMap(partsOf);
}

function statementsOf(role: Resource, template: LocalTemplate): readonly Statement[] {
  const { ManagedPolicyArns, Policies = [] } = role.properties as {
    ManagedPolicyArns?: readonly string[];
    Policies?: readonly { PolicyDocument: { Statement: readonly Statement[] } }[];
  };
  if (ManagedPolicyArns !== undefined && ManagedPolicyArns.length > 0) {
    throw new TemplateNotUnderstood(`${role.logicalId} has a managed policy; list its actions instead`, {
      actual: ManagedPolicyArns,
    });
  }
  const attached = template
    .all('AWS::IAM::Policy')
    .filter(({ properties }) => (properties.Roles as readonly string[]).includes(role.logicalId))
    .map(({ properties }) => properties as unknown as (typeof Policies)[number]);
  return [...Policies, ...attached].flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

function partsOf(statement: Statement): readonly Grant[] {
  const { Effect: effect, Action, Resource, Condition } = statement;
  if (Action === undefined || Resource === undefined) {
    throw new TemplateNotUnderstood('A statement must name its actions and resources', { actual: statement });
  }
  const condition = Condition && conditionsOf(Condition);
  return [Action]
    .flat()
    .flatMap((action) =>
      [Resource].flat().map((resource) => ({ effect, action, resource, ...(condition && { condition }) })),
    );
}

function conditionsOf(condition: NonNullable<Statement['Condition']>): Conditions {
  const conditions = Object.entries(condition).map(([operator, keys]) => {
    const unknown = Object.keys(keys).find((key) => !knownKeys.has(key));
    if (unknown !== undefined) {
      throw new TemplateNotUnderstood(`The condition key ${unknown} is not known here`, {
        actual: condition,
      });
    }
    return [
      operator,
      Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, [values].flat()])),
    ];
  });
  return Object.fromEntries(conditions);
}
