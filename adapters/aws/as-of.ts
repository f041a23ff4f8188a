import type { AsOf } from '../../core/ports';

/** A beat is put, polled once a second, and written; what arrived this long ago is in the store when nothing lags. */
const usualLagMs = 3_000;

/** As-of that assumes the usual lag; sources that measure it take its place behind the same port. */
export const assumedAsOf: AsOf = { read: async (nowMs) => nowMs - usualLagMs };
