/**
 * Processor time of a whole processor, in milliseconds, as `npm run scale` measured it on this project's machine (2 cores,
 * Node.js 20, 25 November 2026). The handlers alone: what the SDK takes is in bench/metering/lambda-time.ts.
 */
export const measured = {
  /** A beat in heartbeat-endpoint, its signature check included. */
  endpointMs: 0.15,
  /** A beat in heartbeat-monitor. */
  monitorMsPerBeat: 0.0135,
  /** A session or facility that a settle looks at. */
  settleMsPerRow: 0.0067,
  /** A ping in live-feed. */
  feedMs: 0.2,
} as const;
