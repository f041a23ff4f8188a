import { dynamoClient, feedClient } from '../../adapters/aws/clients';
import { DynamoConnectionStore } from '../../adapters/aws/connection-store';
import { ApiGatewayFeed } from '../../adapters/aws/feed-gateway';
import { identified, jsonLog } from '../../adapters/aws/json-log';
import { DynamoPresenceLedger } from '../../adapters/aws/presence-ledger';
import { DynamoRegionReader } from '../../adapters/aws/region-reader';
import { systemClock } from '../../adapters/aws/system-clock';
import { DynamoWatermarks } from '../../adapters/aws/watermarks';
import { jsonSetting, limitsSetting, setting, timingsSetting } from '../environment';
import { freshnessReader } from '../freshness';
import { environment } from './contract';
import { createFeed } from './feed';

const dynamo = dynamoClient();
const timings = timingsSetting(environment.timings);
const watermarks = new DynamoWatermarks(dynamo, setting(environment.watermarks), timings);

const feed = createFeed({
  regions: new DynamoRegionReader(dynamo, {
    regions: setting(environment.regions),
    facilities: setting(environment.facilities),
    changes: setting(environment.changes),
  }),
  presence: new DynamoPresenceLedger(dynamo, {
    facilities: setting(environment.facilities),
    presence: setting(environment.presence),
  }),
  freshness: freshnessReader(watermarks, systemClock, timings),
  connections: new DynamoConnectionStore(dynamo, setting(environment.connections)),
  feed: new ApiGatewayFeed(feedClient(setting(environment.feedEndpoint)), jsonLog),
  clock: systemClock,
  log: jsonLog,
  limits: limitsSetting(environment.limits),
  pageOrigins: jsonSetting(environment.pageOrigins) as readonly string[],
});

export const handler = identified(feed);
