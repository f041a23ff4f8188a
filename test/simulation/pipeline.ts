import { silentMeter } from '../../adapters/memory/meter';
import { defaultLimits } from '../../core/limits';
import type { Clock } from '../../core/ports';
import type { Identity } from '../../core/rights';
import type { Timings } from '../../core/timings';
import { createMonitor as createHeartbeatMonitor } from '../../lambdas/heartbeat-monitor/monitor';
import { createMonitor as createSessionMonitor } from '../../lambdas/session-monitor/monitor';
import { MemoryCheckpoints } from '../../local/event-source-checkpoints';
import { EventSourceMapping } from '../../local/event-source-mapping';
import type { Invocation } from '../../local/invoke';
import type { Chance } from './chance';
import { Process, Wire } from './processes';
import type { Stage } from './stage';
import type { SimulatedTime } from './time';
import type { Weather } from './weather';

export const limits = { ...defaultLimits, minBeatSeconds: 0 };

/** How long the session monitor's function may run (lib/session-monitor). */
const longestRunMs = 150_000;
const minuteMs = 60_000;

/** Checkpoints that are forgotten now and then: the batch comes again. */
class ForgetfulCheckpoints extends MemoryCheckpoints {
  constructor(
    private readonly weather: Weather,
    private readonly chance: Chance,
  ) {
    super();
  }

  override advance(shardId: string, sequenceNumber: string): void {
    if (!this.chance.happens(this.weather.batchesAgain)) super.advance(shardId, sequenceNumber);
  }
}

/** A copy of a function that is warm: it keeps what it remembers from one invocation to the next. */
interface Copy<Handler> {
  readonly process: Process;
  readonly handler: Handler;
}

/** The functions that run by themselves: heartbeat-monitor behind the stream, and session-monitor on its schedule. */
export class Pipeline {
  readonly checkpoints: ForgetfulCheckpoints;
  private readonly mapping: EventSourceMapping;
  private readonly copies: Copy<ReturnType<typeof createHeartbeatMonitor>>[] = [];
  private readonly runs = new Set<Process>();
  private readonly weather: Weather;
  private readonly time: SimulatedTime;
  private readonly chance: Chance;

  constructor(
    private readonly stage: Stage,
    private readonly timings: Timings,
  ) {
    this.weather = stage.weather;
    this.time = stage.time;
    this.chance = stage.chance.of('pipeline');
    this.checkpoints = new ForgetfulCheckpoints(this.weather, this.chance);
    this.mapping = this.mappingOf();
  }

  start(): void {
    this.mapping.start();
    void this.followWeather();
    void this.keepSchedule();
  }

  killHeartbeatMonitor(): void {
    for (const { process } of this.copies.splice(0)) process.kill();
  }

  killSessionMonitor(): void {
    for (const process of this.runs) process.kill();
    this.runs.clear();
  }

  private mappingOf(): EventSourceMapping {
    const { time, stream, truth, log } = this.stage;
    return new EventSourceMapping({
      stream: 'beats',
      streamArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/beats',
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:heartbeat-monitor',
      streams: stream,
      invoke: (event) => this.invoke(event as never),
      batchSize: 100,
      batchWindowMs: 0,
      bisectOnError: true,
      maxRetries: this.timings.maxRecordAgeSeconds,
      maxRecordAgeMs: this.timings.maxRecordAgeSeconds * 1_000,
      reportBatchItemFailures: true,
      checkpoints: this.checkpoints,
      onDiscard: async (document) => {
        const { KinesisBatchInfo: batch } = document as { KinesisBatchInfo: Record<string, string> };
        const { shardId = '', startSequenceNumber = '', endSequenceNumber = '' } = batch;
        this.stage.trace.note('mapping', 'gives records up', { shardId });
        truth.noteDiscarded(shardId, startSequenceNumber, endSequenceNumber);
      },
      clock: time,
      log,
    });
  }

  private async invoke(event: never): Promise<Invocation> {
    const copy = this.copies.pop() ?? this.newCopy();
    if (this.chance.happens(this.weather.invocationsDie)) {
      this.time.at(this.time.now() + this.chance.between(0, 400), () => copy.process.kill());
    }
    const died: Invocation = {
      kind: 'failed',
      errorType: 'Runtime.ExitError',
      errorMessage: 'the process died',
    };
    try {
      const value = await copy.process.outcomeOf(copy.handler(event));
      if (value === 'died') return died;
      if (!copy.process.isDead) this.copies.push(copy);
      return { kind: 'returned', value };
    } catch (error) {
      this.stage.log.error('heartbeat-monitor failed', error);
      return { kind: 'failed', errorType: 'Error', errorMessage: String(error) };
    }
  }

  private newCopy(): Copy<ReturnType<typeof createHeartbeatMonitor>> {
    const { process, clock, wire } = this.newProcess();
    const { sessions, ledger, watermarks, deadLetters } = this.stage;
    const ports = wire.to({ sessions, ledger, watermarks, deadLetters });
    return {
      process,
      handler: createHeartbeatMonitor(
        { ...ports, clock, log: this.stage.log, meter: silentMeter },
        this.timings,
      ),
    };
  }

  private newProcess(): { readonly process: Process; readonly clock: Clock; readonly wire: Wire } {
    const { skewMs } = this.weather;
    const process = new Process(this.time, this.chance.between(-skewMs, skewMs + 1));
    return { process, clock: process.clock, wire: new Wire(process, this.time, this.weather, this.chance) };
  }

  private async followWeather(): Promise<void> {
    for (;;) {
      if (this.weather.mapping === 'stopped') this.mapping.pause();
      else this.mapping.resume();
      const open = this.stage.stream.listed().filter(({ open }) => open);
      this.mapping.stick(open.slice(0, this.weather.stuckShards).map(({ shardId }) => shardId));
      await this.time.sleep(1_000);
    }
  }

  /** EventBridge Scheduler fires anywhere within the minute, at least once. */
  private async keepSchedule(): Promise<void> {
    for (let minute = 0; ; minute += 1) {
      await this.time.sleep(minute === 0 ? 0 : minuteMs + this.chance.between(-5_000, 5_000));
      if (this.weather.schedule === 'missed') continue;
      void this.run();
      if (this.weather.schedule === 'twice') void this.run();
    }
  }

  private async run(): Promise<void> {
    const { process, clock, wire } = this.newProcess();
    const { log, trace } = this.stage;
    this.runs.add(process);
    const troubleMs = this.time.now() + this.chance.between(1_000, minuteMs);
    if (this.chance.happens(this.weather.monitorsDie)) this.time.at(troubleMs, () => process.kill());
    if (this.chance.happens(this.weather.monitorsFreeze)) {
      this.time.at(troubleMs, () => process.freeze(this.chance.between(20_000, 90_000)));
    }
    this.time.at(this.time.now() + longestRunMs, () => process.kill());
    const monitor = createSessionMonitor(
      { ...wire.to(this.stage.monitorPorts()), clock, log, meter: silentMeter },
      this.timings,
    );
    trace.note('session-monitor', 'begins');
    const ended = await process.outcomeOf(
      monitor().catch((error: unknown) => log.error('a run failed', error)),
    );
    trace.note('session-monitor', ended === 'died' ? 'died' : 'ended');
    this.runs.delete(process);
  }
}

/** Who a token speaks for, as long as it is valid. */
export class Tokens {
  private readonly identities = new Map<string, Identity>();

  constructor(private readonly time: SimulatedTime) {}

  issue(subject: string, rights: Partial<Identity['rights']>, validMs: number): string {
    const none = new Map<string, readonly string[]>();
    const token = `${subject}-${this.identities.size}`;
    this.identities.set(token, {
      issuer: 'https://issuer.example',
      subject,
      rights: { provide: none, watch: none, manage: none, ...rights },
      expiresAtMs: this.time.now() + validMs,
    });
    return token;
  }

  find(token: string): Identity | undefined {
    const identity = this.identities.get(token);
    return identity !== undefined && identity.expiresAtMs > this.time.now() ? identity : undefined;
  }
}
