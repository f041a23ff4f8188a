import type { Stage } from '../../lib/stage';

/**
 * How long an invocation takes that Lambda bills: its own processor time as measured here, the SDK's for each call, and the
 * round trips that it waits for. A function has a share of a processor according to its memory: 1,769 MB are one (Lambda
 * Developer Guide, "Configure Lambda function memory").
 */
export const memoryOfOneCpuMb = 1_769;

/** As lib/ sets them up; that they agree is a test. */
export const memoryMb: Readonly<Record<Stage, number>> = {
  'heartbeat-endpoint': 160,
  'heartbeat-monitor': 512,
  'session-monitor': 512,
  'live-feed': 256,
  'status-api': 256,
};

/**
 * What cannot be measured without AWS: round trips within a region. Assumed, on the side of caution; AWS speaks of
 * single-digit milliseconds for DynamoDB, and of tens for Kinesis at worst.
 */
export const assumedMs = { dynamo: 5, kinesis: 10, feed: 10 } as const;

/**
 * Processor time of the SDK for a call with a small payload, in milliseconds of a whole processor, measured against a server
 * that answers at once (Node.js 20, 25 November 2026): one call at a time, and a hundred side by side.
 */
export const sdkCallMs = { alone: 0.73, together: 0.3 } as const;

/** Processor time for a row that a query returns: parsing it and making a session of it; measured in the same way. */
export const sdkRowMs = 0.0175;

export interface Work {
  /** Processor time of our own code, of a whole processor. */
  readonly cpuMs: number;
  /** Calls to AWS. */
  readonly calls: number;
  /** Time spent waiting for calls, those that go side by side counted once. */
  readonly waitMs: number;
}

/** Milliseconds that are billed of an invocation; Lambda rounds up to the next one. */
export function billedMs(stage: Stage, { cpuMs, calls, waitMs }: Work): number {
  const share = Math.min(1, memoryMb[stage] / memoryOfOneCpuMb);
  return Math.ceil(
    (cpuMs + calls * (stage === 'heartbeat-endpoint' ? sdkCallMs.alone : sdkCallMs.together)) / share +
      waitMs,
  );
}

export const gbSecondsOf = (memory: number, ms: number): number => (memory / 1_024) * (ms / 1_000);

export const gbSeconds = (stage: Stage, ms: number): number => gbSecondsOf(memoryMb[stage], ms);

/** What HTTP adds to the body of an answer: status line, headers of the front door and of CORS. Assumed. */
export const answerHeaderBytes = 300;
