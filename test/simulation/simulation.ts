import { Chance } from './chance';
import { type FaultName, faultNames, faults } from './faults';
import { judgeLiveness } from './liveness';
import { beginningMs } from './time';
import type { Violation } from './trace';
import { fairWeather, type Weather } from './weather';
import { World } from './world';

const minuteMs = 60_000;
const faultyMs = 6 * minuteMs;
/** Long enough for the longest lease, the patience after a gap, and everybody's reconnecting. */
const healedMs = 8 * minuteMs;
/** So long before the end something changes once more, so that whoever missed it shows. */
const lastChangeMs = 4 * minuteMs;

/** One run: what decides it, and what came of it. */
export interface Outcome {
  readonly seed: number;
  readonly faults: readonly FaultName[];
  readonly violations: readonly Violation[];
  /** Empty unless asked for. */
  readonly trace: readonly string[];
}

export interface SimulationWords {
  /** Only these faults; drawn from the seed by default. */
  readonly faults?: readonly FaultName[];
  readonly traces?: boolean;
}

/**
 * Runs the whole system from one seed: faults come and go while safety is judged at every step; then everything heals, and
 * liveness is judged. Ends with the first violation.
 */
export async function simulate(
  seed: number,
  { faults: given, traces = false }: SimulationWords = {},
): Promise<Outcome> {
  const world = new World(seed, traces);
  const chance = new Chance(seed).of('faults');
  const chosen = given ?? drawn(chance);
  for (const name of chosen) plan(name, world, chance.of(name));
  world.start();
  const sound = (): boolean => world.trace.violations.length === 0;
  await world.time.runUntil(beginningMs + minuteMs + faultyMs, sound);
  heal(world);
  world.time.at(beginningMs + minuteMs + faultyMs + healedMs - lastChangeMs, () => {
    world.settleDown();
    world.joinAnew();
  });
  await world.time.runUntil(beginningMs + minuteMs + faultyMs + healedMs, sound);
  if (sound()) await judgeLiveness(world);
  return { seed, faults: chosen, violations: world.trace.violations, trace: world.trace.lines };
}

/** A few at once, as trouble comes. */
const drawn = (chance: Chance): readonly FaultName[] =>
  chance.some(faultNames, chance.oneOf([0.1, 0.2, 0.3]));

/** When a fault comes, and how long it stays. */
function plan(name: FaultName, world: World, chance: Chance): void {
  const fault = faults[name];
  for (let times = chance.between(1, 3); times > 0; times -= 1) {
    const fromMs = beginningMs + minuteMs + chance.between(0, faultyMs - 10_000);
    if (fault.kind === 'deed') world.time.at(fromMs, () => world.do(fault.deed));
    else change(name, fault.changes, fromMs, fromMs + chance.between(3_000, 150_000), world);
  }
}

function change(
  name: string,
  changes: Partial<Weather>,
  fromMs: number,
  untilMs: number,
  world: World,
): void {
  const { time, weather, trace } = world;
  time.at(fromMs, () => {
    trace.note('FAULT', `${name} begins`);
    Object.assign(weather, changes);
  });
  time.at(Math.min(untilMs, beginningMs + minuteMs + faultyMs), () => {
    trace.note('FAULT', `${name} ends`);
    for (const part of Object.keys(changes))
      Object.assign(weather, { [part]: fairWeather[part as keyof Weather] });
  });
}

function heal({ weather, trace }: World): void {
  trace.note('FAULT', 'all is well from here on');
  Object.assign(weather, fairWeather);
}
