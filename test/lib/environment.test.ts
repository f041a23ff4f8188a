import * as heartbeatEndpoint from '../../lambdas/heartbeat-endpoint/contract';
import * as heartbeatMonitor from '../../lambdas/heartbeat-monitor/contract';
import * as liveFeed from '../../lambdas/live-feed/contract';
import * as sessionMonitor from '../../lambdas/session-monitor/contract';
import * as statusApi from '../../lambdas/status-api/contract';
import type { Stage } from '../../lib/stage';
import { synthesized } from './synthesized';

const contracts: Record<Stage, Record<string, string>> = {
  'heartbeat-endpoint': heartbeatEndpoint.environment,
  'heartbeat-monitor': heartbeatMonitor.environment,
  'session-monitor': sessionMonitor.environment,
  'live-feed': liveFeed.environment,
  'status-api': statusApi.environment,
};
const stages = Object.keys(contracts) as Stage[];

const issuer = { issuer: 'https://id.example.com', audience: 'rollcall' };

/** Where each variable must lead, whichever function reads it. */
const leadsTo: Record<string, string> = {
  BEATS_STREAM: '<Data/Beats>',
  SESSIONS_TABLE: '<Data/Sessions>',
  FACILITIES_TABLE: '<Data/Facilities>',
  PRESENCE_TABLE: '<Data/Presence>',
  REGIONS_TABLE: '<Data/Regions>',
  CHANGES_TABLE: '<Data/Changes>',
  TRANSITIONS_TABLE: '<Data/Transitions>',
  CONNECTIONS_TABLE: '<Data/Connections>',
  WATERMARKS_TABLE: '<Data/Watermarks>',
  CANARY_SECRET: '<Data/CanarySecret>',
  HEARTBEAT_URL: '<HeartbeatEndpoint/Url.FunctionUrl>',
  DEAD_LETTERS_BUCKET: '<Data/DeadLetters>',
  EVENT_BUS: '<SessionMonitor/Events>',
  FEED_ENDPOINT: 'https://<LiveFeed/Api>.execute-api.<AWS::Region>.<AWS::URLSuffix>/live',
  TOKEN_ISSUERS: JSON.stringify([issuer]),
  RIGHTS_CLAIM: 'rollcall',
  TIMINGS: '{}',
  LIMITS: '{}',
  PAGE_ORIGINS: '[]',
};

describe('given the default settings and an issuer', () => {
  const stack = synthesized({ tokenIssuers: [issuer] });

  test.each(stages)('%s finds every name of its contract, and nothing else', (stage) => {
    const expected = Object.values(contracts[stage]).map((name) => [name, leadsTo[name]]);
    expect(stack.environmentOf(stage)).toEqual(Object.fromEntries(expected));
  });
});

describe('given timings that differ from the defaults', () => {
  const stack = synthesized({ timings: { beatSeconds: 60, tickSeconds: 5 } });

  test.each(stages)('%s is told those, and only those', (stage) => {
    expect(stack.environmentOf(stage).TIMINGS).toBe('{"beatSeconds":60}');
  });
});

describe('given limits that differ from the defaults', () => {
  const stack = synthesized({ limits: { minBeatSeconds: 0, connectionsPerSubject: 20 } });

  test.each(['heartbeat-endpoint', 'live-feed'] as const)('AC5 %s is told those, and only those', (stage) => {
    expect(stack.environmentOf(stage).LIMITS).toBe('{"minBeatSeconds":0}');
  });
});

describe('given any settings', () => {
  const stack = synthesized();

  test.each(stages)('%s runs what its handler exports, on arm64, with a log that ends', (stage) => {
    const { properties } = stack.functionOf(stage);
    expect(properties).toMatchObject({
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      LoggingConfig: { LogFormat: 'JSON' },
    });
    const { LogGroup } = properties.LoggingConfig as { LogGroup: string };
    const log = stack.all('AWS::Logs::LogGroup').find(({ id }) => LogGroup === `<${id}>`);
    expect(log?.properties.RetentionInDays).toBe(30);
  });

  test('session-monitor may run longer than its two minutes, everything else ends within one', () => {
    const timeouts = stages.map(
      (stage) => [stage, Number(stack.functionOf(stage).properties.Timeout)] as const,
    );
    for (const [stage, seconds] of timeouts) {
      if (stage === 'session-monitor') expect(seconds).toBeGreaterThan(120);
      else expect(seconds).toBeLessThanOrEqual(60);
    }
  });

  test('no function holds concurrency back unless asked to', () => {
    const reserved = stages.map((stage) => stack.functionOf(stage).properties.ReservedConcurrentExecutions);
    expect(reserved).toEqual(stages.map(() => undefined));
  });
});

test('concurrency is reserved for heartbeat-endpoint when asked for', () => {
  const { properties } = synthesized({ reservedConcurrency: { 'heartbeat-endpoint': 50 } }).functionOf(
    'heartbeat-endpoint',
  );
  expect(properties.ReservedConcurrentExecutions).toBe(50);
});
