import type { Timings } from '../../core/timings';
import type { FrontDoor } from '../../lib/settings';
import { type Random, seededRandom } from '../../tools/accuracy/random';
import type { Load } from '../cost/load';
import { Meter, type Reading } from '../metering/meter';
import { BeatWay } from './beats';
import { seedEnded } from './ended';
import { FrontEnds } from './front-ends';
import { Operators } from './operators';
import { ScaleStage } from './stage';
import { Stopwatch } from './stopwatch';
import { Ticks, type TickTime } from './ticks';

export interface Plan {
  readonly load: Load;
  readonly timings: Timings;
  readonly shards: number;
  readonly frontDoor: FrontDoor;
  readonly sessionMonitorMemoryMb: number;
  readonly seed: number;
  /** Virtual minutes that are measured; the storm is in the middle of them, unless there are fewer than six. */
  readonly minutes: number;
}

/** What a stretch of the run was like. */
export interface Stretch {
  readonly seconds: number;
  readonly beats: number;
  readonly reading: Reading;
  readonly ticks: readonly TickTime[];
}

export interface Outcome {
  readonly plan: Plan;
  /** Sessions come and go, and nothing else happens. */
  readonly steady: Stretch;
  /** From the beginning of the cut to the end; absent in a short run. */
  readonly storm?: Stretch;
  readonly stopwatch: Stopwatch;
  /** What heartbeat-monitor used for the heartbeats of both stretches. */
  readonly monitorCpuMs: number;
  /** Of this machine. */
  readonly wallSeconds: number;
  readonly heapMb: number;
  readonly errors: readonly string[];
}

const second = 1_000;
/** Until all have joined, their first settle is over and renewals have found their rhythm. */
const warmUpSeconds = 150;
/** Of these, the last ones with sessions that come and go, until as many come as go. */
const comingSeconds = 60;
const cutShare = 0.1;
const cutSeconds = 150;
/** Shorter runs have no storm. */
const stormFromMinutes = 6;

/** A region of a whole country at work: front ends, stream, monitors and operators under virtual time. */
export class ScaleRun {
  private readonly meter = new Meter();
  private readonly stopwatch = new Stopwatch();
  private readonly stage: ScaleStage;
  private readonly frontEnds: FrontEnds;
  private readonly way: BeatWay;
  private readonly ticks: Ticks;
  private readonly operators: Operators;
  private readonly random: Random;
  private seconds = 0;
  private beats = 0;

  constructor(
    private readonly plan: Plan,
    private readonly report: (line: string) => void,
  ) {
    const { load, timings, shards, seed, frontDoor } = plan;
    this.random = seededRandom(seed);
    this.stage = new ScaleStage(this.meter, timings, shards, seed);
    const ports = this.stage.ports();
    this.frontEnds = new FrontEnds(load, timings.beatSeconds * second, this.random);
    this.way = new BeatWay(this.stage, ports, this.stopwatch, timings, frontDoor);
    this.ticks = new Ticks(this.stage, ports, this.stopwatch, timings, plan.sessionMonitorMemoryMb);
    this.operators = new Operators(this.stage, ports, this.stopwatch, load, timings);
  }

  async run(): Promise<Outcome> {
    const startMs = Date.now();
    const { load, timings, minutes } = this.plan;
    const nowMs = this.stage.clock.now();
    this.frontEnds.begin(nowMs, nowMs + (warmUpSeconds - comingSeconds) * second);
    await seedEnded(this.stage, load, timings, this.random);
    await this.operators.connect(0, 1);
    await this.live(warmUpSeconds - comingSeconds, false);
    await this.live(comingSeconds, true);
    this.report(`${load.sessions.toLocaleString('en-US')} sessions are online`);
    const before = this.stopwatch.of('heartbeat-monitor').cpuMs;
    const stormy = minutes >= stormFromMinutes;
    const steady = await this.measure(() => this.live((stormy ? 4 : minutes) * 60, true));
    this.report('steady state measured');
    const storm = stormy ? await this.measure(() => this.storm(minutes - 4)) : undefined;
    return {
      plan: this.plan,
      steady,
      ...(storm && { storm }),
      stopwatch: this.stopwatch,
      monitorCpuMs: this.stopwatch.of('heartbeat-monitor').cpuMs - before,
      wallSeconds: (Date.now() - startMs) / second,
      heapMb: process.memoryUsage().heapUsed / 1_024 / 1_024,
      errors: this.stage.errors,
    };
  }

  /** A tenth of the regions loses its network, and comes back together; every socket breaks, and all reconnect within 30 s. */
  private async storm(minutes: number): Promise<void> {
    const { regions } = this.plan.load;
    for (let region = 0; region < Math.max(1, regions * cutShare); region += 1)
      this.frontEnds.cutOff.add(region);
    await this.live(cutSeconds, true);
    this.frontEnds.cutOff.clear();
    await this.operators.breakAll();
    for (let step = 0; step < 30; step += 1) {
      await this.operators.connect(step / 30, (step + 1) / 30);
      await this.live(1, true);
    }
    await this.live(minutes * 60 - cutSeconds - 30, true);
  }

  private async measure(work: () => Promise<void>): Promise<Stretch> {
    const [reading, seconds, beats, ticks] = [
      this.meter.read(),
      this.seconds,
      this.beats,
      this.ticks.times.length,
    ];
    await work();
    return {
      seconds: this.seconds - seconds,
      beats: this.beats - beats,
      reading: this.meter.read().since(reading),
      ticks: this.ticks.times.slice(ticks),
    };
  }

  /** Second by second: what was sent in it is read at its end, and every few of them are a tick. */
  private async live(seconds: number, steady: boolean): Promise<void> {
    const { clock } = this.stage;
    for (let passed = 0; passed < seconds; passed += 1) {
      const sent = this.frontEnds.sentIn(clock.now(), steady);
      this.beats += sent.length;
      clock.advance(second);
      this.seconds += 1;
      await this.way.send(this.frontEnds, sent);
      await this.way.poll();
      await this.operators.pingsOf(this.seconds);
      await this.ticks.goOn();
      this.meter.count('kinesisShardHours', 'Shards', this.plan.shards / 3_600);
      if (this.seconds % 60 === 0) this.report(`minute ${this.seconds / 60}`);
    }
  }
}
