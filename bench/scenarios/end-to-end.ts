import { setTimeout as sleep } from 'node:timers/promises';
import { LiveFeed } from '../../test/support/live-feed';
import { Rollcall } from '../../test/support/rollcall';
import { sessionsPerFacility } from '../front-ends';
import { quantile } from '../measure';
import type { Figure, Scenario } from '../scenario';

const region = 'north';
const steadySessions = 2_000;
const beatSeconds = 30;
const transitions = 1_000;
const transitionsPerSecond = 20;
const leaving = 300;
const silent = 200;
/** The most impatient that there may be, so that their silence need not be waited for as long. */
const silentBeatSeconds = 5;
const silentBeats = 4;

export const endToEnd: Scenario = {
  title: 'Local end to end, tick 1',
  about: `The local runtime as \`npm start -- --fleet 0 --tick 1\` starts it: HTTP, stream, functions in workers, tables, sockets. ${steadySessions.toLocaleString('en-US')} sessions beat every ${beatSeconds} s, while ${transitions.toLocaleString('en-US')} facilities come online, ${transitionsPerSecond} a second, ${leaving} say goodbye, and ${silent} that beat every ${silentBeatSeconds} s fall silent. From sending a beat to the operator's socket, front ends and operator in a process of their own on the same machine.`,
  fromSources: true,
  async run() {
    const rollcall = await Rollcall.start({ tick: 1, fleet: 0 });
    try {
      return await measured(await Crowd.at(rollcall));
    } finally {
      await rollcall.close();
    }
  },
};

async function measured(crowd: Crowd): Promise<readonly Figure[]> {
  const steady = crowd.keepBeating();
  await sleep((beatSeconds + 2) * 1_000);
  const silences = crowd.fallSilent();
  const online = await crowd.comeOnline();
  const goodbyes = await crowd.sayGoodbye();
  const figures = [
    ...latencies('a first beat, until its facility is told online', online, 1.5, 3),
    ...latencies('a goodbye, until it is told', goodbyes, undefined, 10 + 2 + 4),
    ...latencies('a last beat, until its silence is told', await silences, undefined, 20 + 15 + 2 + 4),
    { what: 'beats that were not taken', value: crowd.refused, unit: '', atMost: 0 } as const,
  ];
  crowd.stop();
  await steady;
  return figures;
}

function latencies(
  what: string,
  ms: readonly number[],
  medianAtMost: number | undefined,
  atMost: number,
): readonly Figure[] {
  const median = quantile(ms, 0.5) / 1_000;
  return [
    {
      what: `${what}: median`,
      value: median,
      unit: 's',
      ...(medianAtMost !== undefined && { atMost: medianAtMost }),
    },
    { what: `${what}: 99th percentile`, value: quantile(ms, 0.99) / 1_000, unit: 's', atMost },
  ];
}

type Status = 'online' | 'offline';

/** Front ends that post beats, and an operator who notes when what is told of whom. */
class Crowd {
  refused = 0;
  private stopped = false;
  private readonly told = new Map<string, (atMs: number) => void>();

  private constructor(
    private readonly rollcall: Rollcall,
    private readonly token: string,
    private readonly feed: LiveFeed,
  ) {}

  static async at(rollcall: Rollcall): Promise<Crowd> {
    const all = { [region]: ['*'] };
    const token = await rollcall.token({ provide: all, watch: all });
    const feed = await LiveFeed.open(rollcall, token);
    await feed.subscribe(region);
    const crowd = new Crowd(rollcall, token, feed);
    feed.socket.on('message', (data) => crowd.hear(data.toString()));
    return crowd;
  }

  /** Until it is stopped, spread evenly over an interval. */
  async keepBeating(): Promise<void> {
    const startMs = Date.now();
    for (let beat = 0; !this.stopped; beat += 1) {
      const session = beat % steadySessions;
      await untilMs(startMs + (beat * beatSeconds * 1_000) / steadySessions);
      void this.beat(`steady-${session}`, `steady-${Math.floor(session / sessionsPerFacility)}`, beatSeconds);
    }
  }

  async comeOnline(): Promise<readonly number[]> {
    return await this.inTurn(transitions, async (index) => {
      const sentMs = Date.now();
      const told = this.until(facilityOf(index), 'online');
      await this.beat(facilityOf(index), facilityOf(index), 300);
      return (await told) - sentMs;
    });
  }

  async sayGoodbye(): Promise<readonly number[]> {
    return await this.inTurn(leaving, async (index) => {
      const sentMs = Date.now();
      const told = this.until(facilityOf(index), 'offline');
      await this.beat(facilityOf(index), facilityOf(index), 0);
      return (await told) - sentMs;
    });
  }

  /** @returns how long after its last beat each was told */
  async fallSilent(): Promise<readonly number[]> {
    return await this.inTurn(silent, async (index) => {
      const name = `silent-${index}`;
      for (let beat = 1; beat < silentBeats; beat += 1) {
        await this.beat(name, name, silentBeatSeconds);
        await sleep(silentBeatSeconds * 1_000);
      }
      const told = this.until(name, 'offline');
      const sentMs = Date.now();
      await this.beat(name, name, silentBeatSeconds);
      return (await told) - sentMs;
    });
  }

  stop(): void {
    this.stopped = true;
    this.feed.close();
  }

  private async inTurn(count: number, work: (index: number) => Promise<number>): Promise<readonly number[]> {
    const startMs = Date.now();
    const running: Promise<number>[] = [];
    for (let index = 0; index < count; index += 1) {
      await untilMs(startMs + (index * 1_000) / transitionsPerSecond);
      running.push(work(index));
    }
    return await Promise.all(running);
  }

  private until(facility: string, status: Status): Promise<number> {
    return new Promise((resolve) => this.told.set(`${facility} ${status}`, resolve));
  }

  private hear(text: string): void {
    const atMs = Date.now();
    const { changes = [] } = JSON.parse(text) as { changes?: { facility: string; status: Status }[] };
    for (const { facility, status } of changes) this.told.get(`${facility} ${status}`)?.(atMs);
  }

  private async beat(sessionId: string, facility: string, next: number): Promise<void> {
    const body = { sessionId, region, facilities: [facility], next };
    const headers = { authorization: `Bearer ${this.token}` };
    const { status } = await this.rollcall.post('/heartbeat', body, headers);
    if (status !== 202) this.refused += 1;
  }
}

const facilityOf = (index: number): string => `come-${index}`;

const untilMs = (atMs: number): Promise<void> => sleep(Math.max(0, atMs - Date.now()));
