import { Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Key } from 'aws-cdk-lib/aws-kms';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { ConfigurationRefused } from '../../core/errors';
import { Rollcall } from '../../lib/rollcall';
import type { RollcallProps } from '../../lib/rollcall-props';
import { anApp } from './synthesized';

const issuer = { issuer: 'https://id.example.com', audience: 'rollcall' };

/** A bad configuration: what is wrong with it, the props, and the beginning of what is said. */
type Bad = readonly [
  name: string,
  props: RollcallProps | ((stack: Stack) => RollcallProps),
  sentence: string,
];

/** Synthesizing with these props, in a stack that goes to eu-west-1. */
const synthesizing = (props: Bad[1]) => () => {
  const app = anApp();
  const stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
  new Rollcall(stack, 'Rollcall', typeof props === 'function' ? props(stack) : props);
};

const certificateIn = (stack: Stack, region: string) =>
  Certificate.fromCertificateArn(stack, region, `arn:aws:acm:${region}:111122223333:certificate/1`);

/** A domain with which nothing is wrong. */
const domain = (stack: Stack) => ({
  domainName: 'status.example.com',
  certificate: certificateIn(stack, 'eu-west-1'),
  pageCertificate: certificateIn(stack, 'us-east-1'),
});

const timings: readonly Bad[] = [
  ['beats too seldom', { timings: { beatSeconds: 301 } }, 'beatSeconds is 301; set it between 5 and 300.'],
  ['one lost beat too many', { timings: { allowance: 1 } }, 'allowance is 1; set it to 2 or more'],
  [
    'more reserve than lease',
    { timings: { renewBeats: 4 } },
    'renewBeats is 4; set it to at most the allowance, 3.',
  ],
  [
    'a grace as long as a beat',
    { timings: { leaveGraceSeconds: 30 } },
    'leaveGraceSeconds is 30; set it below beatSeconds, 30.',
  ],
  ['no tick a minute', { timings: { tickSeconds: 61 } }, 'tickSeconds is 61; set it between 1 and 60.'],
  [
    'a batch window as long as the tick',
    { timings: { batchWindowSeconds: 5 } },
    'batchWindowSeconds is 5; set it below tickSeconds, 5.',
  ],
  [
    'a feed that always counts as delayed',
    { timings: { tickSeconds: 10, freshnessSeconds: 30 } },
    'freshnessSeconds is 30; set it above 2 × tickSeconds + batchWindowSeconds + 10, which is 30.',
  ],
  [
    'records given up at once',
    { timings: { maxRecordAgeSeconds: 59 } },
    'maxRecordAgeSeconds is 59; Lambda takes 60 to 604800',
  ],
  [
    'rows gone before their records',
    { timings: { ttlBehindLeaseSeconds: 600 } },
    'ttlBehindLeaseSeconds is 600; set it above maxRecordAgeSeconds, 600',
  ],
  [
    'records retried for longer than the stream keeps them',
    { timings: { maxRecordAgeSeconds: 90_000, ttlBehindLeaseSeconds: 100_000 } },
    'timings.maxRecordAgeSeconds is 90000; set it to at most 86400',
  ],
  ['a negative timing', { timings: { slackSeconds: -1 } }, 'Every timing must be a finite number'],
];

const quotas: readonly Bad[] = [
  ['a body that Lambda refuses', { limits: { bodyBytes: 7_000_000 } }, 'bodyBytes is 7000000; set it to'],
  ['a message that no frame holds', { limits: { feedMessageBytes: 40_000 } }, 'feedMessageBytes is 40000;'],
  ['more shards than the account has', { shards: 1_001 }, 'shards is 1001; set it to at most the account'],
  [
    'more shards than can be read at once',
    { shards: 600 },
    "shards is 600, and each keeps one of the account's 1000 concurrent executions busy; set it to at most 500",
  ],
  [
    'more sessions than the shards take',
    { expectedSessions: 60_000 },
    'expectedSessions is 60000, which is 2000 beats a second; set shards to 3 or more, or to on-demand.',
  ],
  [
    'more sessions than the HTTP API lets through',
    { expectedSessions: 300_000, shards: 10, frontDoor: 'http-api' },
    'expectedSessions is 300000, which is 10000 beats a second, more than the 8000 that the http-api lets through; set frontDoor to function-url',
  ],
  [
    'more sessions than the reserved copies of the endpoint answer',
    { expectedSessions: 30_000, reservedConcurrency: { 'heartbeat-endpoint': 20 } },
    'set reservedConcurrency.heartbeat-endpoint to 100 or more',
  ],
  [
    'fewer readers than shards',
    { shards: 4, reservedConcurrency: { 'heartbeat-monitor': 3 } },
    'reservedConcurrency.heartbeat-monitor is below the number of shards; set it to 4 or more',
  ],
  [
    'no room for a successor',
    { reservedConcurrency: { 'session-monitor': 1 } },
    'reservedConcurrency.session-monitor is 1; set it to 2 or more',
  ],
  [
    'more reserved than the account has',
    { reservedConcurrency: { 'heartbeat-endpoint': 901 } },
    'reservedConcurrency adds up to 901; set it to at most 900 together',
  ],
  ['a quota of nothing', { quotas: { concurrency: 0 } }, 'quotas.concurrency is 0; set it to a whole number'],
];

const contradictions: readonly Bad[] = [
  [
    'readers reserved for a stream that grows',
    { shards: 'on-demand', reservedConcurrency: { 'heartbeat-monitor': 4 } },
    'reservedConcurrency.heartbeat-monitor cannot follow a stream that is on-demand; leave it out',
  ],
  [
    'ways back from an issuer of one’s own',
    { signInUrls: ['https://app.example.com/'], tokenIssuers: [issuer] },
    'Leave out signInUrls or tokenIssuers',
  ],
  [
    'any origin and some',
    { allowedOrigins: ['*', 'https://app.example.com'] },
    'allowedOrigins names * beside other origins; leave out * or the others.',
  ],
  [
    'a claim of nobody',
    { rightsClaim: 'rights' },
    'Leave out rollcall.rightsClaim or add rollcall.tokenIssuers',
  ],
  [
    'a user pool and other issuers',
    (stack) => ({ userPool: new UserPool(stack, 'Pool'), tokenIssuers: [issuer] }),
    'Leave out userPool or tokenIssuers;',
  ],
  [
    'sign-in pages of no pool',
    { userPoolSignInUrl: 'https://login.example.com' },
    'Leave out userPoolSignInUrl or add userPool',
  ],
  [
    'sign-in pages without TLS',
    (stack) => ({ userPool: new UserPool(stack, 'Pool'), userPoolSignInUrl: 'http://login.example.com' }),
    'userPoolSignInUrl is http://login.example.com; set it to a URL that begins with https://.',
  ],
  [
    'attributes of no pool',
    { userPoolRequiredAttributes: ['email'] },
    'Leave out userPoolRequiredAttributes or add userPool',
  ],
  [
    'a user pool as an issuer, without where its tokens come from',
    {
      tokenIssuers: [
        { issuer: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_EXAMPLE', audience: 'page' },
      ],
    },
    'set tokenIssuers[0].signInOrigins to that, such as ["https://<prefix>.auth.<region>.amazoncognito.com"]',
  ],
  [
    'origins of an issuer at which the page does not sign in',
    {
      tokenIssuers: [
        issuer,
        { ...issuer, issuer: 'https://other.example.com', signInOrigins: ['https://login.example.com'] },
      ],
    },
    'Leave out signInOrigins of every entry of tokenIssuers but the first',
  ],
  [
    'a key, and none',
    (stack) => ({ encryptionKey: new Key(stack, 'Key'), encryption: 'aws-managed' }),
    'Leave out encryptionKey, or encryption',
  ],
  [
    'a domain that is a URL',
    (stack) => ({ domain: { ...domain(stack), domainName: 'https://status.example.com' } }),
    'domain.domainName is https://status.example.com; set it to a name in lower case',
  ],
  [
    'a domain outside of its zone',
    (stack) => ({
      domain: {
        ...domain(stack),
        hostedZone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
          hostedZoneId: 'Z1',
          zoneName: 'example.org',
        }),
      },
    }),
    'domain.domainName is status.example.com, outside of its hosted zone',
  ],
  [
    'a certificate of another region',
    (stack) => ({ domain: { ...domain(stack), certificate: certificateIn(stack, 'eu-west-3') } }),
    'domain.certificate is in eu-west-3; give one of eu-west-1, the region of the stack',
  ],
  [
    'a page without a certificate that CloudFront finds',
    (stack) => ({
      domain: { domainName: 'status.example.com', certificate: certificateIn(stack, 'eu-west-1') },
    }),
    'The certificate of the page is in eu-west-1; set domain.pageCertificate to one in us-east-1',
  ],
  [
    'a firewall in another region',
    { firewall: {} },
    'A web ACL for CloudFront can be made in us-east-1 alone, and the stack goes to eu-west-1;',
  ],
  [
    'a web ACL of one region',
    {
      firewall: {
        webAclArn:
          'arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/a/0a1b2c3d-0000-4000-8000-000000000000',
      },
    },
    'Correct the setting rollcall.firewall.webAclArn: expected the ARN of a web ACL for CloudFront',
  ],
  [
    'a rate for a web ACL that is there',
    {
      firewall: {
        requestsPerAddress: 100,
        webAclArn:
          'arn:aws:wafv2:us-east-1:111122223333:global/webacl/a/0a1b2c3d-0000-4000-8000-000000000000',
      },
    },
    'Leave out firewall.requestsPerAddress or firewall.webAclArn',
  ],
  [
    'logs for a number of days that CloudWatch does not know',
    { logRetentionDays: 31 },
    'Correct the setting rollcall.logRetentionDays: expected one of 1, 3, 5, 7, 14, 30, 60,',
  ],
];

describe.each([
  ['timings that cannot hold', timings],
  ['more than AWS lets an account do', quotas],
  ['options that contradict each other', contradictions],
])('given %s, then synthesis ends with a sentence that says what to change:', (_, configurations) => {
  test.each(configurations)('%s', (__, props, sentence) => {
    expect(synthesizing(props)).toThrow(ConfigurationRefused);
    expect(synthesizing(props)).toThrow(sentence);
  });
});

test('given several things to change, then each is named', () => {
  const props: RollcallProps = {
    expectedSessions: 60_000,
    reservedConcurrency: { 'session-monitor': 1 },
    allowedOrigins: ['*', 'https://app.example.com'],
  };
  for (const part of ['set shards to 3', 'session-monitor is 1', 'allowedOrigins names *']) {
    expect(synthesizing(props)).toThrow(part);
  }
});

test('given quotas that were raised, then more is possible', () => {
  expect(
    synthesizing({ shards: 600, quotas: { concurrency: 5_000 }, buildPage: () => undefined }),
  ).not.toThrow();
});

test('given a user pool as an issuer at which the page does not sign in, then it needs no origins', () => {
  const pool = { issuer: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_EXAMPLE', audience: 'apps' };
  expect(synthesizing({ tokenIssuers: [issuer, pool], buildPage: () => undefined })).not.toThrow();
});
