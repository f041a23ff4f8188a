import type { Facility } from '../../core/facility';
import { leaseEndMs, longestReserveMs } from '../../core/lease';
import { matchesAny } from '../../core/pattern';
import type { Change, Commit, Entry } from '../../core/region';
import { exists } from '../../core/removal';
import type { Timings } from '../../core/timings';
import type { SimulatedTime } from './time';
import type { Trace } from './trace';
import type { TrueSession, Truth } from './truth';

/** A region as it was told at one `seq`. */
export interface ToldRegion {
  readonly seq: number;
  readonly committedAtMs: number;
  readonly facilities: ReadonlyMap<string, Facility>;
}

interface Log {
  readonly epoch: string;
  readonly told: ToldRegion[];
}

const nothingTold: ToldRegion = { seq: 0, committedAtMs: 0, facilities: new Map() };

/** Judges each commit of a region by what really happened: S1 to S5 and S8. */
export class CommitOracle {
  /** By region. */
  private readonly logs = new Map<string, Log>();
  private readonly begun = new Map<string, number>();
  /** By region, over all lives of its log. */
  private readonly everything = new Map<string, ToldRegion[]>();
  /** What the change log told, for whoever must have heard of it: region, facility and version. */
  readonly transitions = new Set<string>();

  constructor(
    private readonly truth: Truth,
    private readonly timings: Timings,
    private readonly time: SimulatedTime,
    private readonly trace: Trace,
    /** Whether timeouts are postponed at an as-of, since beats may have been lost (TR3). */
    private readonly isPostponing: (asOfMs: number) => boolean,
  ) {}

  /** The last that was told. */
  last(region: string): ToldRegion {
    return this.logs.get(region)?.told.at(-1) ?? nothingTold;
  }

  /** How often the log of a region began. */
  lives(region: string): number {
    return this.begun.get(region) ?? 0;
  }

  /** All that was the last that was told at some instant since then, the newest first. */
  toldSince(region: string, sinceMs: number): readonly ToldRegion[] {
    const all = [nothingTold, ...(this.everything.get(region) ?? [])];
    const before = all.findLastIndex(({ committedAtMs }) => committedAtMs < sinceMs);
    return all.slice(Math.max(0, before)).toReversed();
  }

  lost(region: string): void {
    this.logs.delete(region);
    this.everything.get(region)?.push({ ...nothingTold, committedAtMs: this.time.now() });
  }

  committed({ head, entry, more }: Commit): void {
    const { region } = head;
    if (entry !== undefined) this.entered(region, entry);
    if (!more) this.checkNobodyForgotten(region, head.asOfMs);
  }

  private entered(region: string, entry: Entry): void {
    const log = this.logOf(region, entry.epoch);
    const before = log.told.at(-1) ?? nothingTold;
    this.expect('S3', entry.seq === before.seq + 1, `${region} goes from seq ${before.seq} to ${entry.seq}`);
    const facilities = new Map(before.facilities);
    for (const change of entry.changes) {
      this.checkChange(region, before.facilities.get(change.facility.id), change, entry);
      if (exists(change.facility)) facilities.set(change.facility.id, change.facility);
      else facilities.delete(change.facility.id);
    }
    const told = { seq: entry.seq, committedAtMs: this.time.now(), facilities };
    log.told.push(told);
    this.everything.set(region, [...(this.everything.get(region) ?? []), told]);
    this.checkFold(region, entry, facilities);
    this.trace.note('log', `${region} seq ${entry.seq}`, entry.changes.map(described));
  }

  private logOf(region: string, epoch: string): Log {
    const known = this.logs.get(region);
    if (known?.epoch === epoch) return known;
    const fresh: Log = { epoch, told: [] };
    this.logs.set(region, fresh);
    this.begun.set(region, this.lives(region) + 1);
    return fresh;
  }

  private checkFold(
    region: string,
    { seq, totals, digest }: Entry,
    facilities: ReadonlyMap<string, Facility>,
  ) {
    const all = [...facilities.values()];
    const online = all.filter(({ status }) => status === 'online').length;
    const sum = all.reduce((total, { version }) => total + version, 0);
    const right =
      totals.facilities === all.length &&
      totals.online === online &&
      digest.count === all.length &&
      digest.sum === sum;
    this.expect(
      'S5',
      right,
      `${region} ${seq} tells ${JSON.stringify({ totals, digest })}, not ${online}/${all.length}, ${sum}`,
    );
  }

  private checkChange(region: string, before: Facility | undefined, change: Change, entry: Entry): void {
    const { facility, transition } = change;
    const name = `${region}/${facility.id}`;
    this.expect(
      'S3',
      facility.version > (before?.version ?? 0),
      `${name} goes back to version ${facility.version}`,
    );
    if (!transition || facility.reason === 'registered' || !exists(facility)) return;
    this.transitions.add(`${name} ${entry.epoch} ${facility.version}`);
    this.expect('S4', facility.status !== before?.status, `${name} becomes ${facility.status} twice`);
    this.expect('S4', facility.sinceMs >= (before?.sinceMs ?? 0), `${name} changes before it changed last`);
    if (facility.status === 'offline') this.checkOffline(name, region, change, entry);
    else this.checkOnline(name, region, facility, before);
  }

  private checkOffline(name: string, region: string, { facility, despiteGaps }: Change, entry: Entry): void {
    const { id, sinceMs, reason } = facility;
    this.expect('S1', sinceMs <= entry.asOfMs, `${name} is told to be offline since after as-of`);
    for (const session of this.truth.inRegion(region)) {
      const covered = this.truth.isCoveredAt(session, id, sinceMs);
      this.expect(
        'S1',
        !covered,
        `${name} is told to be offline (${reason}) while ${nameOf(session)} covers it`,
      );
      const knocking = !despiteGaps && this.truth.isKnocking(session, id, sinceMs, this.time.now());
      this.expect(
        'S1',
        !knocking,
        `${name} is told to be offline (${reason}) while ${nameOf(session)} beats on`,
      );
    }
  }

  private checkOnline(
    name: string,
    region: string,
    { id, sinceMs }: Facility,
    before: Facility | undefined,
  ): void {
    const beats = this.truth.inRegion(region).flatMap(({ taken }) => taken);
    const began = beats.some(
      ({ beat, arrivalMs }) => arrivalMs === sinceMs && beat.nextSeconds > 0 && matchesAny(beat.covers, id),
    );
    this.expect(
      'S8',
      began || sinceMs === before?.sinceMs,
      `${name} is told to be online since nobody's beat`,
    );
  }

  /** S2: what is told to be online has, as of now, a beat or a goodbye that keeps it so. */
  private checkNobodyForgotten(region: string, asOfMs: number): void {
    if (this.isPostponing(asOfMs)) return;
    for (const { id, status } of this.last(region).facilities.values()) {
      if (status === 'offline') continue;
      const kept = this.truth.inRegion(region).some((session) => this.mayKeep(session, id, asOfMs));
      this.expect('S2', kept, `${region}/${id} stays online as of ${new Date(asOfMs).toISOString()}`);
    }
  }

  private mayKeep({ taken }: TrueSession, facility: string, asOfMs: number): boolean {
    const left = taken.find(({ beat, discarded }) => beat.nextSeconds === 0 && !discarded);
    const graceMs = this.timings.leaveGraceSeconds * 1_000;
    if (left !== undefined && left.arrivalMs + graceMs <= asOfMs) return false;
    return taken.some(
      ({ beat: { covers, nextSeconds }, arrivalMs }) =>
        matchesAny(covers, facility) &&
        leaseEndMs(arrivalMs, nextSeconds, this.timings) + longestReserveMs(nextSeconds, this.timings) >
          asOfMs,
    );
  }

  private expect(invariant: string, holds: boolean, what: string): void {
    if (!holds) this.trace.violated(invariant, what);
  }
}

const nameOf = ({ key }: TrueSession): string => `${key.subject}'s ${key.sessionId}`;

const described = ({ facility, transition }: Change): string =>
  `${facility.id} ${transition ? `${facility.status} (${facility.reason})` : `${facility.sessions} sessions`}`;
