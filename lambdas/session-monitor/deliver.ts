import { unreachable } from '../../core/errors';
import { eventsOf } from '../../core/events';
import { behind, type Entry, type RegionHead, type RegionRecord, type Sink } from '../../core/region';
import type { MonitorPorts } from './ports';
import { type PushPorts, pushEntries } from './push';

/** Entries that are read and handed on at once. */
const entriesAtOnce = 20;

/**
 * Hands every sink what it has not taken yet, each from its own cursor (CD2): at least once, in order, also what an
 * earlier pass committed and did not live to send.
 * @throws the first error of a sink, after the others had their turn
 */
export async function deliver(record: RegionRecord, ports: MonitorPorts): Promise<void> {
  const outcomes = await Promise.allSettled(
    behind(record).map((sink) =>
      drain(sink, record, ports, (entries) => hand(sink, record.region, entries, ports)),
    ),
  );
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

type Hand = (entries: readonly Entry[]) => Promise<void>;

/** Hands a sink everything after its cursor, page by page. */
async function drain(
  sink: Sink,
  record: RegionRecord,
  { ledger }: Pick<MonitorPorts, 'ledger'>,
  take: Hand,
): Promise<void> {
  let cursor: number | undefined = record.cursors[sink];
  while (cursor !== undefined) cursor = await handPage(sink, record, cursor, { ledger, take });
}

/** @returns the cursor after that page; `undefined` when there is none */
async function handPage(
  sink: Sink,
  { region, head }: Pick<RegionRecord, 'region' | 'head'>,
  cursor: number,
  { ledger, take }: Pick<MonitorPorts, 'ledger'> & { readonly take: Hand },
): Promise<number | undefined> {
  const read = await ledger.entriesAfter(region, cursor, entriesAtOnce);
  // The region may have been lost meanwhile, and its log have begun anew.
  const entries = read.filter(({ epoch }) => epoch === head?.epoch);
  const last = entries.at(-1);
  if (last === undefined) return undefined;
  await take(entries);
  await ledger.advanceCursor(region, sink, last);
  return last.seq;
}

/**
 * Tells the sockets of a region's entries while more of them are being committed: operators need not wait for the last of a
 * hundred to see the first. It reads the log and moves the cursor as every delivery does (CD2); what it does not get to, or
 * fails at, is left to the delivery at the end.
 */
export class EarlyDelivery {
  private committed = 0;
  private underWay: Promise<void> | undefined;

  constructor(
    private record: RegionRecord,
    private readonly ports: PushPorts,
  ) {}

  /**
   * Says that there is another entry in the log; a page of them is worth the reads that it takes.
   * @param head as it was committed with that entry
   */
  more(head: RegionHead): void {
    this.committed += 1;
    if (this.committed % entriesAtOnce === 0) this.underWay ??= this.tellSockets(head);
  }

  /** @returns the region with its cursors as they are when nothing of this is under way any more */
  async ended(): Promise<RegionRecord> {
    await this.underWay;
    return this.record;
  }

  private async tellSockets(head: RegionHead): Promise<void> {
    const { record, ports } = this;
    const { region, cursors } = record;
    const take: Hand = (entries) => pushEntries(region, entries, ports);
    try {
      const { ledger } = ports;
      const websocket = await handPage('websocket', { region, head }, cursors.websocket, { ledger, take });
      if (websocket !== undefined) this.record = { ...record, cursors: { ...cursors, websocket } };
      this.underWay = undefined;
    } catch (error) {
      ports.log.error('entries could not be told early', error, { region });
    }
  }
}

async function hand(
  sink: Sink,
  region: string,
  entries: readonly Entry[],
  ports: MonitorPorts,
): Promise<void> {
  switch (sink) {
    case 'websocket':
      return await pushEntries(region, entries, ports);
    case 'eventbridge':
      return await ports.bus.publish(entries.flatMap(eventsOf));
    default:
      return unreachable(sink);
  }
}
