/**
 * Keys of the items in the Watermarks table. They are apart from each other so that each function may write just its own,
 * which the stack sees to by these names.
 */
export const watermarkItems = {
  /** How far a shard is processed; written by heartbeat-monitor. */
  shard: (shardId: string) => `shard ${shardId}`,
  /** The last canary that went through the endpoint; written by heartbeat-monitor. */
  endpoint: 'endpoint',
  /** When the endpoint last turned beats away; written by heartbeat-endpoint, and by session-monitor for its canaries. */
  refusals: 'refusals',
  /** Where the last tick stood; written by session-monitor. */
  standing: 'standing',
  /** What may be claimed; written by session-monitor. */
  told: 'told',
} as const;
