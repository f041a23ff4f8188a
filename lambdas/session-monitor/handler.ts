import { assumedAsOf } from '../../adapters/aws/as-of';
import { dynamoClient, eventBridgeClient, feedClient } from '../../adapters/aws/clients';
import { DynamoConnectionStore } from '../../adapters/aws/connection-store';
import { EventBridgeBus } from '../../adapters/aws/event-bus';
import { ApiGatewayFeed } from '../../adapters/aws/feed-gateway';
import { DynamoFence } from '../../adapters/aws/fence';
import { jsonLog } from '../../adapters/aws/json-log';
import { DynamoRegionLedger } from '../../adapters/aws/region-ledger';
import { DynamoSessionStore } from '../../adapters/aws/session-store';
import { systemClock } from '../../adapters/aws/system-clock';
import { setting, timingsSetting } from '../environment';
import { environment } from './contract';
import { createMonitor } from './monitor';

const dynamo = dynamoClient();
const timings = timingsSetting(environment.timings);

export const handler = createMonitor(
  {
    sessions: new DynamoSessionStore(dynamo, setting(environment.sessions), timings),
    ledger: new DynamoRegionLedger(dynamo, {
      regions: setting(environment.regions),
      facilities: setting(environment.facilities),
      changes: setting(environment.changes),
      transitions: setting(environment.transitions),
    }),
    connections: new DynamoConnectionStore(dynamo, setting(environment.connections)),
    feed: new ApiGatewayFeed(feedClient(setting(environment.feedEndpoint)), jsonLog),
    bus: new EventBridgeBus(eventBridgeClient(), setting(environment.eventBus)),
    fence: new DynamoFence(dynamo, setting(environment.regions)),
    asOf: assumedAsOf,
    clock: systemClock,
    log: jsonLog,
  },
  timings,
);
