import type { Stage } from '../../local/crashes';
import { Dice } from '../fuzz/dice';

/** One thing that goes wrong, and what ends it. Durations are milliseconds. */
export type Disturbance =
  /** The function of a stage is killed in the middle of what it does, several times in a row. */
  | { readonly kind: 'crash'; readonly stage: Stage; readonly times: number }
  /** Session-monitor is stopped, and started again. */
  | { readonly kind: 'no-monitor'; readonly forMs: number }
  /** The event source mapping is paused. */
  | { readonly kind: 'no-poller'; readonly forMs: number }
  /** One shard delivers nothing. */
  | { readonly kind: 'stuck-shard'; readonly forMs: number }
  /** The endpoint turns every beat away. */
  | { readonly kind: 'refusing'; readonly forMs: number }
  /** DynamoDB answers nothing. */
  | { readonly kind: 'stalled-database'; readonly forMs: number }
  /** The whole process stands still, as on a machine that sleeps. */
  | { readonly kind: 'frozen'; readonly forMs: number }
  /** The operators' sockets are cut off. */
  | { readonly kind: 'cut-sockets' }
  /** Everything is killed at once, and started again on what is on the disk. */
  | { readonly kind: 'power-cut'; readonly forMs: number };

export type DisturbanceKind = Disturbance['kind'];

/** When it begins, counted from the start of the soak. */
export type Planned = Disturbance & { readonly atMs: number };

const second = 1_000;
const stages: readonly Stage[] = [
  'heartbeat-endpoint',
  'heartbeat-monitor',
  'session-monitor',
  'live-feed',
  'status-api',
];
/** How often each comes, of all. */
const lots: readonly (readonly [count: number, kind: DisturbanceKind])[] = [
  [6, 'crash'],
  [1, 'no-monitor'],
  [2, 'no-poller'],
  [1, 'stuck-shard'],
  [2, 'refusing'],
  [2, 'stalled-database'],
  [1, 'frozen'],
  [3, 'cut-sockets'],
  [2, 'power-cut'],
];
const warmUpMs = 10 * second;
/** In the last part one process lives on, so that what it holds can be compared. */
const powerCutsUntil = 0.6;
/** A start takes some seconds, in which nothing else can be broken. */
const restartMs = 12 * second;

/** What goes wrong in so many minutes, one thing after another, the same for the same seed. */
export function planSoak(minutes: number, seed: number): readonly Planned[] {
  const dice = new Dice(seed);
  const endMs = minutes * 60 * second;
  const plan: Planned[] = [];
  let bag: DisturbanceKind[] = [];
  for (let atMs = warmUpMs; ; ) {
    if (bag.length === 0) bag = lots.flatMap(([count, kind]) => Array<DisturbanceKind>(count).fill(kind));
    const [kind = 'crash'] = bag.splice(dice.whole(0, bag.length - 1), 1);
    if (kind === 'power-cut' && atMs > endMs * powerCutsUntil) continue;
    const disturbance = disturbanceOf(kind, dice);
    const untilMs = atMs + lastsMs(disturbance);
    if (untilMs > endMs) return plan;
    plan.push({ ...disturbance, atMs });
    atMs = untilMs + dice.whole(1 * second, 6 * second);
  }
}

function disturbanceOf(kind: DisturbanceKind, dice: Dice): Disturbance {
  switch (kind) {
    case 'crash':
      return { kind, stage: dice.pick(stages), times: dice.whole(1, 6) };
    case 'cut-sockets':
      return { kind };
    case 'stalled-database':
      return { kind, forMs: dice.whole(1 * second, 12 * second) };
    case 'frozen':
      return { kind, forMs: dice.whole(3 * second, 20 * second) };
    case 'power-cut':
      return { kind, forMs: dice.whole(0, 30 * second) };
    case 'no-monitor':
    case 'no-poller':
    case 'stuck-shard':
    case 'refusing':
      return { kind, forMs: dice.whole(2 * second, 30 * second) };
  }
}

/** Until when a disturbance is over. */
export function lastsMs(disturbance: Disturbance): number {
  switch (disturbance.kind) {
    case 'crash':
      return disturbance.times * crashEveryMs;
    case 'cut-sockets':
      return 0;
    case 'power-cut':
      return disturbance.forMs + restartMs;
    default:
      return disturbance.forMs;
  }
}

/** Long enough for a killed function to be in the middle of something again. */
export const crashEveryMs = 350;
