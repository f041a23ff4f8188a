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
      drain(sink, placeOf(sink, record), ports, (entries) => hand(sink, record.region, entries, ports)),
    ),
  );
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

const placeOf = (sink: Sink, { region, head, cursors }: RegionRecord): Place => ({
  region,
  epoch: head?.epoch,
  cursor: cursors[sink],
});

type Hand = (entries: readonly Entry[]) => Promise<void>;

/**
 * Hands a sink everything after its cursor, page by page.
 * @returns the cursor after the last of it
 */
async function drain(
  sink: Sink,
  place: Place,
  { ledger }: Pick<MonitorPorts, 'ledger'>,
  take: Hand,
): Promise<number> {
  const { region, epoch } = place;
  for (let cursor = place.cursor; ; ) {
    const read = await ledger.entriesAfter(region, cursor, entriesAtOnce);
    // The region may have been lost meanwhile, and its log have begun anew.
    const [first, ...others] = read.filter((entry) => entry.epoch === epoch);
    if (first === undefined) return cursor;
    cursor = await handOver(sink, region, [first, ...others], { ledger, take });
  }
}

/** Where a sink is in one life of a region's log. */
interface Place {
  readonly region: string;
  readonly epoch: string | undefined;
  readonly cursor: number;
}

/**
 * The cursor moves once everything was taken, so that whoever dies in between leaves nothing untold (CD2).
 * @returns where it then is
 */
async function handOver(
  sink: Sink,
  region: string,
  entries: readonly [Entry, ...Entry[]],
  { ledger, take }: Pick<MonitorPorts, 'ledger'> & { readonly take: Hand },
): Promise<number> {
  const last = entries.at(-1) ?? entries[0];
  await take(entries);
  await ledger.advanceCursor(region, sink, last);
  return last.seq;
}

/**
 * Tells the sockets of a region's entries while more of them are being committed: operators need not wait for the last of a
 * hundred to see the first, nor with the last for whatever else a settle leaves to do. It moves the cursor as every delivery does (CD2);
 * what it fails at, and a settle of a few entries, are left to the delivery at the end.
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
    if (this.waiting.length < entriesAtOnce) return;
    if (this.stands === 'few' || this.stands === 'idle') this.underWay = this.tellSockets();
  }

  /** Waits for what is under way: whoever comes next tells the same sockets, and would overtake it. */
  async stop(): Promise<void> {
    await this.underWay;
  }

  /**
   * Tells the last of many entries, too.
   * @returns the region with its cursors as they are then
   */
  async finish(): Promise<RegionRecord> {
    await this.underWay;
    if (this.stands === 'idle' && this.waiting.length > 0) await this.tellSockets();
    return this.record;
  }

  private async tellSockets(): Promise<void> {
    const { record, ports, waiting } = this;
    this.waiting = [];
    this.stands = 'telling';
    try {
      const websocket = await this.toldUpTo(waiting);
      this.record = { ...record, cursors: { ...record.cursors, websocket } };
      this.stands = 'idle';
    } catch (error) {
      this.stands = 'failed';
      ports.log.error('entries could not be told early', error, { region: record.region });
    }
  }

  private async toldUpTo(entries: readonly Entry[]): Promise<number> {
    const { ports, record } = this;
    const { region } = record;
    const { ledger } = ports;
    const cursor = record.cursors.websocket;
    const [first, ...others] = entries.filter(({ seq }) => seq > cursor);
    if (first === undefined) return cursor;
    const take: Hand = (some) => pushEntries(region, some, ports);
    if (first.seq === cursor + 1)
      return await handOver('websocket', region, [first, ...others], { ledger, take });
    // What an earlier settle left comes first, and then, from the log, all of these.
    return await drain('websocket', { region, epoch: first.epoch, cursor }, ports, take);
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
