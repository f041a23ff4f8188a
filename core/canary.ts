import { exactly, type Reader, text } from './shape';

/**
 * Beats of nobody, which show how far the stream is processed (TR2): `shard` ones are put on each open shard, `endpoint`
 * ones took the way of every other beat, through the public endpoint.
 */
export type Canary = 'shard' | 'endpoint';

/** By how much the clock of whoever posts one may be off, the time on its way included; the endpoint refuses it if it is more. */
export const canaryToleranceMs = 30_000;

const isCanary = (value: string): value is Canary => value === 'shard' || value === 'endpoint';

const reader = exactly({
  required: { canary: text(isCanary, 'shard or endpoint') as Reader<Canary> },
  optional: {},
});

/** The form of a canary on the stream. */
export const formatCanary = (canary: Canary): string => JSON.stringify({ canary });

/**
 * Reads a record that is said to be a canary.
 * @throws FieldRefused when it is none
 */
export const parseCanary = (value: unknown): Canary => reader(value, '').canary;
