import { defaultTimings } from '../core/timings';
import type { Options } from './options';

/** Audience of the tokens that the local issuer signs. */
export const audience = 'rollcall';

/** The stack's settings for a run on this machine: its own issuer, and the tick that was asked for. */
export const localSettings = ({ tickSeconds }: Options, port: number): object => ({
  timings: {
    tickSeconds,
    freshnessSeconds: Math.max(defaultTimings.freshnessSeconds, leastFreshness(tickSeconds)),
  },
  tokenIssuers: [
    {
      issuer: `http://localhost:${port}`,
      audience,
      // By address: a function must not depend on how this machine resolves names.
      jwksUri: `http://127.0.0.1:${port}/.well-known/jwks.json`,
    },
  ],
});

/** A second more than the relation in core/timings asks for. */
const leastFreshness = (tickSeconds: number): number =>
  2 * tickSeconds + defaultTimings.batchWindowSeconds + 11;
