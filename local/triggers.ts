import { join } from 'node:path';
import { systemClock } from '../adapters/aws/system-clock';
import type { Log } from '../core/ports';
import type { Deployment } from './deployment';
import { FileCheckpoints, MemoryCheckpoints } from './event-source-checkpoints';
import { EventSourceMapping } from './event-source-mapping';
import type { Functions } from './functions';
import type { Streams } from './kinesis/streams';
import type { S3 } from './s3';
import { startSchedule } from './schedule';

export interface TriggerParts {
  readonly deployment: Deployment;
  readonly functions: Functions;
  readonly streams: Streams;
  readonly s3: S3;
  /** Where the mapping remembers how far it read. */
  readonly checkpoints: string | undefined;
  readonly log: Log;
}

interface Trigger {
  close(): Promise<void>;
}

/** Starts what invokes functions by itself: the event source mapping and the schedule. */
export function startTriggers(parts: TriggerParts): readonly Trigger[] {
  const mapping = mappingOf(parts);
  mapping.start();
  const schedule = startSchedule({
    expression: parts.deployment.schedule.expression,
    invoke: parts.functions.invoke(parts.deployment.schedule.functionName),
    clock: systemClock,
    log: parts.log,
  });
  return [{ close: () => mapping.stop() }, { close: () => schedule.stop() }];
}

function mappingOf({
  deployment,
  functions,
  streams,
  s3,
  checkpoints,
  log,
}: TriggerParts): EventSourceMapping {
  const { functionName, deadLetters, ...settings } = deployment.mapping;
  return new EventSourceMapping({
    ...settings,
    stream: deployment.stream.name,
    streams,
    streamArn: `arn:aws:kinesis:us-east-1:000000000000:stream/${deployment.stream.name}`,
    functionArn: `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`,
    invoke: functions.invoke(functionName),
    checkpoints:
      checkpoints === undefined
        ? new MemoryCheckpoints()
        : new FileCheckpoints(join(checkpoints, 'checkpoints.json')),
    onDiscard: (document, key) => s3.put(deadLetters, key, JSON.stringify(document)),
    clock: systemClock,
    log,
  });
}
