import { ConfigurationRefused } from '../../core/errors';
import { defaultLimits } from '../../core/limits';
import { defaultTimings } from '../../core/timings';
import { defaultQuotas } from '../../lib/quotas';
import { settingsFrom } from '../../lib/settings';

const issuer = { issuer: 'https://id.example.com', audience: 'rollcall' };

describe('given no context', () => {
  test('everything has a default that works in a new account', () => {
    expect(settingsFrom(undefined)).toEqual({
      timings: defaultTimings,
      limits: defaultLimits,
      frontDoor: 'function-url',
      allowedOrigins: ['*'],
      shards: 1,
      reservedConcurrency: {},
      sessionMonitorMemoryMb: 512,
      encryption: 'aws-managed',
      pointInTimeRecovery: true,
      logRetentionDays: 30,
      tracing: false,
      removeDataOnDelete: false,
      alarms: true,
      runbookUrl: 'docs/RUNBOOK.md',
      quotas: defaultQuotas,
    });
  });
});

describe('given a context', () => {
  const everything = {
    timings: { tickSeconds: 10, freshnessSeconds: 60 },
    limits: { connectionsPerSubject: 5 },
    frontDoor: 'http-api',
    tokenIssuers: [
      {
        ...issuer,
        jwksUri: 'https://id.example.com/keys',
        tokenUse: 'access',
        signInOrigins: ['https://login.example.com'],
      },
    ],
    rightsClaim: 'rights',
    allowedOrigins: ['https://app.example.com', 'http://localhost:3000'],
    pageOrigins: ['https://status.example.com'],
    shards: 'on-demand',
    expectedSessions: 1_000,
    reservedConcurrency: { 'heartbeat-endpoint': 100, 'session-monitor': 2 },
    sessionMonitorMemoryMb: 1_769,
    encryption: 'customer-managed',
    pointInTimeRecovery: false,
    logRetentionDays: 90,
    tracing: true,
    removeDataOnDelete: true,
    firewall: { requestsPerAddress: 5_000 },
    statusDestination: {
      url: 'https://core.example.com/rollcall',
      keySecret: 'core/rollcall-key',
      callsPerSecond: 10,
    },
    alarms: false,
    runbookUrl: 'https://wiki.example.com/rollcall',
    quotas: { concurrency: 5_000 },
  };
  const read = {
    ...everything,
    timings: { ...defaultTimings, tickSeconds: 10, freshnessSeconds: 60 },
    limits: { ...defaultLimits, connectionsPerSubject: 5 },
    quotas: { ...defaultQuotas, concurrency: 5_000 },
  };

  test('each setting is read from the object of cdk.json', () => {
    expect(settingsFrom(everything)).toEqual(read);
  });

  test('each setting is read from the JSON of the command line', () => {
    expect(settingsFrom(JSON.stringify(everything))).toEqual(read);
  });

  test('a user pool as an issuer is read without its origins too, as npm start does, which signs in elsewhere', () => {
    const pool = {
      issuer: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_EXAMPLE',
      audience: 'page',
    };
    expect(settingsFrom({ tokenIssuers: [pool] }).tokenIssuers).toEqual([pool]);
  });

  test.each(['http://localhost:8787', 'http://127.0.0.1:8787/dev'])(
    'the issuer %s may do without TLS',
    (url) => {
      const { tokenIssuers } = settingsFrom({ tokenIssuers: [{ issuer: url, audience: 'rollcall' }] });
      expect(tokenIssuers).toEqual([{ issuer: url, audience: 'rollcall' }]);
    },
  );
});

describe('a context that cannot work is refused with a sentence that says what to change:', () => {
  test.each<[string, unknown, string]>([
    ['no JSON', '{oops', 'Write the context as JSON'],
    ['no object', [], 'rollcall: expected an object'],
    ['an unknown setting', { shard: 2 }, 'rollcall.shard: expected no such field'],
    ['an unknown timing', { timings: { tick: 2 } }, 'There is no timing tick; choose among'],
    ['a timing that is no number', { timings: { tickSeconds: '5' } }, 'must be a finite number'],
    [
      'timings that contradict each other',
      { timings: { tickSeconds: 20 } },
      'freshnessSeconds is 30; set it above',
    ],
    ['an unknown limit', { limits: { beats: 2 } }, 'There is no limit beats; choose among'],
    [
      'a limit that cannot work',
      { limits: { minBeatSeconds: 5 } },
      'minBeatSeconds is 5; set it to a whole number from 0 to 4',
    ],
    ['no timings', { timings: 5 }, 'rollcall.timings: expected an object'],
    ['an unknown front door', { frontDoor: 'alb' }, 'rollcall.frontDoor: expected function-url or http-api'],
    ['no issuer', { tokenIssuers: [] }, 'rollcall.tokenIssuers: expected at least one entry'],
    [
      'an issuer without TLS',
      { tokenIssuers: [{ ...issuer, issuer: 'http://id.example.com' }] },
      'rollcall.tokenIssuers[0].issuer: expected a URL that begins with https://',
    ],
    [
      'keys without TLS',
      { tokenIssuers: [{ ...issuer, jwksUri: 'http://id.example.com' }] },
      'rollcall.tokenIssuers[0].jwksUri: expected a URL that begins with https://',
    ],
    [
      'an endpoint instead of its origin',
      { tokenIssuers: [{ ...issuer, signInOrigins: ['https://login.example.com/oauth2/token'] }] },
      'rollcall.tokenIssuers[0].signInOrigins[0]: expected an origin such as',
    ],
    [
      'an origin without TLS to sign in at',
      { tokenIssuers: [{ ...issuer, signInOrigins: ['http://login.example.com'] }] },
      'rollcall.tokenIssuers[0].signInOrigins[0]: expected an origin such as',
    ],
    [
      'an issuer without audience',
      { tokenIssuers: [{ issuer: issuer.issuer }] },
      'rollcall.tokenIssuers[0].audience: expected this field',
    ],
    [
      'an issuer twice',
      { tokenIssuers: [issuer, { ...issuer, audience: 'page' }] },
      'rollcall.tokenIssuers: expected each issuer once',
    ],
    [
      'another use of tokens',
      { tokenIssuers: [{ ...issuer, tokenUse: 'refresh' }] },
      'rollcall.tokenIssuers[0].tokenUse: expected id or access',
    ],
    ['a claim without an issuer', { rightsClaim: 'rights' }, 'Leave out rollcall.rightsClaim or add'],
    [
      'an origin with a path',
      { allowedOrigins: ['https://app.example.com/'] },
      'rollcall.allowedOrigins[0]: expected an origin such as',
    ],
    ['any page', { pageOrigins: ['*'] }, 'rollcall.pageOrigins[0]: expected an origin such as'],
    [
      'a page instead of its origin',
      { pageOrigins: ['https://status.example.com/'] },
      'rollcall.pageOrigins[0]: expected an origin such as',
    ],
    ['no page', { pageOrigins: [] }, 'rollcall.pageOrigins: expected at least one entry, or leave it out'],
    ['no shard', { shards: 0 }, 'rollcall.shards: expected 1 to 20000, or on-demand'],
    ['half a shard', { shards: 1.5 }, 'rollcall.shards: expected 1 to 20000, or on-demand'],
    [
      'no concurrency',
      { reservedConcurrency: { 'live-feed': 0 } },
      'rollcall.reservedConcurrency.live-feed: expected a whole number from 1',
    ],
    ['maybe', { removeDataOnDelete: 'yes' }, 'rollcall.removeDataOnDelete: expected true or false'],
  ])('%s', (_, context, sentence) => {
    const reading = () => settingsFrom(context);
    expect(reading).toThrow(ConfigurationRefused);
    expect(reading).toThrow(sentence);
  });
});
