import { completed, type Rule } from './configuration';

/** Every duration that Rollcall's promises rest on. Two people who disagree on one of them would tell different truths. */
export interface Timings {
  /** How often a front end beats that does not say otherwise in `next`, as @rollcall/client does by its option `interval`. 5–300. */
  readonly beatSeconds: number;
  /** How many intervals a session may stay silent before its lease ends (HB3). At least 2. */
  readonly allowance: number;
  /** Added to every lease, for travel time and jitter (HB3). */
  readonly slackSeconds: number;
  /** How many beats a written lease reaches beyond the one it must, and each tenth one more (HB6); 0 writes every renewal. */
  readonly renewBeats: number;
  /** How long a session that left still counts, so that a page reload is no flap (HB4). */
  readonly leaveGraceSeconds: number;
  /** Pause between two passes of the session monitor. 60 is one pass a minute. */
  readonly tickSeconds: number;
  /** Batching window of the event source mapping. */
  readonly batchWindowSeconds: number;
  /** Age of as-of from which the feed counts as delayed. */
  readonly freshnessSeconds: number;
  /** Records older than this are discarded by the event source mapping. */
  readonly maxRecordAgeSeconds: number;
  /** When a row is removed after its lease, a week before DynamoDB's TTL, and how long leaving is final (HB5, HB7). */
  readonly ttlBehindLeaseSeconds: number;
}

/** The timings that the accuracy figures of the documentation were made with. */
export const defaultTimings: Timings = {
  beatSeconds: 30,
  allowance: 3,
  slackSeconds: 5,
  renewBeats: 1,
  leaveGraceSeconds: 10,
  tickSeconds: 5,
  batchWindowSeconds: 0,
  freshnessSeconds: 30,
  maxRecordAgeSeconds: 600,
  ttlBehindLeaseSeconds: 3_600,
};

const rules: readonly Rule<Timings>[] = [
  {
    holds: (t) => Object.values(t).every((value) => Number.isFinite(value) && value >= 0),
    sentence: () => 'Every timing must be a finite number that is not negative.',
  },
  {
    holds: (t) => t.beatSeconds >= 5 && t.beatSeconds <= 300,
    sentence: (t) => `beatSeconds is ${t.beatSeconds}; set it between 5 and 300.`,
  },
  {
    holds: (t) => t.allowance >= 2,
    sentence: (t) =>
      `allowance is ${t.allowance}; set it to 2 or more, so that one lost beat takes nobody offline.`,
  },
  {
    holds: (t) => t.renewBeats <= t.allowance,
    sentence: (t) => `renewBeats is ${t.renewBeats}; set it to at most the allowance, ${t.allowance}.`,
  },
  {
    holds: (t) => t.leaveGraceSeconds < t.beatSeconds,
    sentence: (t) =>
      `leaveGraceSeconds is ${t.leaveGraceSeconds}; set it below beatSeconds, ${t.beatSeconds}.`,
  },
  {
    holds: (t) => t.tickSeconds >= 1 && t.tickSeconds <= 60,
    sentence: (t) => `tickSeconds is ${t.tickSeconds}; set it between 1 and 60.`,
  },
  {
    holds: (t) => t.batchWindowSeconds < t.tickSeconds,
    sentence: (t) =>
      `batchWindowSeconds is ${t.batchWindowSeconds}; set it below tickSeconds, ${t.tickSeconds}.`,
  },
  {
    holds: (t) => t.freshnessSeconds > 2 * t.tickSeconds + t.batchWindowSeconds + 10,
    sentence: (t) =>
      `freshnessSeconds is ${t.freshnessSeconds}; set it above 2 × tickSeconds + batchWindowSeconds + 10, which is ${2 * t.tickSeconds + t.batchWindowSeconds + 10}.`,
  },
  {
    holds: (t) => t.maxRecordAgeSeconds >= 60 && t.maxRecordAgeSeconds <= 604_800,
    sentence: (t) =>
      `maxRecordAgeSeconds is ${t.maxRecordAgeSeconds}; Lambda takes 60 to 604800 for a Kinesis stream.`,
  },
  {
    holds: (t) => t.ttlBehindLeaseSeconds > t.maxRecordAgeSeconds,
    sentence: (t) =>
      `ttlBehindLeaseSeconds is ${t.ttlBehindLeaseSeconds}; set it above maxRecordAgeSeconds, ${t.maxRecordAgeSeconds}, so that a late record still finds its session.`,
  },
];

/**
 * Completes the given timings with the defaults.
 * @throws ConfigurationRefused with one sentence per broken relation that says what to change.
 */
export const timingsFrom = (given: Partial<Timings> = {}): Timings =>
  completed({ noun: 'timing', defaults: defaultTimings, rules }, given);
