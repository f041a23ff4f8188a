import { newStanding, refusalsAfter, type Shard, type Standing, standingAfter } from '../../core/as-of';
import type { Window } from '../../core/history';
import { type ProcessedRecord, progressOf } from '../../core/processed';
import type { Gap } from '../../core/silence';
import type { Timings } from '../../core/timings';
import { WatermarkPace } from '../../lambdas/heartbeat-monitor/watermark-pace';
import { type Faults, isIn, isServed } from './faults';
import { between, type Random } from './random';

/** Lambda looks at a shard once a second. */
const pollMs = 1_000;
/** Seconds of arrivals that heartbeat-monitor works off in a second once it is behind. */
const catchUp = 20;
export const shardCount = 2;
const second = 1_000;

/** A tick that took place: when, and what it decided by. */
export interface TickStanding {
  readonly nowMs: number;
  readonly asOfMs: number;
  readonly gaps: readonly Gap[];
}

/** One look of heartbeat-monitor at a shard. */
interface Poll {
  /** When what it read is written. */
  readonly doneMs: number;
  /** Everything that arrived before this is read or discarded. */
  readonly reachedMs: number;
  /** What it had not read by then and is older than this was discarded by its age. */
  readonly discardedMs: number;
}

/** How beats become sessions and ticks in one stretch of time, the same for all sessions of a world. */
export interface Pipeline {
  readonly window: Window;
  readonly faults: Faults;
  readonly ticks: readonly TickStanding[];
  /** When a beat that arrived at that instant is written; `undefined` when it was discarded. */
  processedMs(shard: number, arrivalMs: number): number | undefined;
}

interface ArrivingCanary extends ProcessedRecord {
  readonly canary: 'shard' | 'endpoint';
}

interface ShardState {
  readonly polls: Poll[];
  readonly canaries: ArrivingCanary[];
  reachedMs: number;
  pending?: { readonly doneMs: number; readonly watermarkMs: number; readonly endpointMs?: number };
}

/** Lives through a stretch of time, with the faults that it has. */
export function pipelineOf(window: Window, faults: Faults, t: Timings, random: Random): Pipeline {
  const world = new World(window, faults, t, random);
  const rhythms = [
    { everyMs: t.tickSeconds * second, act: (nowMs: number) => world.tick(nowMs) },
    ...world.shards.map((_, shard) => ({
      everyMs: pollMs,
      act: (nowMs: number) => world.poll(shard, nowMs),
    })),
  ].map((rhythm) => ({ ...rhythm, dueMs: window.fromMs + between(random, 0, rhythm.everyMs) }));
  for (;;) {
    const next = rhythms.reduce((first, rhythm) => (rhythm.dueMs < first.dueMs ? rhythm : first));
    if (next.dueMs >= window.toMs) break;
    next.act(next.dueMs);
    next.dueMs += next.everyMs;
  }
  const { ticks, shards } = world;
  const processedMs = (shard: number, arrivalMs: number) =>
    processedIn(shards[shard]?.polls ?? [], window.fromMs, arrivalMs);
  return { window, faults, ticks, processedMs };
}

/** Polls are a second apart, and none before the arrival can have read it. */
function processedIn(polls: readonly Poll[], fromMs: number, arrivalMs: number): number | undefined {
  const first = Math.max(0, Math.floor((arrivalMs - fromMs) / pollMs) - 1);
  for (let index = first; index < polls.length; index += 1) {
    const poll = polls[index];
    if (poll !== undefined && poll.reachedMs > arrivalMs) {
      return arrivalMs < poll.discardedMs ? undefined : poll.doneMs;
    }
  }
  return undefined;
}

/** The stream, both monitors and the endpoint as far as canaries and watermarks go; what is decided is the core's. */
class World {
  readonly ticks: TickStanding[] = [];
  readonly shards: readonly ShardState[];
  private readonly described: readonly Shard[];
  private readonly watermarks = new Map<string, number>();
  private readonly pace = new WatermarkPace();
  private canaryMs: number;
  private refusals: ReturnType<typeof refusalsAfter> | undefined;
  private standing: Standing;

  constructor(
    { fromMs }: Window,
    private readonly faults: Faults,
    private readonly t: Timings,
    private readonly random: Random,
  ) {
    this.shards = Array.from({ length: shardCount }, () => ({ polls: [], canaries: [], reachedMs: fromMs }));
    this.described = this.shards.map((_, index) => ({
      shardId: String(index),
      parents: [],
      open: true,
      firstHashKey: '0',
    }));
    for (const { shardId } of this.described) this.watermarks.set(shardId, fromMs);
    this.canaryMs = fromMs;
    // It has been running before: the first tick of all would take its whole past for a gap.
    this.standing = { ...newStanding, asOfMs: fromMs, endpointMs: fromMs, revision: 1 };
  }

  /** Reads what a shard has, as far as it comes, and learns how far it is processed. */
  poll(index: number, nowMs: number): void {
    const shard = this.shards[index];
    if (shard === undefined) return;
    this.noteRefusals(nowMs);
    this.write(index, shard, nowMs);
    const before = shard.reachedMs;
    const stall = this.faults.stalls.find((one) => one.shard === index && isIn(one, nowMs));
    const pace = stall?.pace ?? catchUp;
    const stands = pace === 0;
    const discardedMs = stands ? before : Math.max(before, nowMs - this.t.maxRecordAgeSeconds * second);
    const reachedMs = Math.min(nowMs, discardedMs + pace * pollMs);
    const doneMs = nowMs + between(this.random, 50, 400);
    shard.reachedMs = reachedMs;
    shard.polls.push({ doneMs, reachedMs, discardedMs });
    if (reachedMs > before) this.progress(index, shard, { nowMs, doneMs, reachedMs, discardedMs });
  }

  private progress(index: number, shard: ShardState, poll: Poll & { readonly nowMs: number }): void {
    const { nowMs, doneMs, reachedMs, discardedMs } = poll;
    const due = shard.canaries.findIndex(({ arrivalMs }) => arrivalMs >= reachedMs);
    const arrived = shard.canaries.splice(0, due === -1 ? shard.canaries.length : due);
    // Front ends beat all the time, so that a poll ends with one that has only just arrived.
    const beat = { sequenceNumber: '', arrivalMs: between(this.random, reachedMs - 200, reachedMs) };
    const records = [...arrived.filter(({ arrivalMs }) => arrivalMs >= discardedMs), beat];
    const { watermarkMs, endpointMs, urgent } = progressOf(records, new Set());
    if (watermarkMs === undefined || !this.pace.isDue(String(index), nowMs, urgent)) return;
    shard.pending = { doneMs, watermarkMs, ...(endpointMs !== undefined && { endpointMs }) };
  }

  /** What a poll has learned is seen once it is written. */
  private write(index: number, shard: ShardState, nowMs: number): void {
    const { pending } = shard;
    if (pending === undefined || pending.doneMs > nowMs) return;
    const id = String(index);
    this.watermarks.set(id, Math.max(pending.watermarkMs, this.watermarks.get(id) ?? 0));
    this.canaryMs = Math.max(this.canaryMs, pending.endpointMs ?? 0);
    delete shard.pending;
  }

  /** Of all the beats that others send, some are turned away in each second of an outage. */
  private noteRefusals(nowMs: number): void {
    const refusing = this.faults.outages.find((outage) => outage.refuses && isIn(outage, nowMs));
    if (refusing !== undefined && this.random() >= refusing.served) this.refuse(nowMs);
  }

  private refuse(nowMs: number): void {
    this.refusals = refusalsAfter(this.refusals, nowMs, this.t);
  }

  /** Decides where it stands, and sends the canaries that the next tick rests on. */
  tick(nowMs: number): void {
    if (this.faults.pauses.some((pause) => isIn(pause, nowMs))) return;
    for (const [index, shard] of this.shards.entries()) this.write(index, shard, nowMs);
    const endpoint = { canaryMs: this.canaryMs, ...(this.refusals && { refusals: this.refusals }) };
    const record = { shards: this.watermarks, endpoint };
    this.standing = standingAfter(this.standing, this.described, record, nowMs, this.t);
    this.ticks.push({ nowMs, asOfMs: this.standing.asOfMs, gaps: this.standing.gaps });
    for (const shard of this.shards) this.send('shard', shard, nowMs + between(this.random, 20, 200));
    this.postThroughEndpoint(nowMs);
  }

  private postThroughEndpoint(nowMs: number): void {
    const { outages } = this.faults;
    const arrivalMs = nowMs + between(this.random, 50, 600);
    const shard = this.shards[Math.floor(this.random() * this.shards.length)];
    if (shard !== undefined && isServed(outages, arrivalMs, this.random))
      this.send('endpoint', shard, arrivalMs);
    else if (outages.some((outage) => outage.refuses && isIn(outage, arrivalMs))) this.refuse(arrivalMs);
  }

  private send(canary: ArrivingCanary['canary'], { canaries }: ShardState, arrivalMs: number): void {
    const after = canaries.findLastIndex((one) => one.arrivalMs <= arrivalMs);
    canaries.splice(after + 1, 0, { sequenceNumber: '', arrivalMs, canary });
  }
}
