import type { Timings } from '../../core/timings';
import { drawFaults } from './faults';
import { Samples } from './figures';
import { type Pipeline, pipelineOf, shardCount } from './pipeline';
import { between, type Random, seededRandom } from './random';
import type { Scenario } from './scenarios';
import { type Life, type Outcome, SessionRun } from './session-run';

const minute = 60_000;
const hour = 60 * minute;
const beginMs = Date.UTC(2026, 0, 5, 10);

/** A world is one stretch of time with at most one fault; everybody in it has gone long before it ends. */
const world = {
  window: { fromMs: beginMs, toMs: beginMs + 210 * minute },
  starts: { fromMs: beginMs + minute, toMs: beginMs + 70 * minute },
  lasting: { least: 5 * minute, most: 90 * minute },
  faults: { fromMs: beginMs + 30 * minute, toMs: beginMs + 100 * minute },
  /** Fewer where there is a fault, so that a run sees many of them. */
  lives: { quiet: 2_000, faulty: 250 },
} as const;

/** What a scenario's front ends lived through. */
export class Tally {
  sessionMs = 0;
  sessions = 0;
  worlds = 0;
  beats = 0;
  writes = 0;
  falseOfflines = 0;
  /** Facilities that stayed online after their front end was gone, to the end of the world. */
  neverTold = 0;
  readonly silenceAfterEnd = new Samples();
  readonly silenceAfterLease = new Samples();
  readonly silenceAfterReserve = new Samples();
  readonly goodbyeAfterSent = new Samples();
  readonly goodbyeAfterArrival = new Samples();
  readonly startAfterSent = new Samples();
  readonly startAfterArrival = new Samples();

  get hours(): number {
    return this.sessionMs / hour;
  }

  add({ startMs, endMs }: Life, outcome: Outcome): void {
    const { start, goodbye, silence } = outcome;
    this.sessionMs += endMs - startMs;
    this.sessions += 1;
    this.beats += outcome.beats;
    this.writes += outcome.writes;
    this.falseOfflines += outcome.falseOfflines;
    if (outcome.told.at(-1)?.status === 'online') this.neverTold += 1;
    if (start !== undefined) {
      this.startAfterSent.add(start.afterSentMs);
      this.startAfterArrival.add(start.afterArrivalMs);
    }
    if (goodbye !== undefined) {
      this.goodbyeAfterSent.add(goodbye.afterSentMs);
      this.goodbyeAfterArrival.add(goodbye.afterArrivalMs);
    }
    if (silence !== undefined) {
      this.silenceAfterEnd.add(silence.afterEndMs);
      this.silenceAfterLease.add(silence.afterLeaseMs);
      this.silenceAfterReserve.add(silence.afterReserveMs);
    }
  }
}

/** Lives through a scenario until that many session-hours have passed. */
export function simulate(scenario: Scenario, hours: number, t: Timings, seed: number): Tally {
  const seeds = seededRandom(seed);
  const tally = new Tally();
  while (tally.hours < hours) {
    const random = seededRandom(Math.floor(seeds() * 0x1_0000_0000));
    const pipeline = aWorld(scenario, t, random);
    tally.worlds += 1;
    const most = scenario.fault === 'none' ? world.lives.quiet : world.lives.faulty;
    for (let count = 0; count < most && tally.hours < hours; count += 1) {
      const life = lifeOf(`f${count}`, scenario, random);
      tally.add(life, new SessionRun(life, pipeline, t, random).run());
    }
  }
  return tally;
}

export function aWorld({ fault }: Pick<Scenario, 'fault'>, t: Timings, random: Random): Pipeline {
  return pipelineOf(world.window, drawFaults(fault, world.faults, shardCount, random), t, random);
}

export function lifeOf(
  name: string,
  { habit, loss }: Pick<Scenario, 'habit' | 'loss'>,
  random: Random,
): Life {
  const startMs = between(random, world.starts.fromMs, world.starts.toMs);
  return {
    name,
    habit,
    loss,
    shard: Math.floor(random() * shardCount),
    startMs,
    endMs: startMs + between(random, world.lasting.least, world.lasting.most),
    saysGoodbye: random() < 0.5,
  };
}
