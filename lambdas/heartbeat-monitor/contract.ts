/** What the stack hands to heartbeat-monitor. Both sides import these names, so a rename breaks the build. */
export const environment = {
  sessions: 'SESSIONS_TABLE',
  regions: 'REGIONS_TABLE',
  watermarks: 'WATERMARKS_TABLE',
  /** Bucket for records that nobody can read; the event source mapping's on-failure destination is the same one. */
  deadLetters: 'DEAD_LETTERS_BUCKET',
  timings: 'TIMINGS',
} as const;
