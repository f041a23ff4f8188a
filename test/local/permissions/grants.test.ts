import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { grantsOf } from '../../../local/permissions/grants';
import { LocalTemplate, TemplateNotUnderstood } from '../../../local/template';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rollcall-grants-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const tableArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/Sessions';

/** What a role may do whose one policy has this statement. */
function grantsFrom(statement: object, role: object = {}) {
  const resources = {
    Sessions: { Type: 'AWS::DynamoDB::Table' },
    Role: { Type: 'AWS::IAM::Role', Properties: role },
    Policy: {
      Type: 'AWS::IAM::Policy',
      Properties: { Roles: [{ Ref: 'Role' }], PolicyDocument: { Statement: [statement] } },
    },
    OfSomebodyElse: {
      Type: 'AWS::IAM::Policy',
      Properties: { Roles: ['Other'], PolicyDocument: { Statement: [{ Action: 'x:y' }] } },
    },
  };
  writeFileSync(join(directory, 'Stack.template.json'), JSON.stringify({ Resources: resources }));
  writeFileSync(join(directory, 'Stack.assets.json'), JSON.stringify({ files: {} }));
  const template = new LocalTemplate(directory, 'Stack');
  return grantsOf(template.only('AWS::IAM::Role'), template);
}

const reads = {
  Effect: 'Allow',
  Action: ['dynamodb:GetItem', 'dynamodb:Query'],
  Resource: [{ 'Fn::GetAtt': ['Sessions', 'Arn'] }, 'arn:other'],
};

test('given a statement of several actions and resources, then each pair is a grant', () => {
  expect(grantsFrom(reads)).toEqual([
    { effect: 'Allow', action: 'dynamodb:GetItem', resource: tableArn },
    { effect: 'Allow', action: 'dynamodb:GetItem', resource: 'arn:other' },
    { effect: 'Allow', action: 'dynamodb:Query', resource: tableArn },
    { effect: 'Allow', action: 'dynamodb:Query', resource: 'arn:other' },
  ]);
});

test('given a condition, then it stands with each grant', () => {
  const Condition = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': 'told' } };

  expect(grantsFrom({ ...reads, Condition })[0]).toMatchObject({
    condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['told'] } },
  });
});

test('given a policy in the role itself, then it counts, too', () => {
  const own = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };

  expect(grantsFrom(reads, { Policies: [{ PolicyDocument: { Statement: [own] } }] })).toHaveLength(5);
});

test.each([
  ['a managed policy', reads, { ManagedPolicyArns: ['arn:aws:iam::aws:policy/Everything'] }],
  ['everything but', { Effect: 'Allow', NotAction: 's3:*', Resource: '*' }, {}],
  [
    'a condition that nobody here knows the value of',
    { ...reads, Condition: { Bool: { 'aws:ViaAWSService': 'true' } } },
    {},
  ],
])('given %s, then it is not guessed what that allows', (_, statement, role) => {
  expect(() => grantsFrom(statement, role)).toThrow(TemplateNotUnderstood);
});
