import type { AcceptedBeat, ArrivedBeat } from '../../core/beat';
import { digestOf, type Facility, totalsOf } from '../../core/facility';
import { canonical, type Pattern } from '../../core/pattern';
import type { Change, Entry, RegionHead, RegionRecord } from '../../core/region';
import { newHead } from '../../core/region';
import type { Grants, Identity, Rights } from '../../core/rights';
import type { Session } from '../../core/session';
import { defaultTimings, type Timings } from '../../core/timings';

/** Same seed on every machine; a failure prints it together with the smallest counterexample. */
export const property = { seed: 42, verbose: true, numRuns: 300 } as const;

/** An instant of the day on which the tests play, milliseconds since the epoch: `at('10:00:05')`, `at('10:00:05.250')`. */
export function at(time: string): number {
  const ms = Date.parse(`2026-01-05T${time.length === 5 ? `${time}:00` : time}Z`);
  if (Number.isNaN(ms)) throw new Error(`no time of day: ${time}`);
  return ms;
}

export const seconds = (count: number): number => count * 1_000;
export const minutes = (count: number): number => count * 60_000;
export const hours = (count: number): number => count * 3_600_000;

export const issuer = 'https://issuer.example/';

/** The defaults without renewal slack, where a lease should be exactly that of HB3. */
export const plainTimings: Timings = { ...defaultTimings, renewBeats: 0 };

/** How tests speak of a beat: its sender and facilities, when it arrived, and when the next one is due. */
export interface BeatWords {
  readonly from?: string;
  readonly session?: string;
  readonly region?: string;
  readonly covers?: readonly Pattern[];
  readonly at?: number;
  readonly next?: number;
  readonly seq?: number;
  readonly attributes?: AcceptedBeat['attributes'];
}

/** A beat as the monitor sees it: by default `ann`'s only session for `clinic-7` of `north`, at ten. */
export function aBeat(words: BeatWords = {}): ArrivedBeat {
  const { from = 'ann', session = 's1', region = 'north', covers = ['clinic-7'], next = 30, seq } = words;
  return {
    issuer,
    subject: from,
    region,
    sessionId: session,
    covers,
    nextSeconds: next,
    ...(seq !== undefined && { seq }),
    ...(words.attributes !== undefined && { attributes: words.attributes }),
    arrivalMs: words.at ?? at('10:00'),
  };
}

/** The same before it is on the stream. */
export function anAcceptedBeat(words: Omit<BeatWords, 'at'> = {}): AcceptedBeat {
  const { arrivalMs: _, ...beat } = aBeat(words);
  return beat;
}

/** How tests speak of a stored session. */
export interface SessionWords {
  readonly of?: string;
  readonly session?: string;
  readonly region?: string;
  readonly covers?: readonly Pattern[];
  readonly dropped?: readonly Pattern[];
  readonly since?: number;
  readonly until?: number;
  readonly leftAt?: number;
  readonly next?: number;
  readonly seq?: number;
  readonly revision?: number;
}

/** A stored session: by default `ann`'s, for `clinic-7`, live since ten and for 95 s. */
export function aSession(words: SessionWords = {}): Session {
  const since = words.since ?? at('10:00');
  return {
    issuer,
    subject: words.of ?? 'ann',
    region: words.region ?? 'north',
    sessionId: words.session ?? 's1',
    covers: canonical(words.covers ?? ['clinic-7']),
    coversSinceMs: since,
    ceased: (words.dropped ?? []).map((pattern) => ({ pattern, atMs: since, reason: 'leave' })),
    startedAtMs: since,
    lastBeatAtMs: words.leftAt ?? since,
    nextSeconds: words.next ?? 30,
    leaseUntilMs: words.until ?? since + seconds(95),
    ...(words.leftAt !== undefined && { leftAtMs: words.leftAt }),
    ...(words.seq !== undefined && { seq: words.seq }),
    revision: words.revision ?? 1,
  };
}

/** A facility as last told: by default online since ten with one session. */
export function aFacility(id: string, given: Partial<Facility> = {}): Facility {
  return {
    id,
    status: 'online',
    sinceMs: at('10:00'),
    decidedAtMs: at('10:00:02'),
    decidedAsOfMs: at('10:00:01'),
    reason: 'heartbeat',
    sessions: 1,
    users: 1,
    version: 1,
    flapping: false,
    recentChangesMs: [given.sinceMs ?? at('10:00')],
    ...given,
  };
}

/** A facility that went offline at half past nine. */
export const anOfflineFacility = (id: string, given: Partial<Facility> = {}): Facility =>
  aFacility(id, {
    status: 'offline',
    sinceMs: at('09:30'),
    decidedAtMs: at('09:30:02'),
    decidedAsOfMs: at('09:30:01'),
    reason: 'timeout',
    sessions: 0,
    users: 0,
    ...given,
  });

/** The head of a region that consists of these facilities. */
export function aHead(facilities: readonly Facility[] = [], given: Partial<RegionHead> = {}): RegionHead {
  const seq = Math.max(0, ...facilities.map(({ version }) => version));
  return {
    ...newHead('north', 'e1'),
    seq,
    digest: digestOf(facilities),
    totals: totalsOf(facilities),
    toldState: totalsOf(facilities).state,
    revision: seq,
    ...given,
  };
}

/** A region whose sinks have taken everything. */
export function aRecord(head: RegionHead, given: Partial<RegionRecord> = {}): RegionRecord {
  return {
    region: head.region,
    head,
    mark: head.coveredMark,
    cursors: { websocket: head.seq, eventbridge: head.seq },
    ...given,
  };
}

export const aTransition = (facility: Facility): Change => ({ facility, transition: true });
export const aRecount = (facility: Facility): Change => ({ facility, transition: false });

/** An entry with these changes, of a region that holds nothing else. */
export function anEntry(changes: readonly Change[], given: Partial<Entry> = {}): Entry {
  const facilities = changes.map(({ facility }) => facility);
  return {
    region: 'north',
    epoch: 'e1',
    seq: 1,
    asOfMs: at('10:00:01'),
    decidedAtMs: at('10:00:02'),
    delayed: false,
    changes,
    totals: totalsOf(facilities),
    digest: digestOf(facilities),
    ...given,
  };
}

/** Grants as a token spells them: `grants({ north: ['clinic-7', 'lab/*'] })`. */
export const grants = (given: Readonly<Record<string, readonly Pattern[]>> = {}): Grants =>
  new Map(Object.entries(given));

/** Rights as a token spells them; whatever is left out is not granted. */
export const rights = (given: {
  readonly provide?: Readonly<Record<string, readonly Pattern[]>>;
  readonly watch?: Readonly<Record<string, readonly Pattern[]>>;
  readonly manage?: Readonly<Record<string, readonly Pattern[]>>;
}): Rights => ({
  provide: grants(given.provide),
  watch: grants(given.watch),
  manage: grants(given.manage),
});

/** Whom a token speaks for: by default `ann`, with no rights, for an hour from ten. */
export const anIdentity = (given: Partial<Identity> = {}): Identity => ({
  issuer,
  subject: 'ann',
  rights: rights({}),
  expiresAtMs: at('11:00'),
  ...given,
});
