import type { MetricShape } from '../../core/ports';

/** What the stack hands to session-monitor. Both sides import these names, so a rename breaks the build. */
export const environment = {
  sessions: 'SESSIONS_TABLE',
  facilities: 'FACILITIES_TABLE',
  presence: 'PRESENCE_TABLE',
  regions: 'REGIONS_TABLE',
  changes: 'CHANGES_TABLE',
  transitions: 'TRANSITIONS_TABLE',
  connections: 'CONNECTIONS_TABLE',
  watermarks: 'WATERMARKS_TABLE',
  /** Name of the Kinesis stream, for canaries. */
  stream: 'BEATS_STREAM',
  /** Where front ends post their beats, for canaries. */
  heartbeatUrl: 'HEARTBEAT_URL',
  /** Id of the secret by which the endpoint knows the canaries. */
  canarySecret: 'CANARY_SECRET',
  /** Callback URL of the live feed's stage, `https://…`, where messages to connections are posted. */
  feedEndpoint: 'FEED_ENDPOINT',
  eventBus: 'EVENT_BUS',
  timings: 'TIMINGS',
} as const;

/** What it tells of its own work, once a tick. */
export const metrics = {
  /** Ticks that looked at every region, and those that could not. */
  ticks: { name: 'Ticks', unit: 'Count' },
  failedTicks: { name: 'FailedTicks', unit: 'Count' },
  tickDuration: { name: 'TickDuration', unit: 'Milliseconds' },
  /** How long ago the instant is that the status is true of (TR2); a day at most. */
  asOfAge: { name: 'AsOfAge', unit: 'Seconds' },
  /** Facilities that came online or went offline. */
  transitions: { name: 'Transitions', unit: 'Count' },
  /** Messages to sockets, and those that neither arrived nor found the socket gone. */
  pushes: { name: 'Pushes', unit: 'Count' },
  failedPushes: { name: 'FailedPushes', unit: 'Count' },
  /** How long the public endpoint took to answer the canary, as a front end would have waited. */
  canaryLatency: { name: 'CanaryLatency', unit: 'Milliseconds' },
} as const satisfies Record<string, MetricShape>;

export type SessionMonitorFigure = keyof typeof metrics;
