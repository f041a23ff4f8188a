import { cpuUsOf, spreadOf } from '../measure';
import { ClassicDesign } from './classic';
import { type Dollars, dollarsAt } from './dollars';
import { NaivePipeline } from './naive';
import { type Outcome, type Plot, play } from './play';
import { RedisServer } from './redis';
import { RollcallItself } from './rollcall';
import type { PlayBeat } from './system';
import { HurriedTime, virtualTime } from './time';

export const systems = ['rollcall', 'naive', 'classic'] as const;
export type SystemName = (typeof systems)[number];
export type Each<T> = Readonly<Record<SystemName, T>>;

export interface Comparison {
  readonly plots: Readonly<Record<PlotName, Each<Outcome>>>;
  /** Microseconds of processor time for a beat. */
  readonly cpuUsPerBeat: Each<number>;
  readonly dollars: Readonly<Record<'million' | 'tenThousand' | 'hundred', Dollars>>;
}

const usual = { frontEnds: 1_000, minutes: 30, loss: 0, stallsAt: [], seed: 1 } satisfies Plot;

export const plots = {
  calm: usual,
  loss: { ...usual, loss: 0.1 },
  /** At three phases of what happens once a minute. */
  stall: { ...usual, stallsAt: [8, 13 + 1 / 3, 25 + 2 / 3] },
} satisfies Record<string, Plot>;
export type PlotName = keyof typeof plots;

/** How many times faster time passes for Redis, which has a clock of its own. */
export const hurry = 60;

/** Puts the same questions to all three, one after the other. */
export async function compare(say: (line: string) => void): Promise<Comparison> {
  const redis = await RedisServer.start();
  try {
    const played = {} as Record<PlotName, Each<Outcome>>;
    for (const name of Object.keys(plots) as PlotName[]) {
      say(`playing ${name}`);
      played[name] = await playAll(plots[name], redis);
    }
    say('measuring processor time');
    const cpuUsPerBeat = {
      rollcall: await cpuOfRollcall(),
      naive: await cpuOfNaive(),
      classic: await cpuOfClassic(redis),
    };
    const dollars = {
      million: dollarsAt(1_000_000),
      tenThousand: dollarsAt(10_000),
      hundred: dollarsAt(100),
    };
    return { plots: played, cpuUsPerBeat, dollars };
  } finally {
    await redis.close();
  }
}

async function playAll(plot: Plot, redis: RedisServer): Promise<Each<Outcome>> {
  const [first, second] = [virtualTime(), virtualTime()];
  const rollcall = await play(plot, new RollcallItself(first), first);
  const naive = await play(plot, new NaivePipeline(second), second);
  await redis.client.flushAll();
  const time = new HurriedTime(hurry);
  const classic = await play(plot, new ClassicDesign({ redis: redis.client, time }), time);
  return { rollcall, naive, classic };
}

const sessions = 5_000;
const rounds = 7;
const beats: readonly PlayBeat[] = Array.from({ length: sessions }, (_, index) => ({
  facility: `clinic-${index}`,
  nextSeconds: 30,
}));

/** The median of several rounds in each of which every session beats once. */
async function perBeat(round: () => Promise<number>): Promise<number> {
  for (let index = 0; index < 3; index += 1) await round();
  const us: number[] = [];
  for (let index = 0; index < rounds; index += 1) us.push((await round()) / sessions);
  return spreadOf(us).median;
}

async function cpuOfRollcall(): Promise<number> {
  const time = virtualTime();
  const system = new RollcallItself(time);
  return await perBeat(async () => {
    await time.runUntil(time.now() + 30_000);
    return await cpuUsOf(async () => {
      for (const beat of beats) await system.take(beat);
      await system.poll();
    });
  });
}

async function cpuOfNaive(): Promise<number> {
  const system = new NaivePipeline(virtualTime());
  return await perBeat(() =>
    cpuUsOf(() => {
      for (const beat of beats) system.beat({ ...beat });
    }),
  );
}

/** The server's own work and that of Redis, a hundred beats at once. */
async function cpuOfClassic(redis: RedisServer): Promise<number> {
  await redis.client.flushAll();
  const system = new ClassicDesign({ redis: redis.client, time: new HurriedTime(1) });
  return await perBeat(async () => {
    const before = await redis.cpuUs();
    const own = await cpuUsOf(async () => {
      for (let from = 0; from < sessions; from += 100) {
        await Promise.all(beats.slice(from, from + 100).map((beat) => system.take(beat)));
      }
    });
    return own + (await redis.cpuUs()) - before;
  });
}
