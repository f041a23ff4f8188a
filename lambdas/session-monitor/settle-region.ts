import { CommitLost } from '../../core/errors';
import type { Facility } from '../../core/facility';
import { dueReason, newHead, type RegionRecord } from '../../core/region';
import { type SettleInput, type Settlement, settle } from '../../core/settle';
import type { Timings } from '../../core/timings';
import type { MonitorPorts } from './ports';

/** What one tick decides for, read once. */
export type Tick = Pick<SettleInput, 'asOfMs' | 'gaps' | 'nowMs'>;

type SettlePorts = Pick<MonitorPorts, 'sessions' | 'ledger' | 'log'>;

/** Another monitor wins at most now and then: it takes over from this one. */
const attempts = 3;

/**
 * Settles a region if it is due and commits what changed; a lost commit starts again from what is stored.
 * @returns the region as it is now
 */
export async function settleRegion(
  region: string,
  tick: Tick,
  ports: SettlePorts,
  timings: Timings,
): Promise<RegionRecord> {
  for (let attempt = 1; ; attempt += 1) {
    const record = await ports.ledger.read(region);
    try {
      return await settleOnce(record, tick, ports, timings);
    } catch (error) {
      if (!(error instanceof CommitLost) || attempt === attempts) throw error;
    }
  }
}

async function settleOnce(
  record: RegionRecord,
  tick: Tick,
  ports: SettlePorts,
  timings: Timings,
): Promise<RegionRecord> {
  const reason = dueReason(record, tick.asOfMs, tick.nowMs);
  if (reason === undefined || isOutdated(record, tick)) return record;
  const facilities = await ports.ledger.facilities(record.region);
  // A mark was raised after its session write: only a consistent read is sure to see that.
  const decided = await decide(record, facilities, tick, reason === 'mark', ports, timings);
  const settlement =
    decided.changesStatus && reason !== 'mark'
      ? await decide(record, facilities, tick, true, ports, timings)
      : decided;
  return await commitAll(record, settlement, ports);
}

/** Another monitor knows more: with an older as-of, what it has told already would be taken back. */
const isOutdated = ({ head }: RegionRecord, { asOfMs }: Tick): boolean =>
  head !== undefined && head.asOfMs > asOfMs;

async function decide(
  record: RegionRecord,
  facilities: readonly Facility[],
  tick: Tick,
  consistent: boolean,
  { sessions }: SettlePorts,
  timings: Timings,
): Promise<Settlement> {
  const { region, mark } = record;
  const head = record.head ?? newHead(region, epochAt(tick.nowMs));
  const listed = await sessions.list(region, { consistent });
  return settle({ sessions: listed, facilities, head, mark, ...tick }, timings);
}

async function commitAll(
  record: RegionRecord,
  { commits, garbage }: Settlement,
  { ledger, sessions, log }: SettlePorts,
): Promise<RegionRecord> {
  let head = commits[0].head;
  for (const commit of commits) {
    await ledger.commit(commit);
    head = commit.head;
    if (commit.entry === undefined) continue;
    const { region, seq, changes } = commit.entry;
    log.info('committed', { region, seq, changes: changes.length });
  }
  await sessions.remove(garbage);
  return { ...record, head };
}

/** A log's life is named by its beginning: a region begins one only where none is stored. */
const epochAt = (nowMs: number): string => nowMs.toString(36);
