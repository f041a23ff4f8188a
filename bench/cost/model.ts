import { leaseLengthMs, renewSlackMs, writesPerLongReserve } from '../../core/lease';
import type { Timings } from '../../core/timings';
import { facilitiesOf, type Load } from './load';
import type { Setup } from './setup';

/** How often things happen, per second, in a steady state: what every part of the bill follows from. */
export interface Rates {
  readonly beats: number;
  /** Sessions that begin; as many end. */
  readonly joins: number;
  readonly leaves: number;
  readonly silences: number;
  /** Of so many renewals one is written (HB6). */
  readonly renewalsPerWrite: number;
  readonly ticks: number;
  /** Settles of regions by why they are due (CD5): sessions came or left, a lease that ended, one that was renewed meanwhile. */
  readonly settles: { readonly marked: number; readonly ended: number; readonly idle: number };
  /** Entries of change logs, and the facilities in them. */
  readonly entries: number;
  readonly changes: number;
  /** Changes of a facility's status. */
  readonly transitions: number;
  /** Rows of a region: those of live sessions, and of ended ones that are still kept. */
  readonly rowsPerRegion: number;
  readonly facilitiesPerRegion: number;
}

/** One entry holds so many changes at most (CD1). */
const changesPerEntry = 49;
/** Of the places in a facility so many are empty at any time, until the next one comes. */
const emptyShare = 0.01;

export const renewalsPerWrite = (t: Timings): number =>
  t.renewBeats === 0 ? 1 : renewalsPerPlainWrite(t) + 1 / writesPerLongReserve;

/** The same for all writes but each tenth, which covers one more. */
export const renewalsPerPlainWrite = (t: Timings): number =>
  Math.floor(renewSlackMs(t.beatSeconds, t) / 1_000 / t.beatSeconds) + 1;

export function ratesOf(load: Load, { timings: t }: Setup): Rates {
  const joins = load.sessions / (load.sessionHours * 3_600);
  const silences = joins * load.silentShare;
  const leaves = joins - silences;
  const facilities = facilitiesOf(load);
  const coming = { joins, leaves, silences };
  const settles = settlesOf(load, coming, t);
  const alone = emptyShare ** (Math.max(1, load.perFacility) - 1);
  return {
    beats: load.sessions / t.beatSeconds,
    joins,
    leaves,
    silences,
    renewalsPerWrite: renewalsPerWrite(t),
    ticks: 1 / t.tickSeconds,
    settles: { marked: settles.marked, ended: settles.ended, idle: settles.idle },
    entries: entriesOf(load, coming, settles, t),
    changes: joins + leaves + silences,
    transitions: (joins + leaves + silences) * alone,
    rowsPerRegion: (load.sessions + joins * t.ttlBehindLeaseSeconds) / load.regions,
    facilitiesPerRegion: facilities / load.regions,
  };
}

/**
 * Per second, all regions together. A mark of a region that was calm is settled by the next glance, one that comes sooner by
 * the next tick (CD5); a lease that ended by the next tick.
 */
function settlesOf({ regions }: Load, { joins, leaves, silences }: Coming, t: Timings): Settles {
  const tick = t.tickSeconds;
  const marks = (joins + leaves) / regions;
  const ends = (leaves + silences) / regions;
  const glances = tick < 60;
  const restSeconds = glances ? restShare * tick : tick;
  const marked = glances
    ? tick / (restSeconds + Math.exp(-marks * restSeconds) / marks)
    : 1 - Math.exp(-marks * tick);
  const markedAtTick = glances ? (1 - Math.exp(-marks * tick)) * Math.min(1, marked) : marked;
  const ended = (1 - markedAtTick) * (1 - Math.exp(-ends * tick));
  const quiet = Math.exp(-(marks + ends) * tick);
  // Until the lease ends that ended first when the region was last looked at; by then it has long been renewed.
  const quietTicks = Math.max(1, Math.ceil(firstLeaseSeconds(t) / tick));
  const idle = quiet >= 1 ? 1 / quietTicks : (quiet ** quietTicks * (1 - quiet)) / (1 - quiet ** quietTicks);
  const perSecond = regions / tick;
  return {
    marked: marked * perSecond,
    ended: ended * perSecond,
    idle: idle * perSecond,
    markedAtTick: markedAtTick * perSecond,
  };
}

type Coming = Pick<Rates, 'joins' | 'leaves' | 'silences'>;
/** Some of the marked ones are settled by a tick, whose as-of has ended leases, too. */
type Settles = Rates['settles'] & { readonly markedAtTick: number };

/** Entries of the change log: of settles that find more than goodbyes whose grace is not over. */
function entriesOf(
  { regions }: Load,
  { joins, leaves, silences }: Coming,
  { marked, markedAtTick, ended }: Settles,
  t: Timings,
): number {
  const marksEach = (joins + leaves) / marked;
  const withoutJoin = (leaves / (joins + leaves)) ** marksEach;
  const withoutEnd = Math.exp((-(leaves + silences) / regions) * t.tickSeconds);
  const byMark = (marked - markedAtTick) * (1 - withoutJoin) + markedAtTick * (1 - withoutJoin * withoutEnd);
  const full = (joins + leaves + silences) / changesPerEntry;
  return Math.max(byMark + ended, full);
}

/** After a settle a region is left alone until the next tick, or for the length of one: this share of it on average. */
const restShare = 0.8;

/** How far ahead the first of many stored leases ends: that of a session which is about to be written again. */
const firstLeaseSeconds = (t: Timings): number =>
  (leaseLengthMs(t.beatSeconds, t) + renewSlackMs(t.beatSeconds, t)) / 1_000 -
  renewalsPerPlainWrite(t) * t.beatSeconds;
