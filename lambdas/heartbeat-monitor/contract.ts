import type { MetricShape } from '../../core/ports';

/** What the stack hands to heartbeat-monitor. Both sides import these names, so a rename breaks the build. */
export const environment = {
  sessions: 'SESSIONS_TABLE',
  regions: 'REGIONS_TABLE',
  watermarks: 'WATERMARKS_TABLE',
  /** Bucket for records that nobody can read; the event source mapping's on-failure destination is the same one. */
  deadLetters: 'DEAD_LETTERS_BUCKET',
  timings: 'TIMINGS',
} as const;

/** What it tells of its own work, only where there is something: a line per batch would cost more than the batch. */
export const metrics = {
  /** Records that nobody can read, stored as dead letters (HB8). */
  poisonRecords: { name: 'PoisonRecords', unit: 'Count' },
  /** Records that failed and come again. */
  returnedRecords: { name: 'ReturnedRecords', unit: 'Count' },
} as const satisfies Record<string, MetricShape>;

export type HeartbeatMonitorFigure = keyof typeof metrics;
