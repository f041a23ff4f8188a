import type { Timings } from '../../core/timings';
import { seededRandom } from './random';
import type { Scenario } from './scenarios';
import { SessionRun, type Told } from './session-run';
import { aWorld, lifeOf } from './simulation';
import { settledWhole, type WrittenBeat } from './whole-region';

/** How well the short way agrees with settling regions whole. */
export interface CrossCheck {
  readonly facilities: number;
  /** Changes of status that the short way told. */
  readonly told: number;
  /** Facilities of which the two ways told different things. */
  readonly different: readonly string[];
}

/** Enough for every second facility to be told falsely, so that the two ways have something to disagree on. */
const muchLoss = 0.25;

/** Lives through small regions of these scenarios in both ways. */
export function crossCheck(
  scenarios: readonly Scenario[],
  facilitiesEach: number,
  t: Timings,
  seed: number,
): CrossCheck {
  const checks = scenarios.flatMap((scenario, index) => [
    checked(scenario, facilitiesEach, t, seed + index),
    checked({ ...scenario, loss: muchLoss }, facilitiesEach, t, seed + index),
  ]);
  return {
    facilities: checks.length * facilitiesEach,
    told: checks.reduce((sum, { told }) => sum + told, 0),
    different: checks.flatMap(({ different }) => different),
  };
}

function checked(
  scenario: Scenario,
  facilities: number,
  t: Timings,
  seed: number,
): Omit<CrossCheck, 'facilities'> {
  const random = seededRandom(seed);
  const pipeline = aWorld(scenario, t, random);
  const beats: WrittenBeat[] = [];
  const short = new Map<string, readonly Told[]>();
  for (let count = 0; count < facilities; count += 1) {
    const life = lifeOf(`f${count}`, scenario, random);
    const note = (beat: WrittenBeat['beat'], processedMs: number) => beats.push({ beat, processedMs });
    short.set(life.name, new SessionRun(life, pipeline, t, random, note).run().told);
  }
  const whole = settledWhole(beats, pipeline, t);
  const text = (told: readonly Told[] = []) => told.map(({ status, tick }) => `${status} ${tick}`).join();
  const told = [...short.values()].reduce((sum, { length }) => sum + length, 0);
  const different = [...short]
    .filter(([name, known]) => text(known) !== text(whole.get(name)))
    .map(([name, known]) => `${scenario.title}, ${name}: ${text(known)} and ${text(whole.get(name))}`);
  return { told, different };
}
