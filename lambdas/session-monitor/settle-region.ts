import { CommitLost } from '../../core/errors';
import type { Facility } from '../../core/facility';
import { type Commit, dueReason, epochAt, newHead, type RegionRecord } from '../../core/region';
import { type SettleInput, type Settlement, settle } from '../../core/settle';
import type { Timings } from '../../core/timings';
import { EarlyDelivery } from './deliver';
import type { MonitorPorts } from './ports';
import { pushPresence } from './push-presence';
import { settlePresence, type Unsent } from './settle-presence';

/** What one tick decides for, read once. */
export type Tick = Pick<SettleInput, 'asOfMs' | 'gaps' | 'nowMs'>;

type SettlePorts = Omit<MonitorPorts, 'bus' | 'canaries' | 'fence' | 'watermarks'>;

/** Another monitor wins at most now and then: it takes over from this one. */
const attempts = 3;
/** Long enough for a settle of a large region. */
const claimMs = 5_000;

/** A region whose changes are committed, and what is left to do once they are told. */
export interface Settled {
  readonly record: RegionRecord;
  /** So much of the region changed at once that the rest of it is probably on its way. */
  readonly upheaval: boolean;
  /**
   * Tells the presence and notes the region as settled, while its entries are told, which operators wait for. When another
   * monitor was faster it does nothing more: whatever is left, the next tick finds.
   */
  finish(): Promise<void>;
}

const nothingLeft = async (): Promise<void> => {};

/** Settles a region if it is due and commits what changed; a lost commit starts again from what is stored. */
export async function settleRegion(
  region: string,
  tick: Tick,
  ports: SettlePorts,
  timings: Timings,
): Promise<Settled> {
  for (let attempt = 1; ; attempt += 1) {
    const record = await ports.ledger.read(region);
    try {
      return await settleOnce(record, tick, ports, timings);
    } catch (error) {
      if (!(error instanceof CommitLost) || attempt === attempts) throw error;
      // Registry changes are quicker than a settle: while they keep coming, it would lose to one each time.
      await ports.ledger.claim(region, ports.clock.now() + claimMs);
    }
  }
}

async function settleOnce(
  record: RegionRecord,
  tick: Tick,
  ports: SettlePorts,
  timings: Timings,
): Promise<Settled> {
  const reason = dueReason(record, tick.asOfMs, tick.nowMs);
  if (reason === undefined || isOutdated(record, tick))
    return { record, upheaval: false, finish: nothingLeft };
  const facilities = await ports.ledger.rows(record.region);
  // A mark was raised after its session write: only a consistent read is sure to see that.
  const consistent = reason === 'mark' || someoneSaidGoodbye(record, timings);
  const decided = await decide(record, facilities, tick, consistent, ports, timings);
  const settlement =
    (decided.changesStatus || decided.presenceDue.length > 0) && !consistent
      ? await decide(record, facilities, tick, true, ports, timings)
      : decided;
  const unsent = unsentIn(facilities, record.head?.settledAtMs ?? 0);
  return await commitAll(record, settlement, unsent, tick, ports);
}

/**
 * Whether the region is due since a goodbye, whose grace is all that the last settle left to wait for: that its session is gone is
 * all but certain, so that a stale read would only come on top of the consistent one. A lease that ends later has mostly been
 * renewed meanwhile, which half the price finds out.
 */
const someoneSaidGoodbye = ({ head }: RegionRecord, { leaveGraceSeconds }: Timings): boolean =>
  head?.dueAtMs !== undefined && head.dueAtMs <= head.settledAtMs + leaveGraceSeconds * 1_000;

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
  settlement: Settlement,
  unsent: readonly Unsent[],
  tick: Tick,
  ports: SettlePorts,
): Promise<Settled> {
  const { commits, presenceDue } = settlement;
  const now = presenceDue.length > 0 ? commits.slice(0, -1) : commits;
  const told = await writeAll(record, now, ports);
  const head = now.at(-1)?.head ?? record.head;
  return {
    record: { ...told, ...(head && { head }) },
    upheaval: isUpheaval(commits),
    finish: async () => {
      try {
        await finishPresence(record, settlement, unsent, tick, ports);
        await removeUnneeded(record, settlement, ports);
      } catch (error) {
        if (!(error instanceof CommitLost)) throw error;
      }
    },
  };
}

/** A change of the region as a whole that did not fit one entry. */
function isUpheaval(commits: readonly Commit[]): boolean {
  const entries = commits.flatMap(({ entry }) => entry ?? []);
  return entries.length > 1 && entries.at(-1)?.regionChange !== undefined;
}

/** @returns the region with its cursors where they are then: of many entries the sockets are told meanwhile */
async function writeAll(
  record: RegionRecord,
  commits: readonly Commit[],
  ports: SettlePorts,
): Promise<RegionRecord> {
  const early = new EarlyDelivery(record, ports);
  try {
    for (const commit of commits) {
      await write(commit, ports);
      if (commit.entry !== undefined) early.more(commit.entry);
    }
  } finally {
    await early.stop();
  }
  return await early.finish();
}

async function removeUnneeded(
  { region }: RegionRecord,
  { garbage, remains }: Settlement,
  { sessions, ledger }: SettlePorts,
): Promise<void> {
  await sessions.remove(garbage);
  if (remains.length > 0) await ledger.forget(region, remains);
}

/** The last commit notes the region as settled: after its presence, which is then found to be missing after a crash (CD2). */
async function finishPresence(
  record: RegionRecord,
  { commits, presenceDue }: Settlement,
  unsent: readonly Unsent[],
  tick: Tick,
  ports: SettlePorts,
): Promise<void> {
  const last = commits.at(-1) ?? commits[0];
  const before = { region: record.region, settledAtMs: record.head?.settledAtMs ?? 0 };
  const told = presenceDue.length > 0 ? await settlePresence(before, presenceDue, tick, ports) : [];
  const toldIn = new Set(told.map(({ facility }) => facility));
  const toSend = [...unsent.filter(({ facility }) => !toldIn.has(facility)), ...told];
  if (toSend.length > 0) await pushPresence(record.region, toSend, ports);
  if (presenceDue.length > 0) await write(last, ports);
}

async function write(commit: Commit, { ledger, log, meter }: SettlePorts): Promise<void> {
  await ledger.commit(commit);
  if (commit.entry === undefined) return;
  const { region, seq, changes } = commit.entry;
  meter.count('transitions', changes.filter(({ transition }) => transition).length);
  log.info('committed', { region, seq, changes: changes.length });
}

/** Events that a monitor committed and did not live to send: it did not live to note the region as settled either. */
const unsentIn = (facilities: readonly Facility[], settledAtMs: number): readonly Unsent[] =>
  facilities.flatMap(({ id, presence }) =>
    presence !== undefined && presence.decidedAtMs > settledAtMs
      ? [{ facility: id, fromSeq: presence.fromSeq, toSeq: presence.seq }]
      : [],
  );
