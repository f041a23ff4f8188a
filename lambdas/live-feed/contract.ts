/** What the stack hands to live-feed. Both sides import these names, so a rename breaks the build. */
export const environment = {
  regions: 'REGIONS_TABLE',
  facilities: 'FACILITIES_TABLE',
  presence: 'PRESENCE_TABLE',
  changes: 'CHANGES_TABLE',
  connections: 'CONNECTIONS_TABLE',
  watermarks: 'WATERMARKS_TABLE',
  feedEndpoint: 'FEED_ENDPOINT',
  timings: 'TIMINGS',
  /** JSON: limits that differ from the defaults of core/limits. */
  limits: 'LIMITS',
  /** JSON: origins of the pages that may open a socket; an empty list for any. */
  pageOrigins: 'PAGE_ORIGINS',
} as const;

/** The message of the log's line about a handshake that was refused; the stack counts these lines. */
export const refusedSocket = 'socket refused';

/** The routes of the WebSocket API, chosen by `$request.body.action`. */
export const routes = ['$connect', '$disconnect', '$default', 'subscribe', 'unsubscribe', 'ping'] as const;
