import { AwsFault } from '../aws-json';

/** Of one length, so that the order of the texts is that of the numbers. */
const digits = 24;

/** Before that of any record. */
export const firstSequenceNumber = '0'.repeat(digits);

/** Made from the arrival, so that numbers go on growing after a restart that forgot the records before. */
export function sequenceNumberAfter(last: string | undefined, arrivalMs: number): string {
  const byTime = `${arrivalMs}000000`.padStart(digits, '0');
  return last === undefined || byTime > last ? byTime : padded(BigInt(last) + 1n);
}

/** The number just before one, or `undefined` before the first. */
export function sequenceNumberBefore(sequenceNumber: string): string | undefined {
  const before = BigInt(sequenceNumber) - 1n;
  return before < 0n ? undefined : padded(before);
}

/** @throws AwsFault for what is no sequence number */
export function sequenceNumberFrom(text: unknown): string {
  if (typeof text !== 'string' || !/^\d{1,24}$/.test(text)) {
    throw new AwsFault('InvalidArgumentException', `StartingSequenceNumber ${text} is no sequence number.`);
  }
  return padded(BigInt(text));
}

const padded = (value: bigint): string => String(value).padStart(digits, '0');
