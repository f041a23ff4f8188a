import { defaultTimings, type Timings, timingsFrom } from '../../core/timings';
import { type CrossCheck, crossCheck } from './cross-check';
import { brokenScenarios, comparedScenarios, type Scenario, scenarios } from './scenarios';
import { simulate, type Tally } from './simulation';

/** A scenario and what came of it. */
export interface Result {
  readonly scenario: Scenario;
  readonly timings: Timings;
  readonly tally: Tally;
}

/** Everything that the page tells. */
export interface Accuracy {
  readonly seed: number;
  readonly timings: Timings;
  readonly kept: readonly Result[];
  readonly broken: readonly Result[];
  readonly compared: readonly Result[];
  readonly check: CrossCheck;
}

/** What is lived through: the scenarios of the contract, those that break it, and those that other timings are tried on. */
export interface Plan {
  readonly kept: readonly Scenario[];
  readonly broken: readonly Scenario[];
  readonly compared: readonly Scenario[];
}

export const wholePlan: Plan = { kept: scenarios, broken: brokenScenarios, compared: comparedScenarios };

const allowances = [2, 3, 4];
const renewals = [0, 1, 2];

const hoursOf = (all: readonly Scenario[]): number => all.reduce((sum, { hours }) => sum + hours, 0);

/** Session-hours of a whole run, those with other timings not counted. */
export const wholeHours = hoursOf([...scenarios, ...brokenScenarios]);

/**
 * Lives through all scenarios, and through some again with other timings. The same seed and hours give the same figures.
 * @param share of a whole run's hours
 */
export function measure(plan: Plan, share: number, seed: number, say: (line: string) => void): Accuracy {
  const timings = defaultTimings;
  const run = (scenario: Scenario, t: Timings, nth: number): Result => {
    const tally = simulate(scenario, scenario.hours * share, t, seed * 1_000 + nth);
    say(`${scenario.title}: ${Math.round(tally.hours)} h, ${tally.falseOfflines} false offlines`);
    return { scenario, timings: t, tally };
  };
  const kept = plan.kept.map((scenario, index) => run(scenario, timings, index));
  const broken = plan.broken.map((scenario, index) => run(scenario, timings, 100 + index));
  // The same seed for all timings, so that they meet the same front ends.
  const others = allowances.flatMap((allowance) =>
    renewals.map((renewBeats) => timingsFrom({ allowance, renewBeats })),
  );
  const compared = plan.compared.flatMap((scenario, index) =>
    others.map((t) => run(scenario, t, 200 + index)),
  );
  const check = crossCheck(plan.kept, Math.max(2, Math.min(60, Math.ceil(600 * share))), timings, seed);
  return { seed, timings, kept, broken, compared, check };
}
