import { Template } from 'aws-cdk-lib/assertions';
import { environments } from '../../bin/environments';
import { type Environment, environmentStack } from '../../lib/environment';
import { anApp } from './synthesized';

const stackOf = (name: string, environment: Environment) =>
  environmentStack(anApp(), name, {
    ...environment,
    buildPage: () => undefined,
  });

describe.each(Object.entries<Environment>(environments))('given the environment %s', (name, environment) => {
  const stack = stackOf(name, environment);

  test('then it is a stack of its own, in its region, in the account of whoever deploys', () => {
    expect(stack.stackName).toBe(`Rollcall-${name}`);
    expect(stack.region).toBe(environment.region);
    expect(stack.terminationProtection).toBe(environment.terminationProtection ?? false);
  });

  test('then all that can carry tags says which it is', () => {
    for (const { Properties } of Object.values(
      Template.fromStack(stack).findResources('AWS::DynamoDB::Table'),
    )) {
      expect(Properties.Tags).toContainEqual({ Key: 'environment', Value: name });
    }
  });

  test('then logs are kept for as long as it says, and tables as it says', () => {
    const template = Template.fromStack(stack);
    for (const { Properties } of Object.values(template.findResources('AWS::Logs::LogGroup'))) {
      expect(Properties.RetentionInDays).toBe(environment.logRetentionDays);
    }
    for (const { DeletionPolicy } of Object.values(template.findResources('AWS::DynamoDB::Table'))) {
      expect(DeletionPolicy).toBe(environment.removeDataOnDelete ? 'Delete' : 'Retain');
    }
  });
});

test('given tags and an account, then those are the stack’s', () => {
  const stack = stackOf('other', {
    region: 'eu-west-1',
    account: '111122223333',
    tags: { team: 'platform' },
  });
  expect(stack.account).toBe('111122223333');
  Template.fromStack(stack).hasResourceProperties('AWS::Kinesis::Stream', {
    Tags: [
      { Key: 'environment', Value: 'other' },
      { Key: 'team', Value: 'platform' },
    ],
  });
});
