import type { AcceptedBeat } from '../../core/beat';
import { between, exponential, type Random } from '../../tools/accuracy/random';
import { facilitiesOf, type Load } from '../cost/load';

/** A beat on its way: which session sends it, and when it arrives. */
export interface SentBeat {
  readonly slot: number;
  readonly arrivalMs: number;
  /** Its last one. */
  readonly leaves: boolean;
}

const second = 1_000;
/** Longer than the longest interval, so that no beat is filed under a second that is still to come. */
const wheelSeconds = 512;
/** Timers are late, networks vary. */
const jitterMs = 400;
/** As long as those that the stack's own user pool issues. */
export const issuer = 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI';

/**
 * All front ends of a run. Each place holds one session at a time; when one ends, another one begins in a place that has
 * been empty for longest, so that the number of live ones stays as it is.
 */
export class FrontEnds {
  /** Sessions that each place has had so far; odd while one lives there. */
  private readonly turns: Int32Array;
  private readonly seqs: Int32Array;
  private readonly wheel: number[][] = Array.from({ length: wheelSeconds }, () => []);
  private readonly dueMs: Float64Array;
  private readonly leavesAtMs: Float64Array;
  private readonly empty: number[] = [];
  /** Regions that no beat gets through from, by their numbers. */
  readonly cutOff = new Set<number>();
  private readonly facilities: number;

  constructor(
    private readonly load: Load,
    private readonly beatMs: number,
    private readonly random: Random,
  ) {
    this.facilities = facilitiesOf(load);
    const places = Math.ceil(load.sessions * 1.01) + 1;
    this.turns = new Int32Array(places);
    this.seqs = new Int32Array(places);
    this.dueMs = new Float64Array(places);
    this.leavesAtMs = new Float64Array(places);
    for (let slot = load.sessions; slot < places; slot += 1) this.empty.push(slot);
  }

  /** Begins all sessions within one interval from `fromMs` on; the first of them ends after `steadyMs`. */
  begin(fromMs: number, steadyMs: number): void {
    for (let slot = 0; slot < this.load.sessions; slot += 1)
      this.join(slot, fromMs + between(this.random, 0, this.beatMs), steadyMs);
  }

  /** Beats that are sent in the second that begins at `fromMs`; those of a region that is cut off are lost. */
  sentIn(fromMs: number, steady: boolean): readonly SentBeat[] {
    const index = Math.floor(fromMs / second) % wheelSeconds;
    const due = this.wheel[index] ?? [];
    this.wheel[index] = [];
    const sent: SentBeat[] = [];
    for (const slot of due) this.beat(slot, steady, sent);
    return sent;
  }

  /** What the endpoint accepts of a front end's beat. */
  acceptedBeat(slot: number, nextSeconds: number): AcceptedBeat {
    return {
      issuer,
      subject: this.subjectOf(slot),
      region: regionName(this.regionOf(slot)),
      sessionId: `17676${String(slot).padStart(8, '0')}-0.${this.turnOf(slot)}${String(slot).padStart(8, '0')}`,
      covers: [this.facilityOf(slot)],
      nextSeconds,
      seq: this.seqs[slot] ?? 0,
    };
  }

  /** A reload keeps the user, whoever comes later is somebody else. */
  subjectOf(slot: number): string {
    return `${String(slot).padStart(8, '0')}-${String(this.turnOf(slot)).padStart(4, '0')}-4b1c-9d2e-8f7a6b5c4d3e`;
  }

  facilityOf(slot: number): string {
    return `facility-${slot % this.facilities}`;
  }

  regionOf(slot: number): number {
    return (slot % this.facilities) % this.load.regions;
  }

  private turnOf = (slot: number): number => this.turns[slot] ?? 0;

  private join(slot: number, atMs: number, countsFromMs = atMs): void {
    this.turns[slot] = this.turnOf(slot) + 1;
    this.seqs[slot] = 0;
    // Those who are there at the beginning, too, have still a whole life before them on average: it is memoryless.
    this.leavesAtMs[slot] = countsFromMs + exponential(this.random, this.load.sessionHours * 3_600 * second);
    this.file(slot, atMs);
  }

  private file(slot: number, atMs: number): void {
    this.dueMs[slot] = atMs;
    this.wheel[Math.floor(atMs / second) % wheelSeconds]?.push(slot);
  }

  private beat(slot: number, steady: boolean, sent: SentBeat[]): void {
    const atMs = this.dueMs[slot] ?? 0;
    const leaves = steady && atMs >= (this.leavesAtMs[slot] ?? Number.POSITIVE_INFINITY);
    if (leaves) this.succeed(slot, atMs);
    else this.file(slot, atMs + this.beatMs + between(this.random, -jitterMs, jitterMs));
    if (this.cutOff.has(this.regionOf(slot))) return;
    if (leaves && this.random() < this.load.silentShare) return;
    this.seqs[slot] = (this.seqs[slot] ?? 0) + 1;
    sent.push({ slot, arrivalMs: atMs + between(this.random, 20, 120), leaves });
  }

  /** Somebody else begins elsewhere; the place of who left stays theirs until its goodbye is read. */
  private succeed(slot: number, atMs: number): void {
    const next = this.empty.shift();
    this.empty.push(slot);
    if (next !== undefined) this.join(next, atMs + between(this.random, 0, this.beatMs));
  }
}

export const regionName = (region: number): string => `region-${region}`;
