import { join } from 'node:path';
import { systemClock } from '../adapters/aws/system-clock';
import type { Log } from '../core/ports';
import { arnOf } from './arns';
import type { Deployment } from './deployment';
import { FileCheckpoints, MemoryCheckpoints } from './event-source-checkpoints';
import { EventSourceMapping } from './event-source-mapping';
import type { Faults } from './faults';
import type { Functions } from './functions';
import type { Invoke } from './invoke';
import type { Streams } from './kinesis/streams';
import type { Permissions } from './permissions/permissions';
import { MappingRole } from './permissions/platform-accesses';
import type { S3 } from './s3';
import { type Schedule, startSchedule } from './schedule';

export interface TriggerParts {
  readonly deployment: Deployment;
  readonly functions: Functions;
  readonly permissions: Permissions;
  readonly streams: Streams;
  readonly s3: S3;
  /** Where the mapping remembers how far it read. */
  readonly checkpoints: string | undefined;
  readonly faults: Faults;
  readonly log: Log;
}

interface Trigger {
  close(): Promise<void>;
}

/** Starts what invokes functions by itself: the event source mapping and the schedule. */
export function startTriggers(parts: TriggerParts): readonly Trigger[] {
  const mapping = mappingOf(parts);
  parts.faults.follow(({ heartbeatMonitor, stuckShards, busyShards }) => {
    parts.streams.throttles = (shardId) => busyShards.includes(shardId);
    mapping.stick(stuckShards);
    if (heartbeatMonitor === 'stopped') mapping.pause();
    else mapping.resume();
  });
  mapping.start();
  const schedule = scheduleOf(parts);
  return [{ close: () => mapping.stop() }, { close: () => schedule.stop() }];
}

function scheduleOf({ deployment, functions, faults, log }: TriggerParts): Schedule {
  const { expression, functionName } = deployment.schedule;
  const invoke = functions.invoke(functionName);
  const unlessStopped: Invoke = async (event) =>
    faults.state.sessionMonitor === 'stopped' ? { kind: 'returned', value: null } : invoke(event);
  faults.follow(({ sessionMonitor }, before) => {
    if (sessionMonitor === before.sessionMonitor) return;
    if (sessionMonitor === 'stopped') functions.kill(functionName);
    // At once, as after a deployment, rather than with the next minute.
    else void invoke({});
  });
  return startSchedule({ expression, invoke: unlessStopped, clock: systemClock, log });
}

function mappingOf({
  deployment,
  functions,
  permissions,
  streams,
  s3,
  checkpoints,
  log,
}: TriggerParts): EventSourceMapping {
  const { functionName, deadLetters, ...settings } = deployment.mapping;
  const role = new MappingRole(deployment, permissions);
  return new EventSourceMapping({
    ...settings,
    stream: deployment.stream.name,
    streams,
    streamArn: arnOf('AWS::Kinesis::Stream', deployment.stream.name),
    functionArn: arnOf('AWS::Lambda::Function', functionName),
    invoke: functions.invoke(functionName),
    checkpoints:
      checkpoints === undefined
        ? new MemoryCheckpoints()
        : new FileCheckpoints(join(checkpoints, 'checkpoints.json')),
    mayRead: () => role.mayRead(),
    onDiscard: async (document, key) => {
      await role.mayDiscard(key);
      await s3.put(deadLetters, key, JSON.stringify(document));
    },
    clock: systemClock,
    log,
  });
}
