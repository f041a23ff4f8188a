import { randomBytes } from 'node:crypto';
import { dynamoClient } from '../../adapters/aws/clients';
import { DynamoConnectionStore } from '../../adapters/aws/connection-store';
import { jsonLog } from '../../adapters/aws/json-log';
import { DynamoRegionReader } from '../../adapters/aws/region-reader';
import { systemClock } from '../../adapters/aws/system-clock';
import { JwtTokenVerifier, type TrustedIssuer } from '../../adapters/aws/token-verifier';
import { jsonSetting, setting } from '../environment';
import { createApi } from './api';
import { environment } from './contract';

const dynamo = dynamoClient();

export const handler = createApi({
  regions: new DynamoRegionReader(dynamo, {
    regions: setting(environment.regions),
    facilities: setting(environment.facilities),
    changes: setting(environment.changes),
  }),
  connections: new DynamoConnectionStore(dynamo, setting(environment.connections)),
  verifier: new JwtTokenVerifier(
    jsonSetting(environment.issuers) as TrustedIssuer[],
    setting(environment.claim),
  ),
  newSecret: () => randomBytes(32).toString('base64url'),
  clock: systemClock,
  log: jsonLog,
});
