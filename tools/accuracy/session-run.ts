import type { ArrivedBeat } from '../../core/beat';
import { leaseEndMs, longestReserveMs } from '../../core/lease';
import { mergeBeat, type Session } from '../../core/session';
import { endOf } from '../../core/silence';
import type { Timings } from '../../core/timings';
import { isServed } from './faults';
import { FrontEnd, type Habit } from './front-end';
import type { Pipeline, TickStanding } from './pipeline';
import { type Random, travelMs } from './random';

/** One front end's life, which is the only session of its facility. */
export interface Life {
  readonly name: string;
  readonly habit: Habit;
  readonly shard: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Whether it says goodbye; otherwise it is just gone. */
  readonly saysGoodbye: boolean;
  /** Share of its beats that never arrive. */
  readonly loss: number;
}

/** What was told of a facility, and by which tick. */
export interface Told {
  readonly status: 'online' | 'offline';
  readonly tick: number;
}

/** What became of one front end, as the operators saw it. */
export interface Outcome {
  readonly beats: number;
  readonly writes: number;
  readonly told: readonly Told[];
  /** How often its facility was told offline while it was there and went on beating. */
  readonly falseOfflines: number;
  /** How late its facility was told online; absent if it never was. */
  readonly start?: Lateness;
  /** How late its goodbye was told. */
  readonly goodbye?: Lateness;
  readonly silence?: Silence;
}

/** From the front end's beat to the tick that tells what it means, and from that beat's arrival, in milliseconds. */
export interface Lateness {
  readonly afterSentMs: number;
  readonly afterArrivalMs: number;
}

/** How late an end without goodbye was told, in milliseconds. */
export interface Silence {
  /** After it was gone. */
  readonly afterEndMs: number;
  /** After the last lease of its beats was over, the reserve (HB6) not counted. */
  readonly afterLeaseMs: number;
  /** After the lease and the largest reserve that it could have: what docs/SPEC.md bounds. */
  readonly afterReserveMs: number;
}

/** Records are delivered at least once. */
const repeatedShare = 0.001;

/** A beat on its way into the session, for whoever wants to follow it there. */
export type Witness = (beat: ArrivedBeat, processedMs: number) => void;

/**
 * Lives through one front end's life, beat by beat, and asks the core at each tick that could tell something: what is told
 * changes only after a beat was written, and when as-of reaches a lease.
 */
export class SessionRun {
  private beats = 0;
  private writes = 0;
  private falseOfflines = 0;
  private readonly told: Told[] = [];
  /** As the table has it, and as heartbeat-monitor remembers it (HB6). */
  private stored: Session | undefined;
  private known: Session | undefined;
  private storedMs = 0;
  private firstArrived: ArrivedBeat | undefined;
  private lastArrived: ArrivedBeat | undefined;
  /** The end of the lease that lasts longest, without and with the longest reserve that it may have been written with. */
  private leaseMs = 0;
  private reservedMs = 0;
  private lastSentMs = 0;
  private readonly covers: readonly string[];

  constructor(
    private readonly life: Life,
    private readonly pipeline: Pipeline,
    private readonly t: Timings,
    private readonly random: Random,
    private readonly witness?: Witness,
  ) {
    this.covers = [life.name];
  }

  run(): Outcome {
    const { habit, startMs, endMs, saysGoodbye } = this.life;
    const frontEnd = new FrontEnd(habit, startMs, this.random);
    while (frontEnd.dueMs < endMs) {
      const sentMs = frontEnd.dueMs;
      this.send(sentMs, frontEnd.beat());
    }
    if (saysGoodbye) this.send(endMs, 0);
    const last = this.judge(Number.POSITIVE_INFINITY);
    const isFalse = last !== undefined && last.nowMs < this.lastSentMs;
    if (isFalse) this.falseOfflines += 1;
    return this.outcome(isFalse ? undefined : last);
  }

  /** A beat may be lost, turned away, discarded, or come twice. */
  private send(sentMs: number, nextSeconds: number): void {
    this.beats += 1;
    this.lastSentMs = sentMs;
    const luck = this.random();
    if (luck < this.life.loss) return;
    const arrivalMs = Math.max(sentMs + travelMs(this.random), this.lastArrived?.arrivalMs ?? 0);
    const { faults } = this.pipeline;
    if (faults.outages.length > 0 && !isServed(faults.outages, arrivalMs, this.random)) return;
    const processedMs = this.pipeline.processedMs(this.life.shard, arrivalMs);
    if (processedMs === undefined) return;
    const beat = this.arrived(nextSeconds, arrivalMs);
    const told = this.judge(processedMs);
    // Whoever is gone already is told rightly, though their goodbye was not read yet.
    if (told !== undefined && (nextSeconds > 0 || told.nowMs < sentMs)) this.falseOfflines += 1;
    this.take(beat, processedMs);
    if (luck > 1 - repeatedShare) this.take(beat, processedMs);
  }

  private arrived(nextSeconds: number, arrivalMs: number): ArrivedBeat {
    const { name } = this.life;
    return {
      issuer: 'i',
      subject: name,
      region: 'r',
      sessionId: 's',
      covers: this.covers,
      nextSeconds,
      arrivalMs,
    };
  }

  private take(beat: ArrivedBeat, processedMs: number): void {
    const { session, write } = mergeBeat(this.known, beat, this.t);
    this.known = write ? { ...session, revision: session.revision + 1 } : session;
    this.firstArrived ??= beat;
    this.lastArrived = beat;
    if (beat.nextSeconds > 0) this.noteLease(beat);
    if (write) {
      this.stored = session;
      this.writes += 1;
    }
    this.storedMs = processedMs;
    this.witness?.(beat, processedMs);
  }

  private noteLease({ arrivalMs, nextSeconds }: ArrivedBeat): void {
    const leaseMs = leaseEndMs(arrivalMs, nextSeconds, this.t);
    this.leaseMs = Math.max(this.leaseMs, leaseMs);
    this.reservedMs = Math.max(this.reservedMs, leaseMs + longestReserveMs(nextSeconds, this.t));
  }

  /**
   * Whether the ticks from the last beat that was written until this instant tell the facility offline.
   * @returns the one that does
   */
  private judge(untilMs: number): TickStanding | undefined {
    const { stored } = this;
    if (stored === undefined) return undefined;
    if (this.told.at(-1)?.status !== 'online') this.welcome(stored, untilMs);
    if (untilMs <= stored.leaseUntilMs || this.told.at(-1)?.status !== 'online') return undefined;
    const { ticks } = this.pipeline;
    for (let tick = firstTick(ticks, this.storedMs, stored.leaseUntilMs); tick < ticks.length; tick += 1) {
      const standing = ticks[tick];
      if (standing === undefined || standing.nowMs >= untilMs) return undefined;
      if (isOver(stored, standing, this.t)) {
        this.told.push({ status: 'offline', tick });
        return standing;
      }
    }
    return undefined;
  }

  /** A goodbye brings nobody online (HB4); nor does a lease that was over before anybody looked (TR3). */
  private welcome(stored: Session, untilMs: number): void {
    const { ticks } = this.pipeline;
    const tick = firstTick(ticks, this.storedMs, 0);
    const standing = ticks[tick];
    if (standing === undefined || standing.nowMs >= untilMs || stored.leftAtMs !== undefined) return;
    if (stored.leaseUntilMs > standing.asOfMs) this.told.push({ status: 'online', tick });
  }

  private outcome(last: TickStanding | undefined): Outcome {
    const { beats, writes, told, falseOfflines, life } = this;
    const online = told[0] && this.pipeline.ticks[told[0].tick];
    return {
      beats,
      writes,
      told,
      falseOfflines,
      ...(online && this.firstArrived && { start: latenessOf(online, life.startMs, this.firstArrived) }),
      ...(last && this.ended(last)),
    };
  }

  private ended(last: TickStanding): Pick<Outcome, 'goodbye' | 'silence'> {
    const { stored, lastArrived, life } = this;
    if (stored === undefined || lastArrived === undefined) return {};
    return endOf(stored, last.gaps, this.t).reason === 'leave'
      ? { goodbye: latenessOf(last, life.endMs, lastArrived) }
      : { silence: this.silence(last) };
  }

  private silence({ nowMs }: TickStanding): Silence {
    return {
      afterEndMs: nowMs - this.life.endMs,
      afterLeaseMs: nowMs - this.leaseMs,
      afterReserveMs: nowMs - this.reservedMs,
    };
  }
}

const latenessOf = ({ nowMs }: TickStanding, sentMs: number, { arrivalMs }: ArrivedBeat): Lateness => ({
  afterSentMs: nowMs - sentMs,
  afterArrivalMs: nowMs - arrivalMs,
});

const isOver = (session: Session, { gaps, asOfMs }: TickStanding, t: Timings): boolean =>
  endOf(session, gaps, t).tellFromMs <= asOfMs;

/** The first tick that is not before `fromMs` and whose as-of is not before `asOfMs`; neither ever steps back. */
function firstTick(ticks: readonly TickStanding[], fromMs: number, asOfMs: number): number {
  let [low, high] = [0, ticks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const standing = ticks[middle];
    if (standing !== undefined && (standing.nowMs < fromMs || standing.asOfMs < asOfMs)) low = middle + 1;
    else high = middle;
  }
  return low;
}
