import { exactly, type Reader, text } from '../core/shape';
import type { Deployment } from './deployment';

const stages = [
  'heartbeat-endpoint',
  'heartbeat-monitor',
  'session-monitor',
  'live-feed',
  'status-api',
] as const;

/** A stage whose function can be killed in the middle of what it does. */
export type Stage = (typeof stages)[number];

/** What a request to kill one names. */
interface CrashRequest {
  readonly stage: Stage;
}

/** @throws FieldRefused for what is no stage */
export const readCrash: Reader<CrashRequest> = exactly<CrashRequest, object>({
  required: {
    stage: text((value) => stages.some((stage) => stage === value), stages.join(', ')) as Reader<Stage>,
  },
  optional: {},
});

/** The name of the function that a stage is deployed as. */
export function functionOf(stage: Stage, { heartbeats, mapping, schedule, feed, api }: Deployment): string {
  switch (stage) {
    case 'heartbeat-endpoint':
      return heartbeats.functionName;
    case 'heartbeat-monitor':
      return mapping.functionName;
    case 'session-monitor':
      return schedule.functionName;
    case 'live-feed':
      return feed.routes.get('$connect') ?? '';
    case 'status-api':
      return api.routes.get('GET /v1/regions') ?? '';
  }
}
