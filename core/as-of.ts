import { beatLimits } from './beat';
import { canaryToleranceMs } from './canary';
import { leaseLengthMs } from './lease';
import { type Gap, isTrouble, maxPostponementMs, shortestGapMs } from './silence';
import type { Timings } from './timings';

/** A shard of the stream and what a reshard made it of. */
export interface Shard {
  readonly shardId: string;
  /** One after a split, two after a merge; they may no longer be listed. */
  readonly parents: readonly string[];
  /** Only an open shard takes records. */
  readonly open: boolean;
  /** First hash key of its range, in decimal digits: a record put there lands on it. */
  readonly firstHashKey: string;
}

/** How far the endpoint is known to have served, milliseconds since the epoch. */
export interface EndpointMark {
  /** Arrival of the last canary that went through the public endpoint and was processed; 0 before the first. */
  readonly canaryMs: number;
  /** When the endpoint last turned a beat away, and when the series of refusals that this belongs to began. */
  readonly refusals?: { readonly fromMs: number; readonly untilMs: number };
}

/** How far everything is processed. */
export interface WatermarkRecord {
  /** By shard id: the arrival time up to which each of its records is processed. */
  readonly shards: ReadonlyMap<string, number>;
  readonly endpoint: EndpointMark;
}

/** What a tick knows of the instant that it decides for. */
export interface Standing {
  /** The instant that the status is true of: each beat that arrived before it is processed. 0 while nothing is known. */
  readonly asOfMs: number;
  /** The endpoint's part of it: until then beats were not turned away. */
  readonly endpointMs: number;
  /** Where beats may have been lost, by their beginnings (TR3). */
  readonly gaps: readonly Gap[];
  /** Raised by every write; 0 before the first. */
  readonly revision: number;
}

export const newStanding: Standing = { asOfMs: 0, endpointMs: 0, gaps: [], revision: 0 };

const second = 1_000;
/** Arrival times within a shard may step back slightly; what is later than this has not been overtaken (TR2). */
const arrivalJitterMs = 2 * second;
/** The clocks of the endpoint and of the stream are two. */
const clockSkewMs = 2 * second;

/** A shard's watermark once everything up to this arrival is processed (TR2). */
export const watermarkAfter = (lastArrivalMs: number): number => lastArrivalMs - arrivalJitterMs;

/** How long the endpoint must have turned nobody away before its canaries count again: whoever was told to retry did. */
export const calmMs = (t: Timings): number => (t.tickSeconds + 5) * second;

/** The series of refusals after another one: it goes on unless the endpoint was calm in between. */
export function refusalsAfter(
  before: EndpointMark['refusals'],
  atMs: number,
  t: Timings,
): NonNullable<EndpointMark['refusals']> {
  if (before === undefined || atMs - before.untilMs > calmMs(t)) return { fromMs: atMs, untilMs: atMs };
  return { fromMs: before.fromMs, untilMs: Math.max(before.untilMs, atMs) };
}

/** The endpoint's own watermark: its last canary, but nothing past the first beat of those it turns away (TR1). */
export function endpointMs({ canaryMs, refusals }: EndpointMark, nowMs: number, t: Timings): number {
  if (refusals === undefined || nowMs - refusals.untilMs > calmMs(t)) return canaryMs;
  return Math.min(canaryMs, refusals.fromMs - clockSkewMs);
}

/**
 * The smallest watermark of the open shards (TR2). One without a watermark counts as its parents, since nothing of it is
 * read before they are; without those it is frozen, which is 0.
 */
export function shardsMs(shards: readonly Shard[], watermarks: ReadonlyMap<string, number>): number {
  const byId = new Map(shards.map((shard) => [shard.shardId, shard]));
  const processed = (shardId: string): number => {
    const known = watermarks.get(shardId);
    if (known !== undefined) return known;
    const parents = byId.get(shardId)?.parents ?? [];
    return parents.length === 0 ? 0 : Math.min(...parents.map(processed));
  };
  const open = shards.filter((shard) => shard.open);
  return open.length === 0 ? 0 : Math.min(...open.map(({ shardId }) => processed(shardId)));
}

/**
 * Where a tick stands, from what is processed and where the tick before stood. As-of never steps back. Wherever it, or
 * the endpoint's part of it, jumped over more than the shortest session can miss, beats may have been lost: the
 * endpoint's jumps are kept apart, since a shard that lags may later crawl through the same stretch of time.
 */
export function standingAfter(
  before: Standing,
  shards: readonly Shard[],
  { shards: watermarks, endpoint }: WatermarkRecord,
  nowMs: number,
  t: Timings,
): Standing {
  const served = Math.max(before.endpointMs, endpointMs(endpoint, nowMs, t));
  const asOfMs = Math.max(before.asOfMs, Math.min(shardsMs(shards, watermarks), served));
  const jumps = [
    jump(before.endpointMs, served, refusedIn(before.endpointMs, served, endpoint)),
    // Steady lag at the greatest age goes on in small steps, each of which leaves out what was too old by then.
    jump(before.asOfMs, asOfMs, nowMs + canaryToleranceMs - before.asOfMs > t.maxRecordAgeSeconds * second),
  ].filter((gap) => gap.untilMs > gap.fromMs && (gap.lossy || gap.untilMs - gap.fromMs > shortestGapMs(t)));
  return {
    ...before,
    asOfMs,
    endpointMs: served,
    gaps: relevant(jumps.reduce(noting, before.gaps), asOfMs, t),
  };
}

const jump = (fromMs: number, untilMs: number, lossy: boolean): Gap => ({
  fromMs,
  untilMs,
  ...(lossy && { lossy }),
});

/** Whether the endpoint turned somebody away in a stretch that its watermark has passed. */
const refusedIn = (fromMs: number, untilMs: number, { refusals }: EndpointMark): boolean =>
  refusals !== undefined && refusals.untilMs >= fromMs && refusals.fromMs - clockSkewMs <= untilMs;

/** The endpoint's jump is as-of's too, unless a shard lags: of two that say the same one is enough. */
const noting = (gaps: readonly Gap[], gap: Gap): readonly Gap[] =>
  gaps.some((known) => says(known, gap)) ? gaps : [...gaps.filter((known) => !says(gap, known)), gap];

const says = (one: Gap, other: Gap): boolean =>
  one.fromMs <= other.fromMs &&
  one.untilMs >= other.untilMs &&
  (one.lossy === true || other.lossy === undefined);

/**
 * Of more gaps than this the oldest slow ticks are forgotten: they matter to sessions with short leases, which are over by
 * then. Else two that touch are told as one, or the oldest two, for which hardly anybody still waits.
 */
const maxGaps = 32;

/** Gaps that some session may still have to wait for. */
function relevant(gaps: readonly Gap[], asOfMs: number, t: Timings): readonly Gap[] {
  const longestMs = leaseLengthMs(beatLimits.maxNextSeconds, t) + maxPostponementMs;
  const recent = gaps
    .filter(({ untilMs }) => asOfMs < untilMs + longestMs)
    .toSorted((one, other) => one.fromMs - other.fromMs);
  if (recent.length <= maxGaps) return recent;
  const slow = recent.findIndex((gap) => !isTrouble(gap, t));
  if (slow >= 0) return relevant(recent.toSpliced(slow, 1), asOfMs, t);
  const touching = recent.findIndex(
    ({ untilMs }, index) => untilMs >= (recent[index + 1]?.fromMs ?? Infinity),
  );
  const first = Math.max(touching, 0);
  const [one, other] = recent.slice(first, first + 2);
  if (one === undefined || other === undefined) return recent;
  const untilMs = Math.max(one.untilMs, other.untilMs);
  const joined = jump(one.fromMs, untilMs, (one.lossy ?? other.lossy) === true);
  return relevant(recent.toSpliced(first, 2, joined), asOfMs, t);
}

/** What is told of as-of: whether it is too long ago to be called now. */
export interface Freshness {
  readonly asOfMs: number;
  readonly delayed: boolean;
}

export const freshnessOf = (asOfMs: number, nowMs: number, t: Timings): Freshness => ({
  asOfMs,
  delayed: nowMs - asOfMs > t.freshnessSeconds * second,
});
