import type { FaultKind } from './faults';
import type { Habit } from './front-end';

/** What front ends do and what goes wrong. */
export interface Scenario {
  readonly title: string;
  readonly habit: Habit;
  /** Share of beats that never arrive, each for itself. */
  readonly loss: number;
  readonly fault: FaultKind;
  /** Session-hours of a whole run. */
  readonly hours: number;
}

const scenario = (
  title: string,
  hours: number,
  habit: Habit,
  loss: number,
  fault: FaultKind = 'none',
): Scenario => ({ title, hours, habit, loss, fault });

/** The one that the promise of at most 1e-4 false offlines per session-hour is about. */
export const hiddenWithLoss = scenario('hidden tabs, 1 % loss', 300_000, 'hidden', 0.01);
const visibleWithMuchLoss = scenario('visible tabs, 5 % loss', 100_000, 'visible', 0.05);

/** Without any loss of their own, so that whatever is told falsely there was caused by the fault. */
export const faultScenarios: readonly Scenario[] = [
  scenario('processing stalls for 1 to 9.5 minutes', 50_000, 'visible', 0, 'lag'),
  scenario('the same, hidden tabs', 50_000, 'hidden', 0, 'lag'),
  scenario(
    'processing stalls for 10 to 20 minutes, records are discarded by age',
    50_000,
    'hidden',
    0,
    'discarded',
  ),
  scenario(
    'processing too slow for minutes, a part of the records is discarded',
    50_000,
    'visible',
    0,
    'overload',
  ),
  scenario('endpoint out of reach for up to 12 minutes', 50_000, 'visible', 0, 'unreachable'),
  scenario('the same, hidden tabs', 50_000, 'hidden', 0, 'unreachable'),
  scenario('endpoint out of reach again and again', 50_000, 'visible', 0, 'flapping'),
  scenario('endpoint turns away some or all beats for up to 12 minutes', 50_000, 'hidden', 0, 'refusing'),
  scenario('deploy in the middle: both monitors pause, no canaries', 50_000, 'visible', 0, 'deploy'),
  scenario('the same, hidden tabs', 50_000, 'hidden', 0, 'deploy'),
];

export const scenarios: readonly Scenario[] = [
  scenario('clean: visible tabs, no loss', 100_000, 'visible', 0),
  scenario('visible tabs, 1 % loss', 200_000, 'visible', 0.01),
  visibleWithMuchLoss,
  scenario('hidden tabs, no loss', 50_000, 'hidden', 0),
  hiddenWithLoss,
  scenario('hidden tabs, 5 % loss', 20_000, 'hidden', 0.05),
  scenario('tabs shown and hidden in turn, 1 % loss', 100_000, 'changing', 0.01),
  scenario('the same, slowing down at once', 100_000, 'changing-hastily', 0.01),
  ...faultScenarios,
  scenario('any of these faults, hidden tabs, 1 % loss', 100_000, 'hidden', 0.01, 'any'),
];

/** Front ends that break the contract (HB2): what it costs to declare another pace than the browser keeps. */
export const brokenScenarios: readonly Scenario[] = [
  scenario('hidden, declares 30 s, beats every 60 s, no loss', 20_000, 'hidden-unaware', 0),
  scenario('hidden, declares 30 s, beats every 60 s, 1 % loss', 20_000, 'hidden-unaware', 0.01),
  scenario('hidden, declares 60 s, beats every 120 s, 1 % loss', 20_000, 'hidden-halved', 0.01),
];

/** Those that are run again with other timings. */
export const comparedScenarios: readonly Scenario[] = [
  { ...hiddenWithLoss, hours: 60_000 },
  { ...visibleWithMuchLoss, hours: 20_000 },
];
