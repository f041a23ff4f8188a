import { CfnOutput, type Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { ConfigurationRefused } from '../../core/errors';
import type { Rollcall } from '../../lib/rollcall';
import { stages } from '../../lib/stage';
import { type Synthesized, synthesizedIn } from '../lib/synthesized';

const issuer = { issuer: 'https://id.example.com', audience: 'rollcall' };
const configOf = (stack: Synthesized) => JSON.parse(stack.deployed('config.json') ?? '{}');

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** What a role may do, over all its policies. */
const statementsOf = (stack: Synthesized, role: string): readonly Statement[] =>
  stack
    .all('AWS::IAM::Policy')
    .filter(({ properties }) => (properties.Roles as string[]).includes(role))
    .flatMap(({ properties }) => (properties.PolicyDocument as { Statement: Statement[] }).Statement);

describe('given a user pool that is there', () => {
  const pool = (stack: Stack) => new UserPool(stack, 'Pool');

  test('then no other is made, and the page becomes a client of it', () => {
    const stack = synthesizedIn((theirs) => ({ userPool: pool(theirs) }));
    expect(stack.all('AWS::Cognito::UserPool').map(({ id }) => id)).toEqual(['Theirs/Pool']);
    expect(stack.only('AWS::Cognito::UserPoolClient').properties.UserPoolId).toBe('<Theirs/Pool>');
    expect(stack.environmentOf('status-api')).toMatchObject({
      TOKEN_ISSUERS: '[{"issuer":"<Theirs/Pool.ProviderURL>","audience":"<Users/Page>","tokenUse":"id"}]',
      RIGHTS_CLAIM: 'custom:rollcall',
    });
  });

  test('of another stack, then its issuer is made of its id', () => {
    const stack = synthesizedIn((theirs) => ({
      userPool: UserPool.fromUserPoolId(theirs, 'Pool', 'us-east-1_abc'),
    }));
    expect(configOf(stack).auth.issuer).toBe('https://cognito-idp.us-east-1.<AWS::URLSuffix>/us-east-1_abc');
  });

  test('and its sign-in pages, then none are added', () => {
    const userPoolSignInUrl = 'https://login.example.com/';
    const stack = synthesizedIn((theirs) => ({ userPool: pool(theirs), userPoolSignInUrl }));
    expect(stack.all('AWS::Cognito::UserPoolDomain')).toEqual([]);
  });

  test('and a claim that it adds itself, then rights are read from that', () => {
    const stack = synthesizedIn((theirs) => ({ userPool: pool(theirs), rightsClaim: 'rights' }));
    expect(stack.environmentOf('heartbeat-endpoint').RIGHTS_CLAIM).toBe('rights');
    expect(stack.only('AWS::Cognito::UserPoolClient').properties.ReadAttributes).not.toContain(
      'custom:rollcall',
    );
  });
});

describe.each([
  [
    'a key that is there',
    (theirs: Stack) => ({ encryptionKey: new Key(theirs, 'TheirKey') }),
    '<Theirs/TheirKey.Arn>',
  ],
  ['a key of its own', () => ({ encryption: 'customer-managed' as const }), '<Data/Key.Arn>'],
])('given %s', (_, propsIn, key) => {
  const stack = synthesizedIn(propsIn);

  test('then it encrypts all that is stored', () => {
    const tables = stack.all('AWS::DynamoDB::Table').map(({ properties }) => properties.SSESpecification);
    expect(tables).toEqual(tables.map(() => ({ KMSMasterKeyId: key, SSEEnabled: true, SSEType: 'KMS' })));
    expect(stack.only('AWS::Kinesis::Stream').properties.StreamEncryption).toEqual({
      EncryptionType: 'KMS',
      KeyId: key,
    });
    expect(stack.only('AWS::SecretsManager::Secret').properties.KmsKeyId).toBe(key);
    expect(stack.the('AWS::S3::Bucket', 'Data/DeadLetters').properties.BucketEncryption).toMatchObject({
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { KMSMasterKeyID: key } }],
    });
  });

  test.each(stages)('then %s may use it, through the services that store', (stage) => {
    const role = String(stack.functionOf(stage).properties.Role).replace('.Arn>', '>');
    const [statement, ...others] = statementsOf(stack, role).filter(({ Resource }) => Resource === key);
    expect(others).toEqual([]);
    expect([statement?.Action].flat()).toEqual([
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
    ]);
    expect(JSON.stringify(statement?.Condition)).toContain('dynamodb.<AWS::Region>.amazonaws.com');
  });
});

test('given a bus that is there, then changes are published on it', () => {
  const stack = synthesizedIn((theirs) => ({
    eventBus: EventBus.fromEventBusName(theirs, 'Bus', 'company'),
  }));
  expect(stack.all('AWS::Events::EventBus')).toEqual([]);
  expect(stack.environmentOf('session-monitor').EVENT_BUS).toBe('company');
});

describe('given a domain', () => {
  const domainIn = (theirs: Stack) => ({
    domainName: 'status.example.com',
    certificate: Certificate.fromCertificateArn(
      theirs,
      'Certificate',
      'arn:aws:acm:us-east-1:111122223333:certificate/1',
    ),
    hostedZone: HostedZone.fromHostedZoneAttributes(theirs, 'Zone', {
      hostedZoneId: 'Z1',
      zoneName: 'example.com',
    }),
  });
  const recordsOf = (stack: Synthesized) =>
    [...new Set(stack.all('AWS::Route53::RecordSet').map(({ properties }) => properties.Name))].sort();

  test('and an HTTP API for heartbeats, then everything is at names of it', () => {
    const stack = synthesizedIn((theirs) => ({
      domain: domainIn(theirs),
      frontDoor: 'http-api',
      tokenIssuers: [issuer],
    }));
    expect(configOf(stack)).toMatchObject({
      heartbeatUrl: 'https://beats.status.example.com/heartbeat',
      apiUrl: 'https://api.status.example.com',
      liveUrl: 'wss://live.status.example.com',
    });
    expect(stack.environmentOf('session-monitor').HEARTBEAT_URL).toBe(
      'https://beats.status.example.com/heartbeat',
    );
    expect(stack.only('AWS::CloudFront::Distribution').properties.DistributionConfig).toMatchObject({
      Aliases: ['status.example.com'],
      ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2021' },
    });
    expect(recordsOf(stack)).toEqual([
      'api.status.example.com.',
      'beats.status.example.com.',
      'live.status.example.com.',
      'status.example.com.',
    ]);
  });

  test('and a function URL for heartbeats, then that keeps the name that AWS gives', () => {
    const stack = synthesizedIn((theirs) => ({ domain: domainIn(theirs) }));
    expect(configOf(stack).heartbeatUrl).toBe('<HeartbeatEndpoint/Url.FunctionUrl>');
  });

  test('without a zone, then no records are made', () => {
    const stack = synthesizedIn((theirs) => {
      const { hostedZone: _, ...domain } = domainIn(theirs);
      return { domain };
    });
    expect(recordsOf(stack)).toEqual([]);
  });

  test('and a firewall, then that stands at the names of API and heartbeats', () => {
    const stack = synthesizedIn((theirs) => ({ domain: domainIn(theirs), firewall: {} }));
    expect(configOf(stack)).toMatchObject({
      heartbeatUrl: 'https://beats.status.example.com/',
      apiUrl: 'https://api.status.example.com',
    });
    const names = stack
      .all('AWS::CloudFront::Distribution')
      .map(({ properties }) => (properties.DistributionConfig as { Aliases: string[] }).Aliases);
    expect(names.flat().sort()).toEqual([
      'api.status.example.com',
      'beats.status.example.com',
      'status.example.com',
    ]);
  });
});

describe('given a firewall', () => {
  const stack = synthesizedIn(() => ({ firewall: { requestsPerAddress: 5_000 } }));

  test('then heartbeats, API and page are behind it', () => {
    const acls = stack
      .all('AWS::CloudFront::Distribution')
      .map(({ id, properties }) => [id, (properties.DistributionConfig as { WebACLId: string }).WebACLId]);
    expect(acls.sort()).toEqual([
      ['HeartbeatEndpoint/Edge/Distribution', '<Firewall/WebAcl.Arn>'],
      ['OperatorsPage/Distribution', '<Firewall/WebAcl.Arn>'],
      ['StatusApi/Edge/Distribution', '<Firewall/WebAcl.Arn>'],
    ]);
    expect(configOf(stack)).toMatchObject({
      heartbeatUrl: 'https://<HeartbeatEndpoint/Edge/Distribution.DomainName>/',
      apiUrl: 'https://<StatusApi/Edge/Distribution.DomainName>',
    });
  });

  test('then whoever sends too much from one address is blocked', () => {
    const { Rules } = stack.only('AWS::WAFv2::WebACL').properties as { Rules: unknown[] };
    expect(Rules[0]).toMatchObject({
      Action: { Block: {} },
      Statement: { RateBasedStatement: { Limit: 5_000, AggregateKeyType: 'IP' } },
    });
  });

  test('then nothing is cached, and what a front end sends arrives', () => {
    const { DistributionConfig } = stack.the(
      'AWS::CloudFront::Distribution',
      'StatusApi/Edge/Distribution',
    ).properties;
    expect(DistributionConfig).toMatchObject({
      DefaultCacheBehavior: {
        AllowedMethods: expect.arrayContaining(['PUT', 'POST', 'DELETE', 'OPTIONS']),
        // The managed policies CachingDisabled and AllViewerExceptHostHeader (CloudFront guide).
        CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
        OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
      },
    });
  });

  test('that is there, then no other is made', () => {
    const webAclArn =
      'arn:aws:wafv2:us-east-1:111122223333:global/webacl/a/0a1b2c3d-0000-4000-8000-000000000000';
    const theirs = synthesizedIn(() => ({ firewall: { webAclArn } }));
    expect(theirs.all('AWS::WAFv2::WebACL')).toEqual([]);
    expect(
      theirs.the('AWS::CloudFront::Distribution', 'OperatorsPage/Distribution').properties,
    ).toMatchObject({
      DistributionConfig: { WebACLId: webAclArn },
    });
  });
});

describe('what others are granted', () => {
  const grantedBy = (grant: (rollcall: Rollcall, role: Role) => unknown): readonly Statement[] => {
    const stack = synthesizedIn(
      () => ({}),
      (rollcall, theirs) => {
        grant(
          rollcall,
          new Role(theirs, 'Reader', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
        );
      },
    );
    return statementsOf(stack, '<Theirs/Reader>');
  };
  const resourcesOf = (statements: readonly Statement[]) =>
    [...new Set(statements.flatMap(({ Resource }) => Resource as string[]))].sort();

  test('reading status is reading its tables, and no sessions', () => {
    const resources = resourcesOf(grantedBy((rollcall, role) => rollcall.grantReadStatus(role)));
    expect(resources).toEqual([
      '<Data/Changes.Arn>',
      '<Data/Facilities.Arn>',
      '<Data/Presence.Arn>',
      '<Data/Regions.Arn>',
      '<Data/Transitions.Arn>',
    ]);
  });

  test('reading dead letters is reading their bucket', () => {
    const resources = resourcesOf(grantedBy((rollcall, role) => rollcall.grantReadDeadLetters(role)));
    expect(resources).toEqual(['<Data/DeadLetters.Arn>', '<Data/DeadLetters.Arn>/*']);
  });

  test('managing users is managing those of the pool', () => {
    const statements = grantedBy((rollcall, role) => rollcall.grantManageUsers(role));
    expect(resourcesOf(statements)).toEqual(['<Users/Pool.Arn>']);
    expect(statements.flatMap(({ Action }) => Action)).toContain('cognito-idp:AdminUpdateUserAttributes');
  });

  test('managing users of other issuers is refused, and it is said why', () => {
    const granting = () =>
      synthesizedIn(
        () => ({ tokenIssuers: [issuer] }),
        (rollcall, theirs) =>
          rollcall.grantManageUsers(
            new Role(theirs, 'R', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
          ),
      );
    expect(granting).toThrow(ConfigurationRefused);
    expect(granting).toThrow('Leave out grantManageUsers, or tokenIssuers');
  });
});

test('given a rule for changes of facilities, then those of Rollcall alone lead to it', () => {
  const stack = synthesizedIn(
    () => ({}),
    (rollcall) => rollcall.onStatusChange('Changes', 'FacilityStatusChanged', { description: 'theirs' }),
  );
  expect(stack.the('AWS::Events::Rule', 'Changes').properties).toMatchObject({
    Description: 'theirs',
    EventBusName: '<SessionMonitor/Events>',
    EventPattern: { source: ['rollcall'], 'detail-type': ['FacilityStatusChanged'] },
  });
});

test('its metrics are those of the resources that it is made of', () => {
  synthesizedIn(
    () => ({}),
    (rollcall, theirs) => {
      const { heartbeatMonitor, data, api, feed } = rollcall;
      const dimensions = [
        rollcall.metricIteratorAge(),
        rollcall.metricErrors('live-feed'),
        rollcall.metricHeartbeats(),
        rollcall.metricApiServerErrors(),
        rollcall.metricConnections(),
      ].map(({ namespace, metricName, dimensions: of }) => [namespace, metricName, Object.values(of ?? {})]);
      expect(dimensions).toEqual([
        ['AWS/Lambda', 'IteratorAge', [heartbeatMonitor.function.functionName]],
        ['AWS/Lambda', 'Errors', [feed.function.functionName]],
        ['AWS/Kinesis', 'IncomingRecords', [data.beats.streamName]],
        ['AWS/ApiGateway', '5xx', [api.httpApi.apiId]],
        ['AWS/ApiGateway', 'ConnectCount', [feed.webSocketApi.apiId]],
      ]);
      new CfnOutput(theirs, 'Told', { value: rollcall.page.url });
    },
  );
});
