import { randomBytes } from 'node:crypto';
import { dynamoClient } from '../../adapters/aws/clients';
import { DynamoConnectionStore } from '../../adapters/aws/connection-store';
import { DynamoFacilityHistory } from '../../adapters/aws/facility-history';
import { identified, jsonLog } from '../../adapters/aws/json-log';
import { DynamoMarks } from '../../adapters/aws/marks';
import { DynamoPresenceLedger } from '../../adapters/aws/presence-ledger';
import { DynamoRegionLedger } from '../../adapters/aws/region-ledger';
import { DynamoSessionStore } from '../../adapters/aws/session-store';
import { systemClock } from '../../adapters/aws/system-clock';
import { DynamoWatermarks } from '../../adapters/aws/watermarks';
import { setting, timingsSetting } from '../environment';
import { freshnessReader } from '../freshness';
import { tokenVerifier } from '../token-access';
import { createApi } from './api';
import { environment } from './contract';

const dynamo = dynamoClient();
const timings = timingsSetting(environment.timings);
const watermarks = new DynamoWatermarks(dynamo, setting(environment.watermarks), timings);

const api = createApi({
  regions: new DynamoRegionLedger(dynamo, {
    regions: setting(environment.regions),
    facilities: setting(environment.facilities),
    changes: setting(environment.changes),
    transitions: setting(environment.transitions),
  }),
  history: new DynamoFacilityHistory(dynamo, setting(environment.transitions)),
  presence: new DynamoPresenceLedger(dynamo, {
    facilities: setting(environment.facilities),
    presence: setting(environment.presence),
  }),
  marks: new DynamoMarks(dynamo, setting(environment.regions)),
  sessions: new DynamoSessionStore(dynamo, setting(environment.sessions), timings),
  watermarks,
  freshness: freshnessReader(watermarks, systemClock, timings),
  connections: new DynamoConnectionStore(dynamo, setting(environment.connections)),
  verifier: tokenVerifier(environment),
  newSecret: () => randomBytes(32).toString('base64url'),
  clock: systemClock,
  log: jsonLog,
  timings,
});

export const handler = identified(api);
