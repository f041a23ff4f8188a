import { KinesisBeatStream } from '../../adapters/aws/beat-stream';
import { dynamoClient, kinesisClient, secretsClient } from '../../adapters/aws/clients';
import { identified, jsonLog } from '../../adapters/aws/json-log';
import { ManagedSecret } from '../../adapters/aws/secret';
import { systemClock } from '../../adapters/aws/system-clock';
import { DynamoWatermarks } from '../../adapters/aws/watermarks';
import { limitsSetting, setting, timingsSetting } from '../environment';
import { tokenVerifier } from '../token-access';
import { environment } from './contract';
import { createEndpoint } from './endpoint';

const timings = timingsSetting(environment.timings);

const endpoint = createEndpoint(
  {
    stream: new KinesisBeatStream(kinesisClient(), setting(environment.stream), systemClock),
    watermarks: new DynamoWatermarks(dynamoClient(), setting(environment.watermarks), timings),
    verifier: tokenVerifier(environment),
    canarySecret: new ManagedSecret(secretsClient(), setting(environment.canarySecret), systemClock),
    clock: systemClock,
    log: jsonLog,
    limits: limitsSetting(environment.limits),
  },
  timings,
);

export const handler = identified(endpoint);
