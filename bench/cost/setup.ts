import type { Timings } from '../../core/timings';
import { shardRecordsPerSecond } from '../../lib/setting-relations';
import type { FrontDoor, Settings } from '../../lib/settings';
import type { StreamMode } from '../metering/bill';

/** What of a stack's settings decides what it costs. */
export interface Setup {
  readonly timings: Timings;
  readonly frontDoor: FrontDoor;
  readonly streamMode: StreamMode;
  /** Of a provisioned stream. */
  readonly shards: number;
  readonly sessionMonitorMemoryMb: number;
  /** Concurrency that the endpoint may have: what is reserved for it, else what the other functions leave of the account's. */
  readonly heartbeatConcurrency: number;
  /** Requests a second of API Gateway that the account has. */
  readonly apiRequestsPerSecond: number;
}

/** Shards that so many beats a second need. */
export const shardsFor = (beatsPerSecond: number): number =>
  Math.max(1, Math.ceil(beatsPerSecond / shardRecordsPerSecond));

/** Copies of the other functions that are busy most of the time: a batch of each shard, session-monitor and its successor, two for operators. */
const othersBusy = (shards: number): number => shards + 4;

/** @param shards instead of those that are set */
export function setupOf(settings: Settings, shards?: number): Setup {
  const set = settings.shards === 'on-demand' ? 1 : settings.shards;
  return {
    timings: settings.timings,
    frontDoor: settings.frontDoor,
    streamMode: settings.shards === 'on-demand' ? 'on-demand' : 'provisioned',
    shards: shards ?? set,
    sessionMonitorMemoryMb: settings.sessionMonitorMemoryMb,
    heartbeatConcurrency:
      settings.reservedConcurrency['heartbeat-endpoint'] ??
      Math.max(0, settings.quotas.concurrency - othersBusy(shards ?? set)),
    apiRequestsPerSecond: settings.quotas.requestsPerSecond,
  };
}
