import { mapBounded } from '../../core/concurrency';
import { CommitLost } from '../../core/errors';
import { behind, dueReason, type RegionRecord } from '../../core/region';
import type { Timings } from '../../core/timings';
import { deliver } from './deliver';
import type { MonitorPorts } from './ports';
import { type Settled, settleRegion, type Tick } from './settle-region';
import { sendCanaries, standAt } from './standing';

const regionsAtOnce = 8;
/** A successor starts each minute, anywhere within it; beyond two of them something is wrong with the schedule. */
const longestRunMs = 120_000;
/** How often the marks are looked at between two ticks: what that costs is the reading of the heads. */
const glanceMs = 1_000;
/** Before anything is processed as-of is 0, of which no chart should tell. */
const dayMs = 24 * 60 * 60_000;

/**
 * One run of the session monitor: ticks until its successor takes over.
 * @throws after the run, when a tick could not do all of its work, so that the platform counts it
 */
export function createMonitor(ports: MonitorPorts, timings: Timings) {
  return async (): Promise<void> => {
    const turn = await ports.fence.take();
    const startedMs = ports.clock.now();
    const tickMs = timings.tickSeconds * 1_000;
    const failures: unknown[] = [];
    for (;;) {
      const nextTickMs = ports.clock.now() + tickMs;
      const tick = await runTick(ports, timings).catch((error: unknown) => {
        // Now, since the run may go on for two minutes before it is counted as failed.
        ports.log.error('a tick could not do all of its work', error);
        failures.push(error);
      });
      const startsMs = Math.max(nextTickMs, ports.clock.now());
      if (tickMs >= 60_000 || startsMs >= startedMs + longestRunMs) break;
      await glanceUntil(startsMs, tick ?? undefined, { ports, timings, failures });
      if (await isSucceeded(turn, ports)) break;
    }
    // What glances counted since the last tick.
    ports.meter.flush();
    if (failures.length > 0) throw failures[0];
  };
}

/** When the fence cannot be read, going on is harmless: commits decide between two monitors (CD1). */
async function isSucceeded(turn: number, { fence, log }: MonitorPorts): Promise<boolean> {
  try {
    return !(await fence.isCurrent(turn));
  } catch (error) {
    log.error('the fence could not be read', error);
    return false;
  }
}

/**
 * One pass; the canaries of the next one are on their way meanwhile.
 * @returns what its settles were decided for
 */
export async function runTick(ports: MonitorPorts, timings: Timings): Promise<Tick> {
  const nowMs = ports.clock.now();
  const [pass] = await Promise.allSettled([lookAtAll(nowMs, ports, timings), sendCanaries(nowMs, ports)]);
  noteTick(pass.status === 'fulfilled', nowMs, ports);
  if (pass.status === 'rejected') throw pass.reason;
  return pass.value;
}

interface Run {
  readonly ports: MonitorPorts;
  readonly timings: Timings;
  /** What went wrong in it. */
  readonly failures: unknown[];
}

/** Waits for the next tick; news of regions that were calm need not (CD5). */
async function glanceUntil(untilMs: number, tick: Tick | undefined, run: Run): Promise<void> {
  const { clock } = run.ports;
  while (untilMs - clock.now() > glanceMs) {
    await clock.sleep(glanceMs);
    if (tick !== undefined) await glance(tick, run).catch((error: unknown) => run.failures.push(error));
  }
  await clock.sleep(Math.max(0, untilMs - clock.now()));
}

/**
 * Settles what was marked since the tick, but no region twice within a tick: one that is never calm costs what it costs with
 * ticks alone. The tick's own as-of will do: an older one declares nobody offline who is not (TR1).
 */
async function glance(tick: Tick, { ports, timings }: Run): Promise<void> {
  const nowMs = ports.clock.now();
  const calmSinceMs = nowMs - timings.tickSeconds * 1_000;
  const news = (await ports.ledger.overview({ consistent: false })).filter(
    ({ head, mark }) => head === undefined || (head.coveredMark !== mark && head.settledAtMs <= calmSinceMs),
  );
  throwFirst((await visitAll(news, { ...tick, nowMs }, ports, timings)).failures);
}

function noteTick(whole: boolean, startedMs: number, { meter, clock }: MonitorPorts): void {
  meter.count(whole ? 'ticks' : 'failedTicks');
  meter.measure('tickDuration', clock.now() - startedMs);
  // Also without any: what is usual is learnt from quiet ticks, too.
  meter.count('transitions', 0);
  meter.flush();
}

/** Looks at every region once: settles those that are due and delivers what is committed (CD5). */
async function lookAtAll(nowMs: number, ports: MonitorPorts, timings: Timings): Promise<Tick> {
  // Before everything else: what a watermark speaks of is then in whatever is read later (TR1).
  const { asOfMs, gaps } = await standAt(nowMs, ports, timings);
  ports.meter.measure('asOfAge', Math.min(nowMs - asOfMs, dayMs) / 1_000);
  const tick: Tick = { nowMs, asOfMs, gaps };
  // A mark that a stale read does not show would leave its region unsettled, and as-of claimed all the same.
  const records = await ports.ledger.overview({ consistent: true });
  const { settled, failures } = await visitAll(records, tick, ports, timings);
  // What is settled is in the log for everybody; that a sink does not take it is no reason to doubt it (CD2).
  if (settled) await ports.watermarks.noteTold(asOfMs);
  throwFirst(failures);
  return tick;
}

function throwFirst(failures: readonly unknown[]): void {
  if (failures.length > 0) throw failures[0];
}

/** What became of a pass over regions. */
interface Visits {
  /** Whether all of them stand as the tick decided, so that its as-of can be claimed. */
  readonly settled: boolean;
  /** Whatever went wrong, told or not. */
  readonly failures: readonly unknown[];
}

/** One region's trouble is not another's: each has its turn. */
async function visitAll(
  records: readonly RegionRecord[],
  tick: Tick,
  ports: MonitorPorts,
  timings: Timings,
): Promise<Visits> {
  const failures: unknown[] = [];
  let settled = true;
  await mapBounded(records, regionsAtOnce, async (record) => {
    const failed = (error: unknown): void => {
      ports.log.error('a region was not settled or told', error, { region: record.region });
      failures.push(error);
    };
    // Nor is a sink's trouble a region's: what is not told is told by the next tick (CD2).
    const told = (settledRecord: RegionRecord): Promise<void> => tell(settledRecord, ports).catch(failed);
    try {
      await visit(record, tick, ports, { timings, told });
    } catch (error) {
      settled = false;
      // Whoever kept winning has settled that region for an instant of its own, and claims that.
      if (!(error instanceof CommitLost)) failed(error);
    }
  });
  return { settled, failures };
}

/**
 * Settles a region if it is due, and tells what was committed. A settle that fell into the midst of thousands of joining
 * sessions is followed by another one at once, as long as the next tick is not due: whoever came a moment later would
 * otherwise wait a whole tick longer. What the first one left to do, the second one finds.
 * @throws when it could not be settled, or not to the end
 */
async function visit(
  record: RegionRecord,
  tick: Tick,
  ports: MonitorPorts,
  { timings, told }: { readonly timings: Timings; readonly told: (record: RegionRecord) => Promise<void> },
): Promise<void> {
  if (dueReason(record, tick.asOfMs, tick.nowMs) === undefined) return await told(record);
  const nextTickMs = tick.nowMs + timings.tickSeconds * 1_000;
  let settled = await settleRegion(record.region, tick, ports, timings);
  while (settled.upheaval && ports.clock.now() < nextTickMs && (await moreCame(settled, ports))) {
    const nowMs = ports.clock.now();
    settled = await settleRegion(record.region, { ...tick, nowMs }, ports, timings);
  }
  const [, finished] = await Promise.allSettled([told(settled.record), settled.finish()]);
  if (finished.status === 'rejected') throw finished.reason;
}

const moreCame = async ({ record }: Settled, { ledger }: MonitorPorts): Promise<boolean> =>
  (await ledger.read(record.region)).mark !== record.mark;

async function tell(record: RegionRecord, ports: MonitorPorts): Promise<void> {
  if (behind(record).length > 0) await deliver(record, ports);
}
