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
