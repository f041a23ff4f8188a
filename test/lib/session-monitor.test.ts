import { synthesized } from './synthesized';

const stack = synthesized();
const monitor = '<SessionMonitor/Function.Arn>';

test('a run starts every minute, at no particular second, and is never repeated', () => {
  expect(stack.only('AWS::Scheduler::Schedule').properties).toMatchObject({
    ScheduleExpression: 'rate(1 minute)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    State: 'ENABLED',
    Target: { Arn: monitor, RetryPolicy: { MaximumRetryAttempts: 0 } },
  });
});

test('Lambda does not repeat a run either', () => {
  expect(stack.only('AWS::Lambda::EventInvokeConfig').properties).toMatchObject({
    FunctionName: '<SessionMonitor/Function>',
    MaximumRetryAttempts: 0,
  });
});

test('the schedule may start session-monitor and nothing else', () => {
  const { Target } = stack.only('AWS::Scheduler::Schedule').properties as { Target: { RoleArn: string } };
  const role = Target.RoleArn.replace('.Arn>', '>');
  const policies = stack
    .all('AWS::IAM::Policy')
    .filter(({ properties }) => (properties.Roles as string[]).includes(role));
  expect(policies.map(({ properties }) => properties.PolicyDocument)).toMatchObject([
    {
      Statement: [{ Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: monitor }],
    },
  ]);
});

test('core systems are told the bus that it publishes on', () => {
  expect(stack.outputs().EventBusName).toBe('<SessionMonitor/Events>');
});
