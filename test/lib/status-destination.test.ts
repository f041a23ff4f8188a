import { settingsFrom } from '../../lib/settings';
import { synthesized } from './synthesized';

const statusDestination = { url: 'https://core.example.com/rollcall', keySecret: 'core/rollcall-key' };

describe('given an endpoint of a core system', () => {
  const stack = synthesized({ statusDestination });

  test('every event of Rollcall, and nothing else, is posted there, for a day, then put aside', () => {
    const rule = stack.only('AWS::Events::Rule').properties;
    expect(rule).toMatchObject({
      EventBusName: '<SessionMonitor/Events>',
      EventPattern: { source: ['rollcall'] },
      Targets: [
        {
          Arn: '<StatusDestination/Endpoint/ApiDestination.Arn>',
          DeadLetterConfig: { Arn: '<StatusDestination/DeadLetters.Arn>' },
          RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
        },
      ],
    });
    expect(stack.only('AWS::Events::ApiDestination').properties).toMatchObject({
      InvocationEndpoint: statusDestination.url,
      HttpMethod: 'POST',
      InvocationRateLimitPerSecond: 50,
    });
  });

  test('each call carries the key, which is in no template', () => {
    expect(stack.only('AWS::Events::Connection').properties).toMatchObject({
      AuthorizationType: 'API_KEY',
      AuthParameters: {
        ApiKeyAuthParameters: {
          ApiKeyName: 'x-api-key',
          ApiKeyValue: '{{resolve:secretsmanager:core/rollcall-key:SecretString:::}}',
        },
      },
    });
  });

  test('the rule may call this endpoint, and no other', () => {
    const { Targets } = stack.only('AWS::Events::Rule').properties as { Targets: { RoleArn: string }[] };
    const role = Targets[0]?.RoleArn.replace('.Arn>', '>') ?? '';
    const policies = stack
      .all('AWS::IAM::Policy')
      .filter(({ properties }) => (properties.Roles as string[]).includes(role));
    expect(policies.map(({ properties }) => properties.PolicyDocument)).toMatchObject([
      {
        Statement: [
          {
            Action: 'events:InvokeApiDestination',
            Resource: expect.stringContaining('StatusDestination/Endpoint'),
          },
        ],
      },
    ]);
  });

  test('the queue takes what that rule puts aside, over TLS, and keeps it for 14 days', () => {
    expect(stack.only('AWS::SQS::Queue').properties).toMatchObject({
      MessageRetentionPeriod: 14 * 86_400,
      SqsManagedSseEnabled: true,
    });
    const policy = JSON.stringify(stack.only('AWS::SQS::QueuePolicy').properties);
    expect(policy).toContain('aws:SecureTransport');
    expect(policy).toContain('<StatusDestination/Rule.Arn>');
  });
});

test('given none, then there is neither rule nor queue', () => {
  const stack = synthesized();
  expect(stack.all('AWS::Events::Rule')).toEqual([]);
  expect(stack.all('AWS::SQS::Queue')).toEqual([]);
});

describe('a destination that cannot work is refused with a sentence:', () => {
  test.each<[string, object, string]>([
    ['without a key', { url: statusDestination.url }, 'rollcall.statusDestination.keySecret'],
    [
      'over plain http',
      { ...statusDestination, url: 'http://localhost/x' },
      'a URL that begins with https://',
    ],
    ['too fast', { ...statusDestination, callsPerSecond: 301 }, 'expected 1 to 300'],
  ])('%s', (_, given, sentence) => {
    expect(() => settingsFrom({ statusDestination: given })).toThrow(sentence);
  });
});
