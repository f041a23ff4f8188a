/** What the stack hands to status-api. Both sides import these names, so a rename breaks the build. */
export const environment = {
  sessions: 'SESSIONS_TABLE',
  regions: 'REGIONS_TABLE',
  facilities: 'FACILITIES_TABLE',
  presence: 'PRESENCE_TABLE',
  changes: 'CHANGES_TABLE',
  transitions: 'TRANSITIONS_TABLE',
  connections: 'CONNECTIONS_TABLE',
  watermarks: 'WATERMARKS_TABLE',
  issuers: 'TOKEN_ISSUERS',
  claim: 'RIGHTS_CLAIM',
  timings: 'TIMINGS',
} as const;

/** The routes of the HTTP API; every other one is answered by the API itself with 404. */
export const routes = [
  'GET /v1/regions',
  'GET /v1/regions/{region}',
  'PUT /v1/regions/{region}',
  'GET /v1/regions/{region}/changes',
  'GET /v1/regions/{region}/registry',
  'GET /v1/regions/{region}/facility',
  'PUT /v1/regions/{region}/facility',
  'DELETE /v1/regions/{region}/facility',
  'GET /v1/regions/{region}/facility/history',
  'PUT /v1/regions/{region}/session',
  'GET /v1/user/facilities',
  'POST /v1/tickets',
  'GET /v1/openapi.json',
] as const;
