import { heartbeatShare } from '../../lib/setting-relations';
import { memoryOfOneCpuMb } from '../metering/lambda-time';
import type { Estimate } from './estimate';
import { endpointMs } from './month';
import { passSeconds } from './pass';
import { shardsFor } from './setup';

/** A limit that a load comes near, and what to do about it. */
export interface Quota {
  readonly what: string;
  readonly needed: number;
  readonly has: number;
  readonly unit: string;
  /** What to raise, where it is not enough. */
  readonly raise: string;
}

/** Limits of the services, from their documentation; what an account may have raised is in lib/quotas.ts. */
const aws = {
  /** A function URL takes ten requests a second for each unit of concurrency. */
  requestsPerConcurrency: 10,
  newSockets: 500,
  newTableWrites: 4_000,
  partitionWrites: 1_000,
  partitionReads: 3_000,
} as const;

/** After a break of the network everybody is back within so many seconds; the library spreads them (docs/CLIENT.md). */
const stormSeconds = 30;

export const isEnough = ({ needed, has }: Quota): boolean => needed <= has;

/** Every limit that matters to this load, also those that it keeps. */
export function quotasOf(estimate: Estimate): readonly Quota[] {
  return [
    ...streamQuotas(estimate),
    ...doorQuotas(estimate),
    ...tableQuotas(estimate),
    ...feedQuotas(estimate),
    passTime(estimate),
  ];
}

const streamQuotas = ({ rates, setup }: Estimate): readonly Quota[] =>
  setup.streamMode === 'on-demand'
    ? []
    : [
        {
          what: 'shards of the stream',
          needed: shardsFor(rates.beats),
          has: setup.shards,
          unit: 'shards at 700 heartbeats a second',
          raise: `set shards to ${shardsFor(rates.beats)}`,
        },
      ];

function doorQuotas({ rates, setup }: Estimate): readonly Quota[] {
  const beats = Math.ceil(rates.beats);
  if (setup.frontDoor === 'http-api') {
    return [
      {
        what: 'requests to the HTTP API',
        needed: beats,
        has: heartbeatShare * setup.apiRequestsPerSecond,
        unit: 'a second, the rest is for operators',
        raise: `have the account's API Gateway quota raised to ${grouped(Math.ceil(beats / heartbeatShare))} requests a second, and say so in quotas.requestsPerSecond`,
      },
    ];
  }
  const has = setup.heartbeatConcurrency;
  const needed = Math.ceil(Math.max(beats / aws.requestsPerConcurrency, (beats * endpointMs()) / 1_000));
  return [
    {
      what: 'concurrency of the function URL',
      needed,
      has,
      unit: 'copies, each of which may take 10 requests a second',
      raise: `have Lambda's concurrency quota raised to ${grouped(2 * needed)}, so that a storm fits, and say so in quotas.concurrency`,
    },
  ];
}

function tableQuotas({ rates, load }: Estimate): readonly Quota[] {
  const renewals = rates.beats / rates.renewalsPerWrite;
  const { rowsPerRegion } = rates;
  return [
    {
      what: 'writes to the Sessions table',
      needed: Math.ceil(renewals),
      has: aws.newTableWrites,
      unit: 'a second on a new on-demand table',
      raise: `warm the table up to ${grouped(Math.ceil(renewals * 2))} writes a second before the load comes`,
    },
    {
      what: "writes to one region's partition",
      needed: Math.ceil(renewals / load.regions),
      has: aws.partitionWrites,
      unit: 'a second, until DynamoDB splits it',
      raise: 'spread the sessions over more regions',
    },
    {
      what: "reads of one region's partition by a settle",
      needed: Math.ceil((rowsPerRegion * 330) / 4_096),
      has: aws.partitionReads,
      unit: 'units at once, until DynamoDB splits it',
      raise: 'spread the sessions over more regions, or raise tickSeconds',
    },
  ];
}

function feedQuotas({ rates, load, setup }: Estimate): readonly Quota[] {
  const pushes = rates.entries * (load.operators / load.regions) + load.operators / 20;
  return [
    {
      what: 'sockets that reconnect after a storm',
      needed: Math.ceil(load.operators / stormSeconds),
      has: aws.newSockets,
      unit: `a second, everybody within ${stormSeconds} s`,
      raise: 'ask for a higher quota of new connections for WebSocket APIs',
    },
    {
      what: 'messages to sockets',
      needed: Math.ceil(pushes),
      has: setup.apiRequestsPerSecond,
      unit: 'a second, shared with every API of the account',
      raise: 'ask for a higher API Gateway account quota',
    },
  ];
}

function passTime(estimate: Estimate): Quota {
  const seconds = passSeconds(estimate.rates, estimate.setup);
  const { tickSeconds } = estimate.setup.timings;
  return {
    what: 'a pass of session-monitor',
    needed: Math.round(seconds * 10) / 10,
    has: tickSeconds,
    unit: 's; a longer one delays the next',
    raise:
      estimate.setup.sessionMonitorMemoryMb < memoryOfOneCpuMb
        ? `set sessionMonitorMemoryMb to ${memoryOfOneCpuMb}, a whole processor, and if that is not enough raise tickSeconds`
        : 'raise tickSeconds: what is due is then settled together',
  };
}

const grouped = (value: number): string => value.toLocaleString('en-US');
