const firstMs = 1_000;

/**
 * How long to wait before the next attempt: exponential with full jitter, so that pages that lost the same server do
 * not come back at the same moment.
 * @param failures in a row, 0 for the first wait
 * @param random from 0 to 1
 * @param longestMs no wait is longer
 */
export const backoffMs = (failures: number, random: number, longestMs = 8_000): number =>
  random * Math.min(longestMs, firstMs * 2 ** failures);
