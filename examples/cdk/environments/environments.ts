import type { Environment } from '../../../lib/environment';

const tags = { team: 'platform', 'cost-center': '4711' };

/** What all environments that people rely on have in common. */
const reliable = {
  encryption: 'customer-managed',
  logRetentionDays: 90,
  terminationProtection: true,
  reservedConcurrency: { 'heartbeat-monitor': 5, 'session-monitor': 2 },
  tags,
} as const;

/** Each is a stack of its own, in an account of its own. */
export const environments: Readonly<Record<string, Environment>> = {
  dev: {
    account: '111122223333',
    region: 'us-east-1',
    removeDataOnDelete: true,
    pointInTimeRecovery: false,
    logRetentionDays: 7,
    tags,
  },
  stage: { ...reliable, account: '222233334444', region: 'us-east-1', removeDataOnDelete: true },
  // Deployed first: its firewall is the web ACL that the other region refers to.
  'prod-us': {
    ...reliable,
    account: '333344445555',
    region: 'us-east-1',
    shards: 5,
    expectedSessions: 100_000,
    firewall: { requestsPerAddress: 50_000 },
  },
  'prod-eu': {
    ...reliable,
    account: '333344445555',
    region: 'eu-west-1',
    shards: 2,
    expectedSessions: 40_000,
    firewall: {
      webAclArn:
        'arn:aws:wafv2:us-east-1:333344445555:global/webacl/Rollcall/0a1b2c3d-0000-4000-8000-000000000000',
    },
  },
};
