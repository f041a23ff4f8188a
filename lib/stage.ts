/** The stages that run in Lambda; each has its handler in `lambdas/<stage>/handler.ts`. */
export const stages = [
  'heartbeat-endpoint',
  'heartbeat-monitor',
  'session-monitor',
  'live-feed',
  'status-api',
] as const;

export type Stage = (typeof stages)[number];
