/** What the stack hands to heartbeat-endpoint. Both sides import these names, so a rename breaks the build. */
export const environment = {
  /** Name of the Kinesis stream that beats go to. */
  stream: 'BEATS_STREAM',
  /** Where it notes that it turned a beat away. */
  watermarks: 'WATERMARKS_TABLE',
  /** Id of the secret by which it knows the session monitor's canaries. */
  canarySecret: 'CANARY_SECRET',
  /** JSON: the issuers whose tokens are accepted, see adapters/aws/token-verifier. */
  issuers: 'TOKEN_ISSUERS',
  /** Name of the token claim that holds the rights. */
  claim: 'RIGHTS_CLAIM',
  /** JSON: timings that differ from the defaults of core/timings. */
  timings: 'TIMINGS',
  /** JSON: limits that differ from the defaults of core/limits. */
  limits: 'LIMITS',
} as const;
