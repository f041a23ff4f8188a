import type { Scenario } from '../scenario';
import { coldStart } from './cold-start';
import { commit } from './commit';
import { endToEnd } from './end-to-end';
import { fanOut } from './fan-out';
import { heartbeatEndpoint } from './heartbeat-endpoint';
import { heartbeatMonitor } from './heartbeat-monitor';
import { manyRegions } from './regions';
import { settle, settleMemory } from './settle';
import { clientSizes } from './sizes';

/** All scenarios, in the order in which they run. */
export const scenarios = {
  'heartbeat-endpoint': heartbeatEndpoint,
  'heartbeat-monitor': heartbeatMonitor,
  settle,
  'settle-memory': settleMemory,
  regions: manyRegions,
  commit,
  'fan-out': fanOut,
  'cold-start': coldStart,
  sizes: clientSizes,
  'end-to-end': endToEnd,
} satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof scenarios;
