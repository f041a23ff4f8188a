import type { Rule } from '../core/configuration';
import type { Settings } from './settings';

/** Records a second that a shard takes (Kinesis guide, "Quotas and limits"). */
/** Kinesis takes 1,000 records a second on a shard; at seven tenths of it, a busy minute still fits. */
export const shardRecordsPerSecond = 700;
/** Requests a second that Lambda answers for each unit of concurrency of a function URL (Lambda guide, "Function URLs"). */
const requestsPerConcurrency = 10;
/** What Lambda keeps for functions without a reservation (Lambda guide, "Reserved concurrency"). */
const unreservable = 100;
/** How long the stream keeps its records. */
export const streamRetentionSeconds = 24 * 60 * 60;
/** The share of the account's requests that beats may have, so that a storm leaves some to the operators. */
export const heartbeatShare = 0.8;

const beatsPerSecond = ({ expectedSessions = 0, timings }: Settings): number =>
  Math.ceil(expectedSessions / timings.beatSeconds);

const expected = (s: Settings): string =>
  `expectedSessions is ${s.expectedSessions}, which is ${beatsPerSecond(s)} beats a second`;

const reserved = (s: Settings): number =>
  Object.values(s.reservedConcurrency).reduce((sum: number, each) => sum + each, 0);

const reservable = ({ quotas }: Settings): number => Math.max(0, quotas.concurrency - unreservable);

/** The user pool that the stack makes keeps the rights in an attribute whose name is given. */
export const claimOfOwnIssuers: Rule<Settings> = {
  holds: ({ rightsClaim, tokenIssuers }) => rightsClaim === undefined || tokenIssuers !== undefined,
  sentence: () =>
    'Leave out rollcall.rightsClaim or add rollcall.tokenIssuers: the user pool that the stack makes has its own claim.',
};

/** What must hold among settings, beyond what each may be by itself. */
export const relations: readonly Rule<Settings>[] = [
  {
    holds: ({ timings }) => timings.maxRecordAgeSeconds <= streamRetentionSeconds,
    sentence: ({ timings }) =>
      `timings.maxRecordAgeSeconds is ${timings.maxRecordAgeSeconds}; set it to at most ${streamRetentionSeconds}, since the stream keeps its records for a day.`,
  },
  {
    holds: ({ signInUrls, tokenIssuers }) => signInUrls === undefined || tokenIssuers === undefined,
    sentence: () =>
      'Leave out signInUrls or tokenIssuers: where your own issuer sends users back to is set there.',
  },
  {
    holds: ({ tokenIssuers = [] }) =>
      tokenIssuers.slice(1).every(({ signInOrigins }) => signInOrigins === undefined),
    sentence: () =>
      'Leave out signInOrigins of every entry of tokenIssuers but the first: the page signs in there alone.',
  },
  {
    holds: ({ allowedOrigins }) => !allowedOrigins.includes('*') || allowedOrigins.length === 1,
    sentence: () => 'allowedOrigins names * beside other origins; leave out * or the others.',
  },
  {
    holds: ({ shards, quotas }) => shards === 'on-demand' || shards <= quotas.shards,
    sentence: ({ shards, quotas }) =>
      `shards is ${shards}; set it to at most the account's quota, ${quotas.shards}, or have that raised and say so in quotas.shards.`,
  },
  {
    holds: ({ shards, quotas }) => shards === 'on-demand' || shards <= quotas.concurrency / 2,
    sentence: ({ shards, quotas }) =>
      `shards is ${shards}, and each keeps one of the account's ${quotas.concurrency} concurrent executions busy; set it to at most ${Math.floor(quotas.concurrency / 2)}, or have the quota raised and say so in quotas.concurrency.`,
  },
  {
    holds: (s) => s.shards === 'on-demand' || beatsPerSecond(s) <= s.shards * shardRecordsPerSecond,
    sentence: (s) =>
      `${expected(s)}; set shards to ${Math.ceil(beatsPerSecond(s) / shardRecordsPerSecond)} or more, or to on-demand.`,
  },
  {
    holds: (s) =>
      s.frontDoor !== 'http-api' || beatsPerSecond(s) <= heartbeatShare * s.quotas.requestsPerSecond,
    sentence: (s) =>
      `${expected(s)}, more than the ${heartbeatShare * s.quotas.requestsPerSecond} that the http-api lets through; set frontDoor to function-url, or have the account's quota raised and say so in quotas.requestsPerSecond.`,
  },
  {
    holds: (s) =>
      beatsPerSecond(s) <= (s.reservedConcurrency['heartbeat-endpoint'] ?? Infinity) * requestsPerConcurrency,
    sentence: (s) =>
      `${expected(s)}; set reservedConcurrency.heartbeat-endpoint to ${Math.ceil(beatsPerSecond(s) / requestsPerConcurrency)} or more, since each unit answers 10 a second, or leave it out.`,
  },
  {
    holds: ({ reservedConcurrency: { 'heartbeat-monitor': own }, shards }) =>
      own === undefined || shards === 'on-demand' || own >= shards,
    sentence: ({ shards }) =>
      `reservedConcurrency.heartbeat-monitor is below the number of shards; set it to ${shards} or more, so that each shard is read at any time.`,
  },
  {
    holds: ({ reservedConcurrency: { 'heartbeat-monitor': own }, shards }) =>
      own === undefined || shards !== 'on-demand',
    sentence: () =>
      'reservedConcurrency.heartbeat-monitor cannot follow a stream that is on-demand; leave it out, or set shards to a number.',
  },
  {
    holds: ({ reservedConcurrency: { 'session-monitor': own } }) => own === undefined || own >= 2,
    sentence: () =>
      'reservedConcurrency.session-monitor is 1; set it to 2 or more, since a run ticks until its successor has begun.',
  },
  {
    holds: (s) => reserved(s) <= reservable(s),
    sentence: (s) =>
      `reservedConcurrency adds up to ${reserved(s)}; set it to at most ${reservable(s)} together, since Lambda keeps 100 of the account's ${s.quotas.concurrency}, or have the quota raised and say so in quotas.concurrency.`,
  },
];
