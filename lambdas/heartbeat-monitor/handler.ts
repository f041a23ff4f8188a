import { dynamoClient, s3Client } from '../../adapters/aws/clients';
import { S3DeadLetters } from '../../adapters/aws/dead-letters';
import { identified, jsonLog } from '../../adapters/aws/json-log';
import { DynamoMarks } from '../../adapters/aws/marks';
import { MetricsLog } from '../../adapters/aws/metrics-log';
import { DynamoSessionStore } from '../../adapters/aws/session-store';
import { systemClock } from '../../adapters/aws/system-clock';
import { DynamoWatermarks } from '../../adapters/aws/watermarks';
import { setting, timingsSetting } from '../environment';
import { metricNamespace } from '../metrics';
import { environment, metrics } from './contract';
import { createMonitor } from './monitor';

const dynamo = dynamoClient();
const timings = timingsSetting(environment.timings);

const monitor = createMonitor(
  {
    sessions: new DynamoSessionStore(dynamo, setting(environment.sessions), timings),
    ledger: new DynamoMarks(dynamo, setting(environment.regions)),
    watermarks: new DynamoWatermarks(dynamo, setting(environment.watermarks), timings),
    deadLetters: new S3DeadLetters(s3Client(), setting(environment.deadLetters)),
    clock: systemClock,
    log: jsonLog,
    meter: new MetricsLog(metricNamespace, setting('AWS_LAMBDA_FUNCTION_NAME'), metrics),
  },
  timings,
);

export const handler = identified(monitor);
