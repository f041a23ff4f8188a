import { watermarkAfter } from './as-of';

/** A record of a shard, as far as watermarks need it; in the order of the shard. */
export interface ProcessedRecord {
  readonly sequenceNumber: string;
  readonly arrivalMs: number;
  readonly canary?: 'shard' | 'endpoint';
}

/** How far a batch moves the watermarks. */
export interface Progress {
  /** The shard's watermark; absent where not even the first record was processed. */
  readonly watermarkMs?: number;
  /** Arrival of the last canary of the endpoint that was processed. */
  readonly endpointMs?: number;
  /** Whether canaries were among them, which are noted at once. */
  readonly urgent: boolean;
}

/**
 * What a batch proves: everything before the first record that failed is processed, and nothing after it, since the
 * stream brings that record back with all that follow (TR2).
 */
export function progressOf(records: readonly ProcessedRecord[], failed: ReadonlySet<string>): Progress {
  const firstFailed = records.findIndex(({ sequenceNumber }) => failed.has(sequenceNumber));
  const done = firstFailed === -1 ? records : records.slice(0, firstFailed);
  const endpoint = done.findLast(({ canary }) => canary === 'endpoint');
  const latestMs = done.reduce((latest, { arrivalMs }) => Math.max(latest, arrivalMs), 0);
  return {
    ...(done.length > 0 && { watermarkMs: watermarkAfter(latestMs) }),
    ...(endpoint && { endpointMs: endpoint.arrivalMs }),
    urgent: done.some(({ canary }) => canary !== undefined),
  };
}
