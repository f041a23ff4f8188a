import { Duration } from 'aws-cdk-lib';

/**
 * What browsers may send and see across origins, the same at every front door. Tokens travel in a header that only the
 * page's own code can set, so no answer depends on an ambient credential, and none is allowed.
 */
export const cors = {
  requestHeaders: ['authorization', 'content-type'],
  /** Without it a browser would hide from the client when to try again. */
  exposedHeaders: ['retry-after'],
  /** No browser remembers a preflight for longer (Chromium: two hours). */
  maxAge: Duration.hours(2),
} as const;
