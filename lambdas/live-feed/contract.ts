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
} as const;

/** The routes of the WebSocket API, chosen by `$request.body.action`. */
export const routes = ['$connect', '$disconnect', '$default', 'subscribe', 'unsubscribe', 'ping'] as const;
