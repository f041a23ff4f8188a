import type { Window } from '../../core/history';
import { between, type Random } from './random';

/** A stretch in which the endpoint does not serve everybody. */
export interface Outage extends Window {
  /** Share of the requests that it serves all the same. */
  readonly served: number;
  /** Whether it runs and says no, which it notes; otherwise nobody reaches it. */
  readonly refuses: boolean;
}

/** A stretch in which heartbeat-monitor reads a shard more slowly than it fills, or not at all. */
export interface Stall extends Window {
  readonly shard: number;
  /** Seconds of arrivals that it works off in a second. */
  readonly pace: number;
}

/** What goes wrong on the side of Rollcall. */
export interface Faults {
  readonly stalls: readonly Stall[];
  readonly outages: readonly Outage[];
  /** Stretches in which session-monitor neither settles nor sends canaries. */
  readonly pauses: readonly Window[];
}

/** What may go wrong in a scenario; each of its worlds draws its own. */
export type FaultKind =
  | 'none'
  | 'lag'
  | 'discarded'
  | 'overload'
  | 'unreachable'
  | 'flapping'
  | 'refusing'
  | 'deploy'
  | 'any';

const minutes = (count: number): number => count * 60_000;

/** Draws one fault somewhere in a stretch. */
export function drawFaults(kind: FaultKind, within: Window, shards: number, random: Random): Faults {
  const none: Faults = { stalls: [], outages: [], pauses: [] };
  const lasting = (least: number, most: number): Window => {
    const fromMs = between(random, within.fromMs, within.toMs);
    return { fromMs, toMs: fromMs + between(random, least, most) };
  };
  const outage = (refuses: boolean): Faults => {
    const served = refuses && random() < 0.5 ? random() : 0;
    // Seconds count as well as minutes: what is too short to be noticed must cost nobody a lease.
    const [least, most] = random() < 0.3 ? [0.1, 1.5] : [1, 12];
    return { ...none, outages: [{ ...lasting(minutes(least), minutes(most)), served, refuses }] };
  };
  switch (kind) {
    case 'none':
      return none;
    case 'lag':
      return { ...none, stalls: stallsOf(lasting(minutes(1), minutes(9.5)), shards, random) };
    case 'discarded':
      return { ...none, stalls: stallsOf(lasting(minutes(10), minutes(20)), shards, random) };
    case 'overload':
      return overloadOf(lasting(minutes(9), minutes(10)), shards, random);
    case 'flapping':
      return { ...none, outages: flappingFrom(between(random, within.fromMs, within.toMs), random) };
    case 'unreachable':
      return outage(false);
    case 'refusing':
      return outage(true);
    case 'deploy':
      return deployOf(lasting(minutes(0.2), minutes(5)), shards, random);
    case 'any': {
      const kinds = [
        'lag',
        'discarded',
        'overload',
        'unreachable',
        'flapping',
        'refusing',
        'deploy',
      ] as const;
      return drawFaults(kinds[Math.floor(random() * kinds.length)] ?? 'lag', within, shards, random);
    }
  }
}

/** Half of the time all shards stand still, half of the time one of them. */
function stallsOf(window: Window, shards: number, random: Random): Faults['stalls'] {
  const only = random() < 0.5 ? Math.floor(random() * shards) : undefined;
  return Array.from({ length: shards }, (_, shard) => ({ ...window, shard, pace: 0 })).filter(
    ({ shard }) => only === undefined || shard === only,
  );
}

/** Once the lag has reached the greatest age of a record, a part of the records is discarded by it as long as this lasts. */
function overloadOf(window: Window, shards: number, random: Random): Faults {
  const slow = { fromMs: window.toMs, toMs: window.toMs + between(random, minutes(2), minutes(10)) };
  const stalls = Array.from({ length: shards }, (_, shard) => [
    { ...window, shard, pace: 0 },
    { ...slow, shard, pace: between(random, 0.2, 0.9) },
  ]);
  return { stalls: stalls.flat(), outages: [], pauses: [] };
}

/** Out of reach again and again, each time for less than a lease. */
function flappingFrom(fromMs: number, random: Random): Faults['outages'] {
  const outages: Outage[] = [];
  let atMs = fromMs;
  for (let count = 3 + Math.floor(random() * 4); count > 0; count -= 1) {
    const toMs = atMs + between(random, minutes(0.5), minutes(1.5));
    outages.push({ fromMs: atMs, toMs, served: 0, refuses: false });
    atMs = toMs + between(random, minutes(0.05), minutes(0.7));
  }
  return outages;
}

/** Both monitors pause, neither exactly as long as the other. */
function deployOf(window: Window, shards: number, random: Random): Faults {
  const aside = (): Window => ({
    fromMs: window.fromMs + between(random, 0, minutes(0.5)),
    toMs: window.toMs + between(random, 0.5, minutes(1)),
  });
  const reading = aside();
  return {
    stalls: Array.from({ length: shards }, (_, shard) => ({ ...reading, shard, pace: 0 })),
    outages: [],
    pauses: [aside()],
  };
}

export const isIn = ({ fromMs, toMs }: Window, atMs: number): boolean => fromMs <= atMs && atMs < toMs;

/** Whether a request at an instant gets through. */
export function isServed(outages: readonly Outage[], atMs: number, random: Random): boolean {
  for (const outage of outages) {
    if (isIn(outage, atMs)) return random() < outage.served;
  }
  return true;
}
