import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { OperatorsPage } from '../../lib/operators-page';
import { Synthesized, synthesized } from './synthesized';

const stack = synthesized();
const { DistributionConfig: distribution } = stack.only('AWS::CloudFront::Distribution').properties as {
  DistributionConfig: Record<string, unknown>;
};

const connectSources = (of: Synthesized) => {
  const { ResponseHeadersPolicyConfig } = of.only('AWS::CloudFront::ResponseHeadersPolicy').properties as {
    ResponseHeadersPolicyConfig: {
      SecurityHeadersConfig: { ContentSecurityPolicy: { ContentSecurityPolicy: string; Override: boolean } };
    };
  };
  return ResponseHeadersPolicyConfig.SecurityHeadersConfig.ContentSecurityPolicy.ContentSecurityPolicy.split(
    '; ',
  );
};

test('the page begins with index.html, over HTTPS, with its headers', () => {
  expect(distribution).toMatchObject({
    DefaultRootObject: 'index.html',
    DefaultCacheBehavior: {
      ViewerProtocolPolicy: 'redirect-to-https',
      ResponseHeadersPolicyId: '<OperatorsPage/Headers>',
    },
  });
});

test('the page loads nothing of others and talks only to Rollcall and to where users sign in', () => {
  expect(connectSources(stack)).toEqual([
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self' <StatusApi/Api.ApiEndpoint> <LiveFeed/Api.ApiEndpoint> https://cognito-idp.<AWS::Region>.<AWS::URLSuffix> https://<Users/Domain>.auth.<AWS::Region>.amazoncognito.com",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types rollcall-worker',
  ]);
});

test('given an issuer, the page talks to its origin instead', () => {
  const own = synthesized({ tokenIssuers: [{ issuer: 'https://id.example.com/realm', audience: 'page' }] });
  expect(connectSources(own)).toContain(
    "connect-src 'self' <StatusApi/Api.ApiEndpoint> <LiveFeed/Api.ApiEndpoint> https://id.example.com",
  );
});

test('browsers are told to insist on HTTPS, to guess no types and to tell nobody where they were', () => {
  expect(stack.only('AWS::CloudFront::ResponseHeadersPolicy').properties).toMatchObject({
    ResponseHeadersPolicyConfig: {
      SecurityHeadersConfig: {
        ContentSecurityPolicy: { Override: true },
        StrictTransportSecurity: {
          AccessControlMaxAgeSec: 63_072_000,
          IncludeSubdomains: true,
          Override: true,
        },
        ContentTypeOptions: { Override: true },
        ReferrerPolicy: { ReferrerPolicy: 'no-referrer', Override: true },
        FrameOptions: { FrameOption: 'DENY', Override: true },
      },
    },
  });
});

test('the files are private, and CloudFront alone signs for them', () => {
  expect(
    stack.the('AWS::S3::Bucket', 'OperatorsPage/Files').properties.PublicAccessBlockConfiguration,
  ).toEqual({
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  });
  expect(stack.only('AWS::CloudFront::OriginAccessControl').properties).toMatchObject({
    OriginAccessControlConfig: {
      OriginAccessControlOriginType: 's3',
      SigningBehavior: 'always',
      SigningProtocol: 'sigv4',
    },
  });
  expect(distribution.Origins).toMatchObject([
    {
      DomainName: '<OperatorsPage/Files.RegionalDomainName>',
      OriginAccessControlId: '<OperatorsPage/Access.Id>',
    },
  ]);
});

test('only this distribution may read the files', () => {
  const policy = stack.the('AWS::S3::BucketPolicy', 'OperatorsPage/Files/Policy').properties.PolicyDocument;
  expect(policy).toMatchObject({
    Statement: expect.arrayContaining([
      {
        Action: 's3:GetObject',
        Effect: 'Allow',
        Principal: { Service: 'cloudfront.amazonaws.com' },
        Resource: '<OperatorsPage/Files.Arn>/*',
        Condition: {
          StringEquals: {
            'AWS:SourceArn':
              'arn:<AWS::Partition>:cloudfront::<AWS::AccountId>:distribution/<OperatorsPage/Distribution>',
          },
        },
      },
    ]),
  });
});

test('the page finds all addresses in config.json', () => {
  expect(JSON.parse(stack.deployed('config.json') ?? '')).toMatchObject({
    heartbeatUrl: '<HeartbeatEndpoint/Url.FunctionUrl>',
    apiUrl: '<StatusApi/Api.ApiEndpoint>',
    liveUrl: 'wss://<LiveFeed/Api>.execute-api.<AWS::Region>.<AWS::URLSuffix>/live',
  });
});

test('a new deployment shows at once', () => {
  expect(stack.only('Custom::CDKBucketDeployment').properties).toMatchObject({
    DestinationBucketName: '<OperatorsPage/Files>',
    DistributionId: '<OperatorsPage/Distribution>',
    SystemMetadata: { 'cache-control': 'no-cache' },
  });
});

test('files of the deployment before stay, for pages that are open and have not loaded every view yet', () => {
  expect(stack.only('Custom::CDKBucketDeployment').properties.Prune).toBe(false);
});

test('operators are told its address', () => {
  expect(stack.outputs().PageUrl).toBe('https://<OperatorsPage/Distribution.DomainName>/');
});

test('what is deployed is what building the page writes', () => {
  const app = new App({ builtinCloudFormationValidation: false });
  const alone = new Stack(app, 'Stack');
  new OperatorsPage(alone, 'Page').publish({
    buildPage: (outDir) => writeFileSync(join(outDir, 'index.html'), 'who is online?'),
    config: {
      heartbeatUrl: 'https://beats.example.com/',
      apiUrl: 'https://api.example.com',
      liveUrl: 'wss://live.example.com',
      auth: {
        issuer: 'https://id.example.com',
        clientId: 'page',
        scopes: ['openid'],
        rightsClaim: 'rollcall',
      },
    },
    connectTo: [],
  });
  expect(new Synthesized(app, alone, 'Page').deployed('index.html')).toBe('who is online?');
});
