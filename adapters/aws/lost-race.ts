import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';

/**
 * A transaction is cancelled as a whole; a failed condition and a conflict with a transaction still under way both mean
 * that somebody else is ahead. Throttling in any of its items is no lost race and goes on to the caller.
 */
export function isLostRace(error: unknown): boolean {
  if (error instanceof ConditionalCheckFailedException) return true;
  // A single write meets a transaction that is still under way.
  if (error instanceof TransactionConflictException) return true;
  if (!(error instanceof TransactionCanceledException)) return false;
  const codes = (error.CancellationReasons ?? []).map((reason) => reason.Code);
  return codes.some((code) => code === 'ConditionalCheckFailed' || code === 'TransactionConflict');
}
