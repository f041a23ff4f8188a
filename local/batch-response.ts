import type { Invocation } from './invoke';
import type { StreamRecord } from './kinesis-event';

/** What an invocation means for the batch that it was made with. */
export type BatchResult =
  | { readonly kind: 'processed' }
  /** Everything before index `from` was processed. */
  | { readonly kind: 'processed-until'; readonly from: number }
  | { readonly kind: 'failed'; readonly functionError: 'Unhandled' | null; readonly why: string }
  | { readonly kind: 'throttled' };

/**
 * Reads an invocation's outcome as Lambda does for streams (Lambda guide, "Configuring partial batch response with Kinesis
 * Data Streams and Lambda", success and failure conditions).
 * @param reportsItemFailures whether the mapping has `ReportBatchItemFailures`; without, whatever is returned is a success.
 */
export function batchResult(
  invocation: Invocation,
  records: readonly StreamRecord[],
  reportsItemFailures: boolean,
): BatchResult {
  switch (invocation.kind) {
    case 'throttled':
      return { kind: 'throttled' };
    case 'failed':
      return {
        kind: 'failed',
        functionError: 'Unhandled',
        why: `${invocation.errorType}: ${invocation.errorMessage}`,
      };
    case 'returned':
      return reportsItemFailures ? reported(invocation.value, records) : { kind: 'processed' };
  }
}

const processed: BatchResult = { kind: 'processed' };
const malformed = (why: string): BatchResult => ({ kind: 'failed', functionError: null, why });

function reported(response: unknown, records: readonly StreamRecord[]): BatchResult {
  if (response === undefined || response === null || response === '') return processed;
  if (typeof response !== 'object') return malformed('The response is not an object.');
  const failures = 'batchItemFailures' in response ? response.batchItemFailures : undefined;
  if (failures === undefined || failures === null) return processed;
  if (!Array.isArray(failures)) return malformed('batchItemFailures is not a list.');
  return earliestOf(failures, records);
}

/** One identifier that is empty, or of no record of the batch, makes the whole batch a failure. */
function earliestOf(failures: readonly unknown[], records: readonly StreamRecord[]): BatchResult {
  if (failures.length === 0) return processed;
  const indexes = failures.map((failure) =>
    records.findIndex(({ sequenceNumber }) => sequenceNumber === identifierOf(failure)),
  );
  const from = Math.min(...indexes);
  return from === -1 ? malformed('An itemIdentifier names no record.') : { kind: 'processed-until', from };
}

const identifierOf = (failure: unknown): unknown =>
  typeof failure === 'object' && failure !== null && 'itemIdentifier' in failure
    ? failure.itemIdentifier
    : undefined;
