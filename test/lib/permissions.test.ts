import type { Stage } from '../../lib/stage';
import { type Synthesized, synthesized } from './synthesized';

/** Resource → the exact actions that a function may take on it. */
type Permissions = Record<string, readonly string[]>;

const connection = (method: string): string =>
  `arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<LiveFeed/Api>/live/${method}/@connections/*`;

const pushes: Permissions = {
  [connection('POST')]: ['execute-api:ManageConnections'],
  [connection('DELETE')]: ['execute-api:ManageConnections'],
};

const itsOwnLog = (construct: string): Permissions => ({
  [`<${construct}/FunctionLog.Arn>`]: ['logs:CreateLogStream', 'logs:PutLogEvents'],
});

const expected: Record<Stage, Permissions> = {
  'heartbeat-endpoint': {
    ...itsOwnLog('HeartbeatEndpoint'),
    '<Data/Beats.Arn>': ['kinesis:PutRecords'],
    '<Data/Watermarks.Arn>': ['dynamodb:UpdateItem on refusals'],
    '<Data/CanarySecret>': ['secretsmanager:GetSecretValue'],
  },
  'heartbeat-monitor': {
    ...itsOwnLog('HeartbeatMonitor'),
    '<Data/Beats.Arn>': [
      'kinesis:DescribeStream',
      'kinesis:DescribeStreamSummary',
      'kinesis:GetRecords',
      'kinesis:GetShardIterator',
      'kinesis:ListShards',
    ],
    '<Data/Sessions.Arn>': ['dynamodb:BatchGetItem', 'dynamodb:PartiQLInsert', 'dynamodb:PutItem'],
    '<Data/Regions.Arn>': ['dynamodb:UpdateItem'],
    '<Data/Watermarks.Arn>': ['dynamodb:UpdateItem on endpoint, shard *'],
    '<Data/DeadLetters.Arn>': ['s3:ListBucket'],
    '<Data/DeadLetters.Arn>/*': ['s3:PutObject'],
  },
  'session-monitor': {
    ...itsOwnLog('SessionMonitor'),
    '<Data/Sessions.Arn>': ['dynamodb:BatchGetItem', 'dynamodb:DeleteItem', 'dynamodb:Query'],
    '<Data/Presence.Arn>': ['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:Query'],
    '<Data/Regions.Arn>': ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan', 'dynamodb:UpdateItem'],
    '<Data/Facilities.Arn>': [
      'dynamodb:DeleteItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
    ],
    '<Data/Changes.Arn>': ['dynamodb:PutItem', 'dynamodb:Query'],
    '<Data/Transitions.Arn>': ['dynamodb:PutItem'],
    '<Data/Connections.Arn>': ['dynamodb:DeleteItem', 'dynamodb:Query'],
    '<Data/Watermarks.Arn>': [
      'dynamodb:GetItem on standing',
      'dynamodb:PutItem on standing',
      'dynamodb:Scan',
      'dynamodb:UpdateItem on refusals, told',
    ],
    '<Data/Beats.Arn>': ['kinesis:ListShards', 'kinesis:PutRecords'],
    '<Data/CanarySecret>': ['secretsmanager:GetSecretValue'],
    '<SessionMonitor/Events.Arn>': ['events:PutEvents'],
    ...pushes,
  },
  'live-feed': {
    ...itsOwnLog('LiveFeed'),
    '<Data/Regions.Arn>': ['dynamodb:Query'],
    '<Data/Watermarks.Arn>': ['dynamodb:GetItem on told'],
    '<Data/Facilities.Arn>': ['dynamodb:GetItem', 'dynamodb:Query'],
    '<Data/Presence.Arn>': ['dynamodb:Query'],
    '<Data/Changes.Arn>': ['dynamodb:Query'],
    '<Data/Connections.Arn>': [
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
    ],
    ...pushes,
  },
  'status-api': {
    ...itsOwnLog('StatusApi'),
    '<Data/Sessions.Arn>': ['dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
    '<Data/Sessions.Arn>/index/byUser': ['dynamodb:Query'],
    '<Data/Presence.Arn>': ['dynamodb:GetItem', 'dynamodb:Query'],
    '<Data/Regions.Arn>': ['dynamodb:Query', 'dynamodb:Scan', 'dynamodb:UpdateItem'],
    '<Data/Facilities.Arn>': ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
    '<Data/Transitions.Arn>': ['dynamodb:PutItem', 'dynamodb:Query'],
    '<Data/Watermarks.Arn>': ['dynamodb:GetItem on standing, told'],
    '<Data/Changes.Arn>': ['dynamodb:PutItem', 'dynamodb:Query'],
    '<Data/Connections.Arn>': ['dynamodb:PutItem'],
  },
};

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: {
    readonly 'ForAllValues:StringLike': { readonly 'dynamodb:LeadingKeys': readonly string[] };
  };
}

/** An action, with the items that it is limited to where it is. */
const actionsOf = ({ Action, Condition }: Statement): readonly string[] => {
  const keys = Condition?.['ForAllValues:StringLike']['dynamodb:LeadingKeys'];
  const on = keys === undefined ? '' : ` on ${[keys].flat().toSorted().join(', ')}`;
  return [Action].flat().map((action) => `${action}${on}`);
};

/** Everything that a function's role is allowed, over all its policies. */
function permissionsOf(stack: Synthesized, stage: Stage): Permissions {
  const role = String(stack.functionOf(stage).properties.Role).replace('.Arn>', '>');
  const statements = stack
    .all('AWS::IAM::Policy')
    .filter(({ properties }) => (properties.Roles as string[]).includes(role))
    .flatMap(({ properties }) => (properties.PolicyDocument as { Statement: Statement[] }).Statement);
  const allowed = new Map<string, string[]>();
  for (const statement of statements) {
    for (const resource of [statement.Resource].flat()) {
      allowed.set(resource, [...(allowed.get(resource) ?? []), ...actionsOf(statement)].sort());
    }
  }
  return Object.fromEntries(allowed);
}

describe.each([{ frontDoor: 'function-url' }, { frontDoor: 'http-api' }])('given %o', (settings) => {
  const stack = synthesized(settings);

  test.each(Object.keys(expected) as Stage[])('%s may do exactly what it does', (stage) => {
    expect(permissionsOf(stack, stage)).toEqual(expected[stage]);
  });

  test.each(Object.keys(expected) as Stage[])('%s has no policy that somebody else may change', (stage) => {
    const role = String(stack.functionOf(stage).properties.Role);
    const found = stack.all('AWS::IAM::Role').find(({ id }) => role === `<${id}.Arn>`);
    expect(found?.properties).toEqual({
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } },
        ],
      },
    });
  });
});
