import type { Reason } from '../errors';
import {
  agrees,
  edited,
  isSame,
  type Push,
  type RowChange,
  type Rows,
  replaced,
  type Snapshot,
  type Standing,
} from './log';
import type { Topic } from './wire';

/** How long a gap may last before the log is asked for what is missing (CD3). */
export const gapPatienceMs = 2_000;
/** A resume that has proved nothing by then has failed. */
const resumePatienceMs = 5_000;
/** Whatever goes wrong, a snapshot is not asked for more often. */
const snapshotPauseMs = 5_000;
/** Beyond this a snapshot is shorter than what waits. */
const maxWaiting = 500;

/** Where a watch stands between "nothing known" and "proved right". */
export type Sync =
  /** A snapshot is due, or was asked for and not answered yet; what is pushed meanwhile waits. */
  | { readonly phase: 'loading'; readonly dueAtMs: number; readonly asked: boolean }
  /** There is no socket; the log is asked as soon as there is one. */
  | { readonly phase: 'waiting' }
  /** Something seems to be missing: a push may still be on its way. */
  | { readonly phase: 'doubt'; readonly sinceMs: number }
  /** The log was asked for what is missing. */
  | { readonly phase: 'resuming'; readonly sinceMs: number }
  | { readonly phase: 'current' }
  /** There is nothing to watch, for good. */
  | { readonly phase: 'failed'; readonly reason: Reason };

/** The last time that the server agreed with what is shown. */
export interface Proof {
  /** When (page's clock) the server said so. */
  readonly atMs: number;
  /** Whether the server calls its as-of too long ago. */
  readonly delayed: boolean;
}

/** When (page's clock) the server said something. */
interface Said {
  readonly saidAtMs: number;
}

/** What is known of one topic: a region, or the presence in a facility. */
export interface Watch {
  readonly topic: Topic;
  /** Null until there is anything, and until the first snapshot. */
  readonly epoch: string | null;
  readonly seq: number;
  readonly asOfMs: number | undefined;
  readonly rows: Rows;
  /** What is known of the whole. */
  readonly about: object;
  readonly sync: Sync;
  /** Pushes that cannot be applied yet, by their first `seq`. */
  readonly waiting: ReadonlyMap<number, Push>;
  /** The server is ahead: it is compared when its `seq` is reached. */
  readonly awaited: (Standing & Said) | undefined;
  readonly proof: Proof | undefined;
  /** When (page's clock) the last snapshot arrived; undefined before the first. */
  readonly loadedAtMs: number | undefined;
  /** What is shown belongs to another life of the region, whatever a snapshot says. */
  readonly outlived: boolean;
}

/** A watch after an input, and what changed by it. */
export interface WatchStep {
  readonly watch: Watch;
  readonly changes: readonly RowChange[];
  /** What was applied, in the order of the log. */
  readonly applied: readonly Push[];
}

const unchanged = (watch: Watch): WatchStep => ({ watch, changes: [], applied: [] });

/** A topic that was only just heard of: its snapshot is due at once. */
export const newWatch = (topic: Topic, nowMs: number): Watch => ({
  topic,
  epoch: null,
  seq: 0,
  asOfMs: undefined,
  rows: new Map(),
  about: {},
  sync: { phase: 'loading', dueAtMs: nowMs, asked: false },
  waiting: new Map(),
  awaited: undefined,
  proof: undefined,
  loadedAtMs: undefined,
  outlived: false,
});

/** A new snapshot becomes due: at once, unless one has only just arrived. */
export function reload(watch: Watch, nowMs: number, outlived = false): Watch {
  const { sync, loadedAtMs } = watch;
  if (sync.phase === 'failed') return watch;
  const told = { ...watch, proof: undefined, awaited: undefined, outlived: outlived || watch.outlived };
  if (sync.phase === 'loading') return told;
  const dueAtMs = Math.max(nowMs, (loadedAtMs ?? -snapshotPauseMs) + snapshotPauseMs);
  return { ...told, sync: { phase: 'loading', dueAtMs, asked: false } };
}

/** The snapshot that was asked for did not come, or never will. */
export function notLoaded(watch: Watch, reason: Reason | undefined, nowMs: number): Watch {
  if (reason !== undefined) return failed(watch, reason);
  if (watch.sync.phase !== 'loading') return watch;
  return { ...watch, sync: { phase: 'loading', dueAtMs: nowMs + snapshotPauseMs, asked: false } };
}

export const failed = (watch: Watch, reason: Reason): Watch => ({
  ...watch,
  proof: undefined,
  sync: { phase: 'failed', reason },
});

/**
 * A snapshot replaces everything, and pushes that were waiting and are newer are applied to it. One that is older than
 * what is shown, as reads from several places may be, is no good.
 */
export function load(watch: Watch, snapshot: Snapshot, nowMs: number): WatchStep {
  const { epoch, seq, asOf, about } = snapshot;
  if (watch.sync.phase !== 'loading') return unchanged(watch);
  const isSameLife = !watch.outlived && epoch === watch.epoch;
  if (isSameLife && seq > 0 && seq < watch.seq) return unchanged(notLoaded(watch, undefined, nowMs));
  const [rows, changes] = replaced(watch.rows, snapshot.rows, isSameLife);
  const fresh: Watch = {
    ...newWatch(watch.topic, nowMs),
    epoch,
    seq,
    asOfMs: latest(undefined, asOf),
    rows,
    about,
    sync: { phase: 'waiting' },
    waiting: watch.waiting,
    loadedAtMs: nowMs,
  };
  const step = drain(fresh, nowMs);
  return { ...step, changes: [...changes, ...step.changes] };
}

/** The log was asked; the answer ends with where the server stands. */
export const resumed = (watch: Watch, nowMs: number): Watch => ({
  ...watch,
  sync: { phase: 'resuming', sinceMs: nowMs },
});

/** There is something to ask the log about. */
export const isReady = ({ sync: { phase } }: Watch): boolean => phase !== 'loading' && phase !== 'failed';

/** Without a socket nothing is proved any more. */
export const cutOff = (watch: Watch): Watch => ({
  ...watch,
  sync: isReady(watch) ? { phase: 'waiting' } : watch.sync,
  proof: undefined,
  awaited: undefined,
});

/** So much may be missing that the log is asked at once. */
export const doubted = (watch: Watch, nowMs: number): Watch =>
  isReady(watch) ? { ...watch, sync: { phase: 'doubt', sinceMs: nowMs - gapPatienceMs } } : watch;

/** Applies what was pushed, or keeps it until what comes before it is here (CD3). */
export function receivePush(watch: Watch, push: Push, nowMs: number): WatchStep {
  const { phase } = watch.sync;
  if (phase === 'failed') return unchanged(watch);
  if (phase === 'loading') return unchanged(keep(watch, push, nowMs));
  if (isOfAnotherLife(watch, push.epoch)) return unchanged(reload(keep(watch, push, nowMs), nowMs));
  if (push.toSeq <= watch.seq) return unchanged(watch);
  return drain(keep(watch, push, nowMs), nowMs);
}

/** Compares what the server says with what is shown (CD4). */
export function receiveStanding(watch: Watch, standing: Standing & Said, nowMs: number): Watch {
  if (!isReady(watch)) return watch;
  if (isOfAnotherLife(watch, standing.epoch)) return reload(watch, nowMs);
  const adopted = { ...watch, epoch: standing.epoch };
  if (standing.seq === watch.seq) return judge(adopted, standing, nowMs);
  if (standing.seq < watch.seq) return doubt(watch, nowMs);
  // Asked for at once: what is missing may have been lost a whole ping ago, and what is only late does no harm twice.
  return doubt({ ...adopted, awaited: standing }, nowMs - gapPatienceMs);
}

/**
 * What has become of a watch's waiting: `ask` for the log or for a snapshot.
 * @param refused why the server turned a subscription away, if it did lately; it does not say which one
 */
export function receiveTime(
  watch: Watch,
  nowMs: number,
  refused?: { readonly reason: Reason; readonly atMs: number },
): { readonly watch: Watch; readonly ask?: 'log' | 'snapshot' } {
  const { sync } = watch;
  if (sync.phase === 'loading' && !sync.asked && nowMs >= sync.dueAtMs) {
    return { watch: { ...watch, sync: { ...sync, asked: true } }, ask: 'snapshot' };
  }
  if (sync.phase === 'doubt' && nowMs - sync.sinceMs >= gapPatienceMs) {
    return { watch: resumed(watch, nowMs), ask: 'log' };
  }
  if (sync.phase === 'resuming' && nowMs - sync.sinceMs >= resumePatienceMs) {
    // One that the server took is answered by then.
    if (refused && refused.atMs >= sync.sinceMs) return { watch: failed(watch, refused.reason) };
    return receiveTime(reload(watch, nowMs), nowMs);
  }
  return { watch };
}

/** What has no life yet may begin one; every other change of epoch means that nothing here is true any more. */
const isOfAnotherLife = (watch: Watch, epoch: string | null): boolean =>
  watch.epoch !== epoch && !(watch.epoch === null && watch.seq === 0);

const doubt = (watch: Watch, nowMs: number): Watch =>
  watch.sync.phase === 'current' ? { ...watch, sync: { phase: 'doubt', sinceMs: nowMs } } : watch;

function keep(watch: Watch, push: Push, nowMs: number): Watch {
  const waiting = new Map(watch.waiting).set(push.fromSeq, push);
  return waiting.size > maxWaiting ? reload({ ...watch, waiting: new Map() }, nowMs) : { ...watch, waiting };
}

/** Applies whatever waits in the order of `seq`, and compares the standing that waited for it. */
function drain(start: Watch, nowMs: number): WatchStep {
  let watch = start;
  const changes: RowChange[] = [];
  const applied: Push[] = [];
  for (const push of [...start.waiting.values()].sort((a, b) => a.fromSeq - b.fromSeq)) {
    if (isOfAnotherLife(watch, push.epoch) || push.toSeq <= watch.seq) continue;
    if (push.fromSeq > watch.seq + 1) break;
    const [after, changed] = apply(watch, push);
    watch = judgeAwaited(after, nowMs);
    changes.push(...changed);
    applied.push(push);
  }
  const waiting = new Map(
    [...watch.waiting].filter(([, { epoch, toSeq }]) => epoch === watch.epoch && toSeq > watch.seq),
  );
  watch = { ...watch, waiting };
  return { watch: waiting.size > 0 ? doubt(watch, nowMs) : watch, changes, applied };
}

function apply(watch: Watch, push: Push): readonly [Watch, readonly RowChange[]] {
  const { epoch, toSeq: seq, asOf, edits, about } = push;
  const [rows, changes] = edited(watch.rows, edits);
  const after = { ...watch, epoch, seq, rows, asOfMs: latest(watch.asOfMs, asOf) };
  const now = about ? about(watch.about) : watch.about;
  return [isSame(now, watch.about) ? after : { ...after, about: now }, changes];
}

/** As-of never steps back, whoever says so. */
const latest = (knownMs: number | undefined, asOf: string | undefined): number | undefined =>
  asOf === undefined ? knownMs : Math.max(knownMs ?? 0, Date.parse(asOf));

function judgeAwaited(watch: Watch, nowMs: number): Watch {
  const { awaited } = watch;
  if (awaited === undefined || awaited.seq > watch.seq) return watch;
  return awaited.seq < watch.seq ? { ...watch, awaited: undefined } : judge(watch, awaited, nowMs);
}

/** At the same `seq` the digests agree, or what is shown is wrong and the log cannot tell why: only a snapshot can. */
function judge(watch: Watch, { digest, asOf, delayed, saidAtMs }: Standing & Said, nowMs: number): Watch {
  if (digest !== undefined && !agrees(watch.rows, digest)) return reload(watch, nowMs);
  const asOfMs = latest(watch.asOfMs, asOf);
  const atMs = Math.max(saidAtMs, watch.proof?.atMs ?? 0);
  const proof = { atMs, delayed };
  return { ...watch, asOfMs, proof, awaited: undefined, sync: { phase: 'current' } };
}
