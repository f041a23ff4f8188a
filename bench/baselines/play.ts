import { between, seededRandom } from '../../local/fleet/random';
import { quantile } from '../measure';
import type { PresenceSystem, Told } from './system';
import { beginningMs, type PlayTime } from './time';

const second = 1_000;
const minute = 60 * second;
const beatSeconds = 30;

/** What front ends do in a play, the same for every system. */
export interface Plot {
  readonly frontEnds: number;
  readonly minutes: number;
  /** Share of the beats that get lost on their way; nobody tries again. */
  readonly loss: number;
  /** When what takes beats up stands still, in minutes from the beginning, two minutes each. */
  readonly stallsAt: readonly number[];
  readonly seed: number;
}

/** How a front end ends: not at all, with a goodbye, or just gone. */
type Fate = 'stays' | 'leaves' | 'dies';

interface FrontEnd {
  readonly facility: string;
  readonly fate: Fate;
  readonly beginMs: number;
  readonly endMs: number;
  readonly random: () => number;
}

/** How late the truth was told, and how often something else was. */
export interface Outcome {
  readonly beats: number;
  readonly hours: number;
  readonly falseOfflines: number;
  readonly facilitiesFalselyOffline: number;
  /** Seconds, median and 99th percentile. */
  readonly online: Lateness;
  readonly goodbye: Lateness;
  readonly silence: Lateness;
  readonly neverTold: number;
}

export interface Lateness {
  readonly p50: number;
  readonly p99: number;
}

/** Lets front ends, each the only one of its facility, beat at a system, and judges what it tells its operators. */
export async function play(
  { frontEnds: count, minutes, loss, stallsAt, seed }: Plot,
  system: PresenceSystem,
  time: PlayTime,
): Promise<Outcome> {
  const frontEnds = Array.from({ length: count }, (_, index) => frontEndOf(index, minutes, seed));
  let beats = 0;
  let over = false;
  for (const frontEnd of frontEnds) {
    live(frontEnd, time, (nextSeconds) => {
      // In a hurried time the next beats are due when the play is over: they would disturb the next one.
      if (over) return;
      beats += 1;
      if (frontEnd.random() >= loss) system.beat({ facility: frontEnd.facility, nextSeconds });
    });
  }
  for (const startMinute of stallsAt) {
    time.at(beginningMs + startMinute * minute, () => system.stall(true));
    time.at(beginningMs + (startMinute + 2) * minute, () => system.stall(false));
  }
  system.start();
  await time.runUntil(beginningMs + minutes * minute);
  over = true;
  await system.close();
  return judged(frontEnds, system.told, beats, beginningMs + minutes * minute);
}

/** All begin within five minutes; six of ten end in the middle third, half of them with a goodbye. */
function frontEndOf(index: number, minutes: number, seed: number): FrontEnd {
  const random = seededRandom(seed * 100_003 + index);
  const beginMs = beginningMs + 10 * second + between(random, 0, 5 * minute);
  const fate: Fate = index % 10 < 4 ? 'stays' : index % 10 < 7 ? 'leaves' : 'dies';
  const endMs =
    fate === 'stays'
      ? Number.POSITIVE_INFINITY
      : beginningMs + Math.floor(between(random, (minutes / 3) * minute, ((2 * minutes) / 3) * minute));
  return { facility: `clinic-${index}`, fate, beginMs: Math.floor(beginMs), endMs, random };
}

function live(
  { fate, beginMs, endMs, random }: FrontEnd,
  time: PlayTime,
  beat: (next: number) => void,
): void {
  const due = (atMs: number): void =>
    time.at(atMs, () => {
      if (time.now() >= endMs) return;
      beat(beatSeconds);
      // Timers of a visible tab are up to 0.1 s late.
      due(Math.floor(atMs + beatSeconds * second + between(random, 0, 100)));
    });
  due(beginMs);
  if (fate === 'leaves') time.at(endMs, () => beat(0));
}

function judged(
  frontEnds: readonly FrontEnd[],
  told: readonly Told[],
  beats: number,
  overMs: number,
): Outcome {
  const byFacility = new Map<string, Told[]>(frontEnds.map(({ facility }) => [facility, []]));
  for (const each of told) byFacility.get(each.facility)?.push(each);
  const online: number[] = [];
  const goodbye: number[] = [];
  const silence: number[] = [];
  let falseOfflines = 0;
  let facilitiesFalselyOffline = 0;
  let neverTold = 0;
  for (const { facility, fate, beginMs, endMs } of frontEnds) {
    const all = byFacility.get(facility) ?? [];
    const came = all.find(({ status }) => status === 'online');
    const wrong = all.filter(({ status, atMs }) => status === 'offline' && atMs < endMs).length;
    const went = all.find(({ status, atMs }) => status === 'offline' && atMs >= endMs);
    const wasOnline = all.findLast(({ atMs }) => atMs < endMs)?.status === 'online';
    if (came !== undefined) online.push((came.atMs - beginMs) / second);
    falseOfflines += wrong;
    facilitiesFalselyOffline += Math.min(wrong, 1);
    if (fate === 'stays') continue;
    if (went === undefined) neverTold += Number(wasOnline);
    else (fate === 'leaves' ? goodbye : silence).push((went.atMs - endMs) / second);
  }
  const hours =
    frontEnds.reduce((sum, { beginMs, endMs }) => sum + Math.min(endMs, overMs) - beginMs, 0) / (60 * minute);
  return {
    beats,
    hours,
    falseOfflines,
    facilitiesFalselyOffline,
    online: latenessOf(online),
    goodbye: latenessOf(goodbye),
    silence: latenessOf(silence),
    neverTold,
  };
}

const latenessOf = (seconds: readonly number[]): Lateness => ({
  p50: quantile(seconds, 0.5),
  p99: quantile(seconds, 0.99),
});
