import { MemoryBeatStream } from '../../adapters/memory/beat-stream';
import { VirtualClock } from '../../adapters/memory/virtual-clock';
import { MemoryWatermarks } from '../../adapters/memory/watermarks';
import { defaultLimits, type Limits } from '../../core/limits';
import type { BeatStream, Secret } from '../../core/ports';
import { defaultTimings } from '../../core/timings';
import { createEndpoint } from '../../lambdas/heartbeat-endpoint/endpoint';
import { anIdentity, at, rights } from './builders';
import { aRequest, KnownTokens, ListLog, type RequestWords } from './http';

export interface EndpointWords {
  readonly stream?: BeatStream;
  readonly limits?: Partial<Limits>;
}

/** An endpoint at ten, where the token `ann` provides in the north. */
export function anEndpoint({ limits, ...given }: EndpointWords = {}) {
  const stream = new MemoryBeatStream();
  const verifier = new KnownTokens();
  verifier.issue('ann', anIdentity({ rights: rights({ provide: { north: ['clinic-7', 'lab/*'] } }) }));
  const log = new ListLog();
  const clock = new VirtualClock(at('10:00'));
  const watermarks = new MemoryWatermarks(defaultTimings);
  const canarySecret: Secret = { read: async () => 'known to two' };
  const known = { canarySecret, verifier, limits: { ...defaultLimits, ...limits } };
  const ports = { stream, watermarks, clock, log, ...known, ...given };
  const handle = createEndpoint(ports, defaultTimings);
  const post = (body: unknown, words: RequestWords = {}) => handle(aRequest({ body, ...words }));
  const refusals = async () => (await watermarks.read()).endpoint.refusals;
  return { stream, verifier, log, clock, post, refusals };
}
