import { defaultLimits } from '../../core/limits';
import type { TokenVerifier } from '../../core/ports';
import type { Identity } from '../../core/rights';
import type { Timings } from '../../core/timings';
import { createEndpoint } from '../../lambdas/heartbeat-endpoint/endpoint';
import { createMonitor } from '../../lambdas/heartbeat-monitor/monitor';
import type { HttpEvent } from '../../lambdas/http';
import type { FrontDoor } from '../../lib/settings';
import { answerHeaderBytes, assumedMs, billedMs, gbSeconds } from '../metering/lambda-time';
import { Calls } from './calls';
import type { FrontEnds, SentBeat } from './front-ends';
import { issuer } from './front-ends';
import type { ScaleStage } from './stage';
import type { Stopwatch } from './stopwatch';

/** As lib/heartbeat-monitor.ts sets it. */
const batchSize = 500;
/** Of so many beats one goes through the endpoint's handler; the others are put on the stream as it would. */
const oneOf = 25;

type Ports = ReturnType<ScaleStage['ports']>;

/** The way of beats from front ends into sessions: the endpoint, the stream, and a heartbeat monitor for each shard. */
export class BeatWay {
  private readonly identities = new Map<string, Identity>();
  private readonly endpoint: ReturnType<typeof createEndpoint>;
  private readonly monitors: ReturnType<typeof createMonitor>[];
  private readonly calls = new Calls();
  private answerBytes = answerHeaderBytes + 110;
  private taken = 0;

  constructor(
    private readonly stage: ScaleStage,
    private readonly ports: Ports,
    private readonly stopwatch: Stopwatch,
    private readonly timings: Timings,
    private readonly frontDoor: FrontDoor,
  ) {
    const verifier: TokenVerifier = {
      verify: async (token) => {
        const identity = this.identities.get(token);
        if (identity === undefined) throw new Error(`nobody has the token ${token}`);
        return identity;
      },
    };
    const canarySecret = { read: async () => 'the canaries know it' };
    const { stream, watermarks, clock, log } = ports;
    this.endpoint = createEndpoint(
      { stream, watermarks, verifier, canarySecret, clock, log, limits: defaultLimits },
      timings,
    );
    const counted = this.calls.counting({
      sessions: ports.sessions,
      ledger: ports.ledger,
      watermarks: ports.watermarks,
      deadLetters: ports.deadLetters,
    });
    this.monitors = Array.from({ length: stage.stream.shards }, () =>
      createMonitor({ ...counted, clock, log, meter: ports.meter }, timings),
    );
  }

  /** Beats arrive in the second that ends now. */
  async send(frontEnds: FrontEnds, sent: readonly SentBeat[]): Promise<void> {
    const { stream } = this.stage;
    for (const { slot, arrivalMs, leaves } of sent) {
      stream.arrivalMs = arrivalMs;
      const next = leaves ? 0 : this.timings.beatSeconds;
      this.taken += 1;
      if (this.taken % oneOf === 0) await this.post(frontEnds, slot, next);
      else await this.ports.stream.put([frontEnds.acceptedBeat(slot, next)]);
    }
    this.charge(sent.length);
  }

  /** Each shard is looked at; what one batch does not hold, the next one does. */
  async poll(): Promise<void> {
    for (const [shard, monitor] of this.monitors.entries()) {
      const records = this.stage.stream.take(shard);
      for (let from = 0; from < records.length; from += batchSize) {
        const Records = records.slice(from, from + batchSize);
        this.calls.reset();
        const { result, cpuMs } = await this.stopwatch.time('heartbeat-monitor', () => monitor({ Records }));
        if (result.batchItemFailures.length > 0) this.stage.errors.push('records went back to the stream');
        this.chargeBatch(cpuMs);
      }
    }
  }

  private async post(frontEnds: FrontEnds, slot: number, next: number): Promise<void> {
    const { subject, region, sessionId, covers, seq } = frontEnds.acceptedBeat(slot, next);
    this.identities.clear();
    this.identities.set('token', identityOf(subject, region, covers));
    const event: HttpEvent = {
      requestContext: { http: { method: 'POST' } } as HttpEvent['requestContext'],
      isBase64Encoded: false,
      headers: { 'content-type': 'application/json', authorization: 'Bearer token' },
      body: JSON.stringify({ sessionId, region, facilities: covers, seq, next }),
    };
    const { result } = await this.stopwatch.time('heartbeat-endpoint', () => this.endpoint(event));
    if (result.statusCode !== 202) this.stage.errors.push(`a beat was answered with ${result.statusCode}`);
    this.answerBytes = answerHeaderBytes + (result.body?.length ?? 0);
  }

  private charge(beats: number): void {
    const { meter } = this.stage;
    const { cpuMs, invocations } = this.stopwatch.of('heartbeat-endpoint');
    const ms = billedMs('heartbeat-endpoint', {
      cpuMs: cpuMs / Math.max(1, invocations),
      calls: 1,
      waitMs: assumedMs.kinesis,
    });
    meter.count('lambdaRequests', 'heartbeat-endpoint', beats, beats);
    if (this.frontDoor === 'http-api') meter.count('httpApiRequests', 'heartbeat-endpoint', beats, beats);
    meter.count('lambdaGbSeconds', 'heartbeat-endpoint', beats * gbSeconds('heartbeat-endpoint', ms), beats);
    meter.count('egressBytes', 'Answers to beats', beats * this.answerBytes, beats);
  }

  private chargeBatch(cpuMs: number): void {
    const saves = this.calls.of('sessions.save');
    const rounds =
      Math.min(1, this.calls.of('sessions.load')) +
      Math.ceil(saves / 100) +
      Math.min(1, this.calls.of('ledger.raiseMark')) +
      this.calls.ofPorts('watermarks');
    const calls = this.calls.ofPorts('sessions', 'ledger', 'watermarks', 'deadLetters');
    const ms = billedMs('heartbeat-monitor', { cpuMs, calls, waitMs: rounds * assumedMs.dynamo });
    this.stage.meter.count('lambdaRequests', 'heartbeat-monitor', 1);
    this.stage.meter.count('lambdaGbSeconds', 'heartbeat-monitor', gbSeconds('heartbeat-monitor', ms));
  }
}

const identityOf = (subject: string, region: string, covers: readonly string[]): Identity => ({
  issuer,
  subject,
  rights: { provide: new Map([[region, covers]]), watch: new Map(), manage: new Map() },
  expiresAtMs: Number.POSITIVE_INFINITY,
});
