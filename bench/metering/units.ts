/**
 * What AWS counts, by the published rules: DynamoDB Developer Guide, "DynamoDB read and write operations"; Kinesis Data
 * Streams pricing; API Gateway pricing; EventBridge pricing. Amounts are rounded up per item, record or message.
 */

const kb = 1_024;

const steps = (bytes: number, step: number): number => Math.max(1, Math.ceil(bytes / step));

/** A write is of 1 KB; whatever it finds, it takes one at least. */
export const writeUnits = (bytes: number): number => steps(bytes, kb);

/** A transaction prepares each item and commits it. */
export const transactWriteUnits = (bytes: number): number => 2 * writeUnits(bytes);

/** One item by its key, of 4 KB; half of it where the answer may be slightly stale. */
export const readUnits = (bytes: number, consistent: boolean): number =>
  steps(bytes, 4 * kb) * (consistent ? 1 : 0.5);

/** A page of a query or scan holds 1 MB; its items are added up before the size is rounded. */
const pageBytes = kb * kb;

/** All pages of a query or scan. */
export function queryUnits(bytes: number, consistent: boolean): number {
  const full = Math.floor(bytes / pageBytes);
  const rest = bytes - full * pageBytes;
  return full * readUnits(pageBytes, consistent) + (rest > 0 || full === 0 ? readUnits(rest, consistent) : 0);
}

/** A record on a provisioned stream, of 25 KB. */
export const putUnits = (bytes: number): number => steps(bytes, 25 * kb);

/** What an on-demand stream bills of a record: whole KB. */
export const onDemandBytes = (bytes: number): number => steps(bytes, kb) * kb;

/** A WebSocket message, of 32 KB. */
export const socketMessages = (bytes: number): number => steps(bytes, 32 * kb);

/** A request to an HTTP API, of 512 KB. */
export const httpApiRequests = (bytes: number): number => steps(bytes, 512 * kb);

/** A custom event, of 64 KB. */
export const busEvents = (bytes: number): number => steps(bytes, 64 * kb);
