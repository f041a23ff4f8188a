import { timingsFrom } from '../../core/timings';
import { type Estimate, estimate } from './estimate';
import type { Load } from './load';
import type { Setup } from './setup';

/** Another choice of one setting, and what it changes. */
export interface Lever {
  readonly choice: string;
  /** What one gets or loses for it. */
  readonly effect: string;
  readonly dollars: number;
  readonly writeUnitsPerThousandBeats: number;
}

interface Choice {
  readonly choice: string;
  readonly effect: string;
  readonly applies: (estimate: Estimate) => boolean;
  readonly load?: (load: Load) => Load;
  readonly setup?: (setup: Setup) => Setup;
}

const withTimings =
  (given: Partial<Setup['timings']>) =>
  (setup: Setup): Setup => ({ ...setup, timings: timingsFrom({ ...setup.timings, ...given }) });

const choices: readonly Choice[] = [
  {
    choice: 'timings.renewBeats 0',
    effect: 'silence is told up to 40 s earlier, at times 70; every heartbeat is written',
    applies: ({ setup }) => setup.timings.renewBeats !== 0,
    setup: withTimings({ renewBeats: 0 }),
  },
  {
    choice: 'timings.renewBeats 2',
    effect: 'silence is told up to 30 s later than with 1; about every third renewal is written',
    applies: ({ setup }) => setup.timings.renewBeats !== 2,
    setup: withTimings({ renewBeats: 2 }),
  },
  {
    choice: 'timings.renewBeats 3',
    effect: 'silence is told up to 60 s later than with 1; about every fourth renewal is written',
    applies: ({ setup }) => setup.timings.renewBeats !== 3 && setup.timings.allowance >= 3,
    setup: withTimings({ renewBeats: 3 }),
  },
  {
    choice: 'a heartbeat every 60 s',
    effect:
      'interval 60 in each front end (docs/CLIENT.md), or next 60 in its heartbeats: half of everything that each of them costs; silence is told up to 120 s later',
    applies: ({ setup }) => setup.timings.beatSeconds !== 60,
    setup: withTimings({ beatSeconds: 60 }),
  },
  {
    choice: 'timings.tickSeconds 60',
    effect: 'one pass a minute instead of a running monitor: what changes is told up to a minute later',
    applies: ({ setup }) => setup.timings.tickSeconds !== 60,
    setup: withTimings({ tickSeconds: 60, freshnessSeconds: 180 }),
  },
  {
    choice: 'interval 60, timings.renewBeats 3',
    effect:
      'a heartbeat every 60 s, and about every fourth renewal is written; silence is told up to 240 s later',
    applies: ({ setup }) => setup.timings.beatSeconds !== 60 && setup.timings.renewBeats !== 3,
    setup: withTimings({ beatSeconds: 60, renewBeats: 3 }),
  },
  {
    choice: 'interval 60, timings.renewBeats 3, timings.tickSeconds 60',
    effect: 'all three: half of the bill and less, where some minutes more do not matter',
    applies: ({ setup: { timings: t } }) =>
      t.beatSeconds !== 60 && t.renewBeats !== 3 && t.tickSeconds !== 60,
    setup: withTimings({ beatSeconds: 60, renewBeats: 3, tickSeconds: 60, freshnessSeconds: 180 }),
  },
  {
    choice: 'frontDoor http-api',
    effect: 'a domain of its own for heartbeats, throttling by the gateway',
    applies: ({ setup }) => setup.frontDoor !== 'http-api',
    setup: (setup) => ({ ...setup, frontDoor: 'http-api' }),
  },
  {
    choice: 'frontDoor function-url',
    effect: 'nothing per request but Lambda itself',
    applies: ({ setup }) => setup.frontDoor !== 'function-url',
    setup: (setup) => ({ ...setup, frontDoor: 'function-url' }),
  },
  {
    choice: 'shards on-demand',
    effect: 'no shards to plan; each heartbeat is billed as 1 KB',
    applies: ({ setup }) => setup.streamMode !== 'on-demand',
    setup: (setup) => ({ ...setup, streamMode: 'on-demand' }),
  },
  {
    choice: 'sessionMonitorMemoryMb 1769',
    effect: 'a whole processor for session-monitor: shorter passes',
    applies: ({ setup }) => setup.sessionMonitorMemoryMb < 1_769,
    setup: (setup) => ({ ...setup, sessionMonitorMemoryMb: 1_769 }),
  },
  {
    choice: 'sessions of one hour',
    effect: 'not a setting: what coming and going costs, when everybody stays for an hour only',
    applies: ({ load }) => load.sessionHours !== 1,
    load: (load) => ({ ...load, sessionHours: 1 }),
  },
  {
    choice: 'sessions of eight hours',
    effect:
      'when everybody stays for a working day, and somebody else comes then (for less than 24 hours a day: --hours-a-day)',
    applies: ({ load }) => load.sessionHours !== 8 && load.hoursADay >= 8,
    load: (load) => ({ ...load, sessionHours: 8 }),
  },
  {
    choice: 'sessions of a day',
    effect: 'when everybody stays for a whole day',
    applies: ({ load }) => load.sessionHours !== 24 && load.hoursADay === 24,
    load: (load) => ({ ...load, sessionHours: 24 }),
  },
  {
    choice: 'one session per facility',
    effect: 'each that comes or goes changes its facility: history, events and ten times the facilities',
    applies: ({ load }) => load.perFacility !== 1,
    load: (load) => ({ ...load, perFacility: 1 }),
  },
  {
    choice: 'one session for each user',
    effect:
      'a leading tab beats for all of its browser (docs/CLIENT.md): half the sessions, where two tabs are open on average',
    applies: ({ load }) => load.sessions / 2 / load.perFacility >= load.regions,
    load: (load) => ({ ...load, sessions: load.sessions / 2 }),
  },
];

/** What each other choice would cost, the cheapest first. */
export function leversOf(from: Estimate): readonly Lever[] {
  return choices
    .filter(({ applies }) => applies(from))
    .map(({ choice, effect, load = same, setup = same }) => {
      const { dollars, writeUnitsPerThousandBeats } = estimate(load(from.load), setup(from.setup));
      return { choice, effect, dollars, writeUnitsPerThousandBeats };
    })
    .sort((a, b) => a.dollars - b.dollars);
}

const same = <T>(value: T): T => value;
