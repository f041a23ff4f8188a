import { beatLimits } from './beat';
import { completed, type Rule } from './configuration';

/** How much one caller may ask for, so that one that runs wild costs the others nothing (AC5). */
export interface Limits {
  /** A session that beats again within this is turned away; 0 takes every beat. */
  readonly minBeatSeconds: number;
  /** Sockets of the live feed that one subject may have open at once. */
  readonly connectionsPerSubject: number;
  /** Subscriptions that one socket may hold, at most 500; each ping reads all of them and is answered in one message. */
  readonly subscriptionsPerConnection: number;
  /** Length of a client's message on the live feed. */
  readonly feedMessageBytes: number;
  /** Length of a request to the heartbeat endpoint. */
  readonly bodyBytes: number;
}

export const defaultLimits: Limits = {
  minBeatSeconds: 2,
  connectionsPerSubject: 20,
  subscriptionsPerConnection: 200,
  feedMessageBytes: 4_096,
  // Fits 500 beats with full attributes.
  bodyBytes: 1_024 * 1_024,
};

/** The whole numbers that a limit may be, and why it ends there. */
const from = (name: keyof Limits, least: number, most: number, why: string): Rule<Limits> => ({
  holds: ({ [name]: value }) => Number.isInteger(value) && value >= least && value <= most,
  sentence: ({ [name]: value }) =>
    `${name} is ${value}; set it to a whole number from ${least} to ${most}, ${why}.`,
});

const rules: readonly Rule<Limits>[] = [
  from(
    'minBeatSeconds',
    0,
    beatLimits.minNextSeconds - 1,
    `since a session may beat every ${beatLimits.minNextSeconds} s`,
  ),
  from('connectionsPerSubject', 1, 1_000, 'since all of them are read whenever one opens'),
  // API Gateway sends no message above 128 KB (API Gateway guide, "Quotas"), and the longest topic takes some 245 bytes of a tick.
  from('subscriptionsPerConnection', 1, 500, 'since the tick that answers a ping must fit one message'),
  from('feedMessageBytes', 512, 32_768, 'since API Gateway takes no longer frame'),
  from('bodyBytes', 16_384, 6 * 1_024 * 1_024, 'since Lambda takes no longer request'),
];

/**
 * Completes the given limits with the defaults.
 * @throws ConfigurationRefused with one sentence per limit that cannot work
 */
export const limitsFrom = (given: Partial<Limits> = {}): Limits =>
  completed({ noun: 'limit', defaults: defaultLimits, rules }, given);
