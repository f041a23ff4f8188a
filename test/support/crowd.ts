import { setTimeout as sleep } from 'node:timers/promises';
import { beatLimits } from '../../core/beat';
import type { HeardChange } from './live-feed';
import { patience } from './waiting';
import type { WatchedRegion } from './watched-region';

/** What becomes of a front end: it beats on, says goodbye, or dies without a word. */
export type Fate = 'stays' | 'leaves' | 'dies';

/** A front end of one facility, as it sees itself. */
export interface FrontEnd {
  readonly facility: string;
  readonly fate: Fate;
  /** Arrival of its last beat that was taken, by the server's clock. */
  lastTakenMs: number;
  /** When its goodbye was taken. */
  leftMs?: number;
}

/** Beats every five seconds, the most impatient that there may be: a lease of 20 s. */
export const beatSeconds = beatLimits.minNextSeconds;
const lookEveryMs = 50;

/** Front ends that send beats over HTTP, each for a facility of its own, and know what really became of them. */
export class Crowd {
  readonly frontEnds: readonly FrontEnd[];
  private readonly ended = new Set<string>();
  private readonly stopped = new AbortController();
  private readonly running: Promise<unknown>;

  private constructor(
    private readonly region: WatchedRegion,
    counts: Readonly<Record<Fate, number>>,
  ) {
    this.frontEnds = Object.entries(counts).flatMap(([fate, count]) =>
      Array.from({ length: count }, (_, index) => ({
        facility: `${fate}-${index}`,
        fate: fate as Fate,
        lastTakenMs: 0,
      })),
    );
    this.running = Promise.all(this.frontEnds.map((frontEnd, index) => this.live(frontEnd, index)));
  }

  /** Starts them and waits until all are seen online. */
  static async gather(region: WatchedRegion, counts: Readonly<Record<Fate, number>>): Promise<Crowd> {
    const crowd = new Crowd(region, counts);
    try {
      for (const { facility } of crowd.frontEnds)
        await region.feed.change(facility, { status: 'online' }, patience);
    } catch (error) {
      await crowd.stop();
      throw error;
    }
    return crowd;
  }

  facilities(fate: Fate): readonly string[] {
    return this.frontEnds.filter((frontEnd) => frontEnd.fate === fate).map(({ facility }) => facility);
  }

  /** Those who are to leave do so, and those who are to die are dead. */
  async part(): Promise<void> {
    for (const frontEnd of this.frontEnds) {
      if (frontEnd.fate === 'stays') continue;
      this.ended.add(frontEnd.facility);
      if (frontEnd.fate === 'leaves') await this.leave(frontEnd);
    }
  }

  /** Whose facility went offline, and by when they had really ended; for a silence the earliest and the latest instant. */
  truthOf({
    fate,
    leftMs,
    lastTakenMs,
  }: FrontEnd): { reason: string; fromMs: number; untilMs: number } | undefined {
    if (fate === 'stays') return undefined;
    if (leftMs !== undefined) return { reason: 'leave', fromMs: leftMs - 1_000, untilMs: leftMs + 1_000 };
    const leaseMs = (3 * beatSeconds + 5) * 1_000;
    const reserveMs = (beatSeconds + 10) * 1_000;
    return {
      reason: 'timeout',
      fromMs: lastTakenMs + leaseMs - 1_000,
      untilMs: lastTakenMs + leaseMs + reserveMs + 1_000,
    };
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  private async live(frontEnd: FrontEnd, index: number): Promise<void> {
    let dueMs = Date.now() + index * lookEveryMs;
    while (!this.stopped.signal.aborted && !this.ended.has(frontEnd.facility)) {
      if (Date.now() >= dueMs) {
        dueMs += beatSeconds * 1_000;
        await this.beat(frontEnd, beatSeconds);
      }
      await sleep(lookEveryMs);
    }
  }

  private async leave(frontEnd: FrontEnd): Promise<void> {
    const takenMs = await this.beat(frontEnd, 0);
    if (takenMs !== undefined) frontEnd.leftMs = takenMs;
  }

  /** A beat that is refused is not sent again. @returns when it was taken, if it was */
  private async beat(frontEnd: FrontEnd, next: number): Promise<number | undefined> {
    const { facility } = frontEnd;
    const { status, body } = await this.region
      .beat({ sessionId: facility, facilities: [facility], next })
      .catch(unanswered);
    if (status !== 202) return undefined;
    const takenMs = Date.parse(body.serverTime);
    if (next > 0) frontEnd.lastTakenMs = takenMs;
    return takenMs;
  }
}

/** A server that is down answers nothing; whatever else goes wrong is the test's own fault. */
function unanswered(error: unknown): Awaited<ReturnType<WatchedRegion['beat']>> {
  // By its words: jest gives tests a TypeError of their own, so the class of this one is another.
  if (!String(error).includes('fetch failed')) throw error;
  return { status: 0, mediaType: '', body: { next: 0, serverTime: '', leaseUntil: '' } };
}

export const offline = (changes: readonly HeardChange[]): readonly HeardChange[] =>
  changes.filter(({ status }) => status === 'offline');

/** Just those who ended were told to be offline, each for its reason and with its instant. */
export function expectTrue(
  crowd: Crowd,
  told: readonly Pick<HeardChange, 'facility' | 'at' | 'reason'>[],
): void {
  const gone = [...crowd.facilities('leaves'), ...crowd.facilities('dies')];
  expect(told.map(({ facility }) => facility).toSorted()).toEqual(gone.toSorted());
  for (const { facility, at, reason } of told) {
    const frontEnd = crowd.frontEnds.find((each) => each.facility === facility);
    const truth = frontEnd && crowd.truthOf(frontEnd);
    expect({ facility, reason }).toEqual({ facility, reason: truth?.reason });
    expect(Date.parse(at)).toBeGreaterThanOrEqual(truth?.fromMs ?? Number.NaN);
    expect(Date.parse(at)).toBeLessThanOrEqual(truth?.untilMs ?? Number.NaN);
  }
}
