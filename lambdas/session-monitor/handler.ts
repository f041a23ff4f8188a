import { StreamCanaries } from '../../adapters/aws/canaries';
import {
  dynamoClient,
  eventBridgeClient,
  feedClient,
  kinesisClient,
  secretsClient,
} from '../../adapters/aws/clients';
import { DynamoConnectionStore } from '../../adapters/aws/connection-store';
import { EventBridgeBus } from '../../adapters/aws/event-bus';
import { ApiGatewayFeed } from '../../adapters/aws/feed-gateway';
import { DynamoFence } from '../../adapters/aws/fence';
import { identified, jsonLog } from '../../adapters/aws/json-log';
import { MetricsLog } from '../../adapters/aws/metrics-log';
import { DynamoPresenceLedger } from '../../adapters/aws/presence-ledger';
import { DynamoRegionLedger } from '../../adapters/aws/region-ledger';
import { ManagedSecret } from '../../adapters/aws/secret';
import { DynamoSessionStore } from '../../adapters/aws/session-store';
import { systemClock } from '../../adapters/aws/system-clock';
import { DynamoWatermarks } from '../../adapters/aws/watermarks';
import { canaryAuthorization } from '../canary-token';
import { setting, timingsSetting } from '../environment';
import { metricNamespace } from '../metrics';
import { environment, metrics } from './contract';
import { createMonitor } from './monitor';

const dynamo = dynamoClient();
const timings = timingsSetting(environment.timings);
const canarySecret = new ManagedSecret(secretsClient(), setting(environment.canarySecret), systemClock);

const monitor = createMonitor(
  {
    sessions: new DynamoSessionStore(dynamo, setting(environment.sessions), timings),
    ledger: new DynamoRegionLedger(dynamo, {
      regions: setting(environment.regions),
      facilities: setting(environment.facilities),
      changes: setting(environment.changes),
      transitions: setting(environment.transitions),
    }),
    presence: new DynamoPresenceLedger(dynamo, {
      facilities: setting(environment.facilities),
      presence: setting(environment.presence),
    }),
    connections: new DynamoConnectionStore(dynamo, setting(environment.connections)),
    feed: new ApiGatewayFeed(feedClient(setting(environment.feedEndpoint)), jsonLog),
    bus: new EventBridgeBus(eventBridgeClient(), setting(environment.eventBus)),
    fence: new DynamoFence(dynamo, setting(environment.regions)),
    canaries: new StreamCanaries({
      client: kinesisClient(),
      stream: setting(environment.stream),
      heartbeatUrl: setting(environment.heartbeatUrl),
      authorization: canaryAuthorization(canarySecret),
      log: jsonLog,
    }),
    watermarks: new DynamoWatermarks(dynamo, setting(environment.watermarks), timings),
    clock: systemClock,
    log: jsonLog,
    meter: new MetricsLog(metricNamespace, setting('AWS_LAMBDA_FUNCTION_NAME'), metrics),
  },
  timings,
);

export const handler = identified(monitor);
