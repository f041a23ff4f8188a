import { mapBounded } from '../../core/concurrency';
import { CommitLost } from '../../core/errors';
import { behind, dueReason, type RegionRecord } from '../../core/region';
import type { Timings } from '../../core/timings';
import { deliver } from './deliver';
import type { MonitorPorts } from './ports';
import { settleRegion, type Tick } from './settle-region';
import { sendCanaries, standAt } from './standing';

const regionsAtOnce = 8;
/** A successor starts each minute, anywhere within it; beyond two of them something is wrong with the schedule. */
const longestRunMs = 120_000;

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
      const tickStartMs = ports.clock.now();
      await runTick(ports, timings).catch((error: unknown) => failures.push(error));
      const pauseMs = Math.max(0, tickStartMs + tickMs - ports.clock.now());
      if (tickMs >= 60_000 || ports.clock.now() + pauseMs >= startedMs + longestRunMs) break;
      await ports.clock.sleep(pauseMs);
      if (await isSucceeded(turn, ports)) break;
    }
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

/** One pass; the canaries of the next one are on their way meanwhile. */
export async function runTick(ports: MonitorPorts, timings: Timings): Promise<void> {
  const nowMs = ports.clock.now();
  const [pass] = await Promise.allSettled([lookAtAll(nowMs, ports, timings), sendCanaries(nowMs, ports)]);
  if (pass.status === 'rejected') throw pass.reason;
}

/** Looks at every region once: settles those that are due and delivers what is committed (CD5). */
async function lookAtAll(nowMs: number, ports: MonitorPorts, timings: Timings): Promise<void> {
  // Before everything else: what a watermark speaks of is then in whatever is read later (TR1).
  const { asOfMs, gaps } = await standAt(nowMs, ports, timings);
  const tick: Tick = { nowMs, asOfMs, gaps };
  const records = await ports.ledger.overview();
  const failures: unknown[] = [];
  let overtaken = false;
  await mapBounded(records, regionsAtOnce, async (record) => {
    try {
      await visit(record, tick, ports, timings);
    } catch (error) {
      overtaken ||= error instanceof CommitLost;
      if (error instanceof CommitLost) return;
      // One region's trouble is not another's; that the tick was not whole is told at its end.
      ports.log.error('a region was not settled or told', error, { region: record.region });
      failures.push(error);
    }
  });
  if (failures.length > 0) throw failures[0];
  // Whoever kept winning has settled that region for an instant of its own, and claims that.
  if (!overtaken) await ports.watermarks.noteTold(asOfMs);
}

async function visit(record: RegionRecord, tick: Tick, ports: MonitorPorts, timings: Timings): Promise<void> {
  const due = dueReason(record, tick.asOfMs, tick.nowMs) !== undefined;
  if (!due) return await tell(record, ports);
  const settled = await settleRegion(record.region, tick, ports, timings);
  const outcomes = await Promise.allSettled([tell(settled.record, ports), settled.finish()]);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function tell(record: RegionRecord, ports: MonitorPorts): Promise<void> {
  if (behind(record).length > 0) await deliver(record, ports);
}
