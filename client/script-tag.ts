import { openLive, RollcallError, startHeartbeat, watchFacility, watchRegion } from './index';

/** One global name for pages without a bundler. */
Object.assign(globalThis, {
  Rollcall: { openLive, RollcallError, startHeartbeat, watchFacility, watchRegion },
});
