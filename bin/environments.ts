import type { Environment } from '../lib/environment';

/**
 * Where `npx cdk deploy -c environment=<name>` deploys to. Regions, sizes and tags are examples: make them yours; accounts come
 * from whoever deploys, so that each environment can be in one of its own.
 */
export const environments = {
  /** To be thrown away at any time. */
  dev: {
    region: 'eu-west-1',
    removeDataOnDelete: true,
    pointInTimeRecovery: false,
    logRetentionDays: 7,
  },
  /** As prod is, only smaller. */
  stage: {
    region: 'eu-west-1',
    encryption: 'customer-managed',
    logRetentionDays: 14,
    removeDataOnDelete: true,
    expectedSessions: 1_000,
  },
  prod: {
    region: 'eu-west-1',
    encryption: 'customer-managed',
    logRetentionDays: 90,
    shards: 2,
    expectedSessions: 20_000,
    // Whatever else the account runs, beats are read and status is settled.
    reservedConcurrency: { 'heartbeat-monitor': 4, 'session-monitor': 2 },
    terminationProtection: true,
  },
} as const satisfies Readonly<Record<string, Environment>>;
