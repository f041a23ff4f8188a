import { unreachable } from '../../core/errors';
import { eventsOf } from '../../core/events';
import { behind, type Entry, type RegionRecord, type Sink } from '../../core/region';
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
  return await handOver(sink, region, entries, { ledger, take });
}

/** The cursor moves once everything was taken, so that whoever dies in between leaves nothing untold (CD2). */
async function handOver(
  sink: Sink,
  region: string,
  entries: readonly Entry[],
  { ledger, take }: Pick<MonitorPorts, 'ledger'> & { readonly take: Hand },
): Promise<number | undefined> {
  const last = entries.at(-1);
  if (last === undefined) return undefined;
  await take(entries);
  await ledger.advanceCursor(region, sink, last);
  return last.seq;
}

/**
 * Tells the sockets of a region's entries while more of them are being committed: operators need not wait for the last of a
 * hundred to see the first, nor with the last for whatever else a settle leaves to do. It moves the cursor as every delivery does (CD2);
 * what it fails at, what an earlier pass left in the log, and a settle of a few entries are left to the delivery at the end.
 */
export class EarlyDelivery {
  private waiting: Entry[] = [];
  private stands: 'few' | 'idle' | 'telling' | 'failed' = 'few';
  private underWay: Promise<void> | undefined;

  constructor(
    private record: RegionRecord,
    private readonly ports: PushPorts,
  ) {}

  /** Says that there is another entry in the log; so many of them are worth the reads that a push takes. */
  more(entry: Entry): void {
    this.waiting.push(entry);
    if (this.waiting.length >= entriesAtOnce && this.isNext()) this.underWay = this.tellSockets();
  }

  /** @returns the region with its cursors as they are when nothing of this is under way any more */
  async ended(): Promise<RegionRecord> {
    await this.underWay;
    if (this.stands === 'idle' && this.isNext()) await this.tellSockets();
    return this.record;
  }

  private isNext(): boolean {
    const { stands, waiting, record } = this;
    return (stands === 'few' || stands === 'idle') && waiting[0]?.seq === record.cursors.websocket + 1;
  }

  private async tellSockets(): Promise<void> {
    const { record, ports, waiting } = this;
    const { region, cursors } = record;
    this.waiting = [];
    this.stands = 'telling';
    try {
      const take: Hand = (entries) => pushEntries(region, entries, ports);
      const { ledger } = ports;
      const websocket = await handOver('websocket', region, waiting, { ledger, take });
      if (websocket !== undefined) this.record = { ...record, cursors: { ...cursors, websocket } };
      this.stands = 'idle';
    } catch (error) {
      this.stands = 'failed';
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
