import { CfnOutput, Stack, Validations } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { checkedApp } from '../../../bin/checked-app';
import { Rollcall } from '../../../lib/rollcall';

// Users sign in where they always do, and everything is at names of the company: the page at status.example.com, the others
// at api., live. and beats.status.example.com. Certificates and zone exist already.
const stack = new Stack(checkedApp(), 'OwnDomain', {
  env: { account: '111122223333', region: 'eu-central-1' },
});
const certificate = (id: string, region: string) =>
  Certificate.fromCertificateArn(stack, id, `arn:aws:acm:${region}:111122223333:certificate/${id}`);

const rollcall = new Rollcall(stack, 'Rollcall', {
  tokenIssuers: [{ issuer: 'https://login.example.com/realms/clinics', audience: 'rollcall' }],
  rightsClaim: 'rollcall',
  frontDoor: 'http-api',
  allowedOrigins: ['https://desk.example.com'],
  domain: {
    domainName: 'status.example.com',
    certificate: certificate('names-below', 'eu-central-1'),
    pageCertificate: certificate('page', 'us-east-1'),
    hostedZone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
      hostedZoneId: 'Z0123456789ABCDEFGHIJ',
      zoneName: 'example.com',
    }),
  },
});

// The core system reads each facility's changes from a queue of its own.
const undelivered = new Queue(stack, 'Undelivered', { enforceSSL: true });
const changes = new Queue(stack, 'Changes', {
  enforceSSL: true,
  deadLetterQueue: { queue: undelivered, maxReceiveCount: 5 },
});
rollcall.onStatusChange('FacilityChanges', 'FacilityStatusChanged', {
  target: new SqsQueue(changes, { deadLetterQueue: undelivered }),
});
Validations.of(undelivered).acknowledge({
  id: 'Serverless-SQSRedrivePolicy',
  reason: 'Where what could not be delivered ends',
});
new CfnOutput(stack, 'Page', { value: rollcall.page.url });
