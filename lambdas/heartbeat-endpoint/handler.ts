import { KinesisBeatStream } from '../../adapters/aws/beat-stream';
import { kinesisClient } from '../../adapters/aws/clients';
import { jsonLog } from '../../adapters/aws/json-log';
import { systemClock } from '../../adapters/aws/system-clock';
import { JwtTokenVerifier, type TrustedIssuer } from '../../adapters/aws/token-verifier';
import { jsonSetting, setting, timingsSetting } from '../environment';
import { environment } from './contract';
import { createEndpoint } from './endpoint';

export const handler = createEndpoint(
  {
    stream: new KinesisBeatStream(kinesisClient(), setting(environment.stream), systemClock),
    verifier: new JwtTokenVerifier(
      jsonSetting(environment.issuers) as TrustedIssuer[],
      setting(environment.claim),
    ),
    clock: systemClock,
    log: jsonLog,
  },
  timingsSetting(environment.timings),
);
