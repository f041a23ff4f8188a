import type { Timings } from '../../core/timings';
import { createMonitor } from '../../lambdas/session-monitor/monitor';
import { assumedMs, memoryOfOneCpuMb, sdkCallMs, sdkRowMs } from '../metering/lambda-time';
import { Calls } from './calls';
import type { ScaleStage } from './stage';
import type { Stopwatch } from './stopwatch';

const minuteMs = 60_000;
/** As in lambdas/session-monitor/monitor.ts: regions that are worked on side by side. */
const regionsAtOnce = 8;

type Ports = ReturnType<ScaleStage['ports']>;

/** What a tick took, the glances that follow it included. */
export interface TickTime {
  readonly cpuMs: number;
  /** Sessions that were listed in it. */
  readonly listed: number;
  readonly settled: number;
  /** How long its calls would take on AWS, one region after the other in each of the lanes. */
  readonly waitMs: number;
  /** The SDK's processor time for them. */
  readonly sdkMs: number;
}

const noTime: TickTime = { cpuMs: 0, listed: 0, settled: 0, waitMs: 0, sdkMs: 0 };

const sumOf = (a: TickTime, b: TickTime): TickTime => ({
  cpuMs: a.cpuMs + b.cpuMs,
  listed: a.listed + b.listed,
  settled: a.settled + b.settled,
  waitMs: a.waitMs + b.waitMs,
  sdkMs: a.sdkMs + b.sdkMs,
});

/** Runs of the session monitor as the schedule starts them: one a minute, which ticks until the next one takes over. */
export class Ticks {
  readonly times: TickTime[] = [];
  private readonly calls = new Calls();
  private readonly run: () => Promise<void>;
  private startedMs = Number.NEGATIVE_INFINITY;
  private current: TickTime | undefined;

  constructor(
    private readonly stage: ScaleStage,
    ports: Ports,
    private readonly stopwatch: Stopwatch,
    private readonly timings: Timings,
    private readonly memoryMb: number,
  ) {
    const { clock, log, meter, ...billed } = ports;
    this.run = createMonitor({ ...this.calls.counting(billed), clock, log, meter }, timings);
  }

  /** Lets the runs do what is due now. */
  async goOn(): Promise<void> {
    const { clock } = this.stage;
    this.calls.reset();
    const { cpuMs } = await this.stopwatch.time('session-monitor', async () => {
      if (clock.now() - this.startedMs >= minuteMs) this.start();
      await clock.wake();
    });
    this.note(cpuMs);
  }

  private start(): void {
    const { clock, meter, errors } = this.stage;
    this.startedMs = clock.now();
    this.run().catch((error: unknown) => errors.push(String(error)));
    meter.count('schedulerInvocations', 'session-monitor', 1);
    meter.count('lambdaRequests', 'session-monitor', 1);
    // A run goes on until the tick after its successor has taken over.
    if (!this.isOnePass) this.charge(60 + this.timings.tickSeconds);
  }

  /** A run that is a single pass ends with it. */
  private get isOnePass(): boolean {
    return this.timings.tickSeconds >= 60;
  }

  private charge(seconds: number): void {
    this.stage.meter.count('lambdaGbSeconds', 'session-monitor', (this.memoryMb / 1_024) * seconds);
  }

  private note(cpuMs: number): void {
    const used = this.usedBy(cpuMs);
    const ticks = this.calls.of('watermarks.standing') > 0;
    if (this.isOnePass) {
      const share = Math.min(1, this.memoryMb / memoryOfOneCpuMb);
      this.charge(((used.cpuMs + used.sdkMs) / share + used.waitMs) / 1_000);
    }
    if (ticks && this.current !== undefined) this.times.push(this.current);
    this.current = ticks ? used : sumOf(this.current ?? noTime, used);
  }

  private usedBy(cpuMs: number): TickTime {
    const calls = this.calls.ofPorts('sessions', 'ledger', 'presence', 'connections', 'watermarks');
    const posts = this.calls.ofPorts('feed');
    const rows = this.calls.itemsOf('sessions.list') + this.calls.itemsOf('ledger.rows');
    return {
      cpuMs,
      listed: this.calls.itemsOf('sessions.list'),
      settled: this.calls.of('sessions.list'),
      waitMs: (calls * assumedMs.dynamo + posts * assumedMs.feed) / regionsAtOnce,
      sdkMs: (calls + posts) * sdkCallMs.together + rows * sdkRowMs,
    };
  }
}
