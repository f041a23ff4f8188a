import { completed, type Rule } from '../core/configuration';

/** What AWS lets the account do in the region. Whoever has a quota raised says so, and the checks at synth follow. */
export interface Quotas {
  /** Lambda's concurrent executions; 100 of them cannot be reserved (Lambda guide, "Lambda quotas"). */
  readonly concurrency: number;
  /** Requests a second of API Gateway: HTTP, WebSocket and callbacks together (API Gateway guide, "Quotas"). */
  readonly requestsPerSecond: number;
  /** Kinesis shards; 20,000 in some regions (Kinesis guide, "Quotas and limits"). */
  readonly shards: number;
}

/** What an account has unless it asked for more. A new one may begin with a concurrency of 10. */
export const defaultQuotas: Quotas = { concurrency: 1_000, requestsPerSecond: 10_000, shards: 1_000 };

const wholeFromOne = (name: keyof Quotas): Rule<Quotas> => ({
  holds: ({ [name]: value }) => Number.isInteger(value) && value >= 1,
  sentence: ({ [name]: value }) => `quotas.${name} is ${value}; set it to a whole number from 1.`,
});

/**
 * Completes the given quotas with the defaults.
 * @throws ConfigurationRefused with one sentence per quota that cannot be
 */
export const quotasFrom = (given: Partial<Quotas> = {}): Quotas =>
  completed(
    {
      noun: 'quota',
      defaults: defaultQuotas,
      rules: [wholeFromOne('concurrency'), wholeFromOne('requestsPerSecond'), wholeFromOne('shards')],
    },
    given,
  );
