import { hash } from 'node:crypto';
import { AwsFault } from '../aws-json';

/** Hash keys are 128 bits (Kinesis API reference, HashKeyRange). */
export const hashKeySpace = 2n ** 128n;

/** Both ends belong to the range. */
export interface HashKeyRange {
  readonly start: bigint;
  readonly end: bigint;
}

/** Kinesis hashes a partition key with MD5 to find its shard. */
export const hashKeyOf = (partitionKey: string): bigint => BigInt(`0x${hash('md5', partitionKey)}`);

/** The whole space in `count` ranges of equal size. */
export const evenRanges = (count: number): readonly HashKeyRange[] =>
  Array.from({ length: count }, (_, index) => ({
    start: (hashKeySpace * BigInt(index)) / BigInt(count),
    end: (hashKeySpace * BigInt(index + 1)) / BigInt(count) - 1n,
  }));

/** @throws AwsFault for what is no hash key in decimal digits */
export function hashKeyFrom(text: unknown): bigint {
  if (typeof text !== 'string' || !/^(0|[1-9]\d{0,38})$/.test(text)) {
    throw new AwsFault('ValidationException', `${text} is no hash key.`);
  }
  const hashKey = BigInt(text);
  if (hashKey < hashKeySpace) return hashKey;
  throw new AwsFault('InvalidArgumentException', `The hash key ${text} is out of range.`);
}
