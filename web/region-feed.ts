import type { ChangesMessage, FacilityState, ListedRegion, Snapshot, TickRegion, Totals } from './wire';

/** How long a gap may last before the page asks for what it misses (CD3). */
export const gapPatienceMs = 2_000;
/** A resume that has proved nothing by then has failed. */
const resumePatienceMs = 5_000;
/** Whatever goes wrong, a region's snapshot is not asked for more often. */
const snapshotPauseMs = 5_000;
/** Beyond this a snapshot is shorter than what waits. */
const maxWaiting = 500;

/** Where a region stands between "nothing known" and "proved right". */
export type Sync =
  /** A snapshot is due, or was asked for and not answered yet; what is pushed meanwhile waits. */
  | { readonly phase: 'loading'; readonly dueAtMs: number; readonly asked: boolean }
  /** There is no socket; the region resumes as soon as there is one. */
  | { readonly phase: 'waiting' }
  /** Something seems to be missing: a push may still be on its way. */
  | { readonly phase: 'doubt'; readonly sinceMs: number }
  /** The log was asked for what is missing. */
  | { readonly phase: 'resuming'; readonly sinceMs: number }
  | { readonly phase: 'current' };

/** The last tick that agreed with what the page shows. */
export interface Proof {
  /** The server's clock when it spoke. */
  readonly atMs: number;
  readonly asOfMs: number;
  /** Whether the server calls that too long ago. */
  readonly delayed: boolean;
  /** The page's clock when it heard. */
  readonly heardAtMs: number;
}

/** A facility as shown, with when (page's clock) a push last changed its status. */
export interface ShownFacility extends FacilityState {
  readonly changedAtMs?: number;
}

/** What the page knows of one region. */
export interface RegionFeed {
  readonly region: string;
  readonly name: string;
  readonly totals: Totals;
  /** Null until the region has its first facility, and until the first snapshot. */
  readonly epoch: string | null;
  readonly seq: number;
  readonly asOfMs: number | undefined;
  readonly facilities: ReadonlyMap<string, ShownFacility>;
  readonly sync: Sync;
  /** Pushes that cannot be applied yet, by their first `seq`. */
  readonly waiting: ReadonlyMap<number, ChangesMessage>;
  /** A tick that is ahead of the page: it is compared when its `seq` is reached. */
  readonly awaited: { readonly tick: TickRegion; readonly proof: Proof } | undefined;
  readonly proof: Proof | undefined;
  /** When (page's clock) the last snapshot arrived; undefined before the first. */
  readonly loadedAtMs: number | undefined;
}

/** A status that changed while the page was watching. */
export interface News {
  readonly region: string;
  readonly facility: ShownFacility;
}

/** A region after an input; `news` in the order of the log. */
export interface RegionStep {
  readonly state: RegionFeed;
  readonly news: readonly News[];
}

/** A region that was only just heard of: its snapshot is due at once. */
export const newRegion = ({ region, name, totals }: ListedRegion, nowMs: number): RegionFeed => ({
  region,
  name,
  totals,
  epoch: null,
  seq: 0,
  asOfMs: undefined,
  facilities: new Map(),
  sync: { phase: 'loading', dueAtMs: nowMs, asked: false },
  waiting: new Map(),
  awaited: undefined,
  proof: undefined,
  loadedAtMs: undefined,
});

/** A new snapshot becomes due: at once, unless one has only just arrived. */
export function reload(state: RegionFeed, nowMs: number): RegionFeed {
  if (state.sync.phase === 'loading') return state;
  const dueAtMs = Math.max(nowMs, (state.loadedAtMs ?? Number.NEGATIVE_INFINITY) + snapshotPauseMs);
  return {
    ...state,
    proof: undefined,
    awaited: undefined,
    sync: { phase: 'loading', dueAtMs, asked: false },
  };
}

/** The snapshot that was asked for did not come. */
export const snapshotFailed = (state: RegionFeed, nowMs: number): RegionFeed =>
  state.sync.phase === 'loading'
    ? { ...state, sync: { phase: 'loading', dueAtMs: nowMs + snapshotPauseMs, asked: false } }
    : state;

/** A snapshot replaces everything; pushes that were waiting and are newer are applied to it. */
export function load(state: RegionFeed, snapshot: Snapshot, nowMs: number): RegionStep {
  const { region, name, totals, epoch, seq, asOf, facilities } = snapshot;
  const fresh: RegionFeed = {
    ...newRegion({ region, name, totals }, nowMs),
    epoch,
    seq,
    asOfMs: Date.parse(asOf),
    facilities: new Map(facilities.map((facility) => [facility.id, facility])),
    sync: { phase: 'waiting' },
    waiting: state.waiting,
    loadedAtMs: nowMs,
  };
  return drain(fresh, nowMs);
}

/** The log was asked; the answer ends with a tick. */
export const resumed = (state: RegionFeed, nowMs: number): RegionFeed => ({
  ...state,
  sync: { phase: 'resuming', sinceMs: nowMs },
});

/** Without a socket nothing is proved any more. */
export function cutOff(state: RegionFeed): RegionFeed {
  const sync: Sync = state.sync.phase === 'loading' ? state.sync : { phase: 'waiting' };
  return { ...state, sync, proof: undefined, awaited: undefined };
}

/** Applies an entry of the log, or keeps it until those before it are here (CD3). */
export function receiveChanges(state: RegionFeed, message: ChangesMessage, nowMs: number): RegionStep {
  if (state.sync.phase === 'loading') return { state: keep(state, message, nowMs), news: [] };
  if (isOfAnotherLife(state, message.epoch)) {
    return { state: reload(keep(state, message, nowMs), nowMs), news: [] };
  }
  if (message.toSeq <= state.seq) return { state, news: [] };
  return drain(keep(state, message, nowMs), nowMs);
}

/** Compares what the server says of the region with what the page shows (CD4). */
export function receiveTick(state: RegionFeed, tick: TickRegion, atMs: number, nowMs: number): RegionFeed {
  if (state.sync.phase === 'loading') return state;
  if (isOfAnotherLife(state, tick.epoch)) return reload(state, nowMs);
  const delayed = tick.delayedSince !== undefined;
  const proof: Proof = { atMs, asOfMs: Date.parse(tick.asOf), delayed, heardAtMs: nowMs };
  const adopted = { ...state, epoch: tick.epoch };
  if (tick.seq === state.seq) return judge(adopted, tick, proof, nowMs);
  if (tick.seq < state.seq) return doubt(state, nowMs);
  // Asked for at once: what is missing may have been lost a whole ping ago, and what is only late does no harm twice.
  return doubt({ ...adopted, awaited: { tick, proof } }, nowMs - gapPatienceMs);
}

/** What has become of a region's waiting: `ask` for the log or for a snapshot. */
export function receiveTime(
  state: RegionFeed,
  nowMs: number,
): { readonly state: RegionFeed; readonly ask?: 'log' | 'snapshot' } {
  const { sync } = state;
  if (sync.phase === 'loading' && !sync.asked && nowMs >= sync.dueAtMs) {
    return { state: { ...state, sync: { ...sync, asked: true } }, ask: 'snapshot' };
  }
  if (sync.phase === 'doubt' && nowMs - sync.sinceMs >= gapPatienceMs) {
    return { state: resumed(state, nowMs), ask: 'log' };
  }
  if (sync.phase === 'resuming' && nowMs - sync.sinceMs >= resumePatienceMs) {
    return receiveTime(reload(state, nowMs), nowMs);
  }
  return { state };
}

/** A region without a life yet may begin one; every other change of epoch means that nothing here is true any more. */
const isOfAnotherLife = (state: RegionFeed, epoch: string | null): boolean =>
  state.epoch !== epoch && !(state.epoch === null && state.seq === 0);

const doubt = (state: RegionFeed, nowMs: number): RegionFeed =>
  state.sync.phase === 'current' ? { ...state, sync: { phase: 'doubt', sinceMs: nowMs } } : state;

function keep(state: RegionFeed, message: ChangesMessage, nowMs: number): RegionFeed {
  const waiting = new Map(state.waiting).set(message.fromSeq, message);
  return waiting.size > maxWaiting ? reload({ ...state, waiting: new Map() }, nowMs) : { ...state, waiting };
}

/** Applies whatever waits in the order of `seq`, and judges the tick that waited for it. */
function drain(start: RegionFeed, nowMs: number): RegionStep {
  let state = start;
  const news: News[] = [];
  for (const message of inOrder(start.waiting)) {
    if (isOfAnotherLife(state, message.epoch) || message.toSeq <= state.seq) continue;
    if (message.fromSeq > state.seq + 1) break;
    const step = apply(state, message, nowMs);
    state = judgeAwaited(step.state, nowMs);
    news.push(...step.news);
  }
  const waiting = new Map(
    [...state.waiting].filter(([, { epoch, toSeq }]) => epoch === state.epoch && toSeq > state.seq),
  );
  state = { ...state, waiting };
  return { state: waiting.size > 0 ? doubt(state, nowMs) : state, news };
}

const inOrder = (waiting: ReadonlyMap<number, ChangesMessage>): readonly ChangesMessage[] =>
  [...waiting.values()].toSorted((a, b) => a.fromSeq - b.fromSeq);

function apply(state: RegionFeed, message: ChangesMessage, nowMs: number): RegionStep {
  const facilities = new Map(state.facilities);
  const news: News[] = [];
  for (const change of message.changes) {
    const before = facilities.get(change.facility);
    if (before !== undefined && before.version >= change.version) continue;
    const after = changed(before, change, nowMs);
    const removed = change.reason === 'removed';
    if (removed) facilities.delete(after.id);
    else facilities.set(after.id, after);
    const isNews = removed ? before !== undefined : before?.status !== after.status;
    if (isNews) news.push({ region: state.region, facility: after });
  }
  const { epoch, toSeq: seq, asOf, totals, registry } = message;
  const asOfMs = Math.max(state.asOfMs ?? 0, Date.parse(asOf));
  const name = registry === undefined ? state.name : (registry.name ?? state.region);
  return { state: { ...state, name, epoch, seq, asOfMs, totals, facilities }, news };
}

function changed(
  before: ShownFacility | undefined,
  { facility: id, at: since, registry, ...rest }: ChangesMessage['changes'][number],
  nowMs: number,
): ShownFacility {
  const changedAtMs = before?.status === rest.status ? before.changedAtMs : nowMs;
  // Only the registry's own changes say what it holds, and then all of it.
  const name = (registry === undefined ? before?.name : registry.name) ?? id;
  return { id, name, since, ...rest, ...(changedAtMs !== undefined && { changedAtMs }) };
}

function judgeAwaited(state: RegionFeed, nowMs: number): RegionFeed {
  const { awaited } = state;
  if (awaited === undefined || awaited.tick.seq > state.seq) return state;
  if (awaited.tick.seq < state.seq) return { ...state, awaited: undefined };
  return judge(state, awaited.tick, awaited.proof, nowMs);
}

/** At the same `seq` the digests agree, or the page is wrong and the log cannot tell why: only a snapshot can. */
function judge(state: RegionFeed, { digest }: TickRegion, proof: Proof, nowMs: number): RegionFeed {
  if (digest !== undefined && !agrees(state.facilities, digest)) return reload(state, nowMs);
  const asOfMs = Math.max(state.asOfMs ?? 0, proof.asOfMs);
  return { ...state, asOfMs, proof, awaited: undefined, sync: { phase: 'current' } };
}

function agrees(
  facilities: RegionFeed['facilities'],
  { count, sum }: NonNullable<TickRegion['digest']>,
): boolean {
  let actual = 0;
  for (const { version } of facilities.values()) actual += version;
  return facilities.size === count && actual === sum;
}
