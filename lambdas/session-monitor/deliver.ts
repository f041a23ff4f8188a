import { unreachable } from '../../core/errors';
import { eventsOf } from '../../core/events';
import { behind, type Entry, type RegionRecord, type Sink } from '../../core/region';
import type { MonitorPorts } from './ports';
import { pushEntries } from './push';

/** Entries that are read and handed on at once. */
const entriesAtOnce = 20;

/**
 * Hands every sink what it has not taken yet, each from its own cursor (CD2): at least once, in order, also what an
 * earlier pass committed and did not live to send.
 * @throws the first error of a sink, after the others had their turn
 */
export async function deliver(record: RegionRecord, ports: MonitorPorts): Promise<void> {
  const outcomes = await Promise.allSettled(behind(record).map((sink) => drain(sink, record, ports)));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function drain(sink: Sink, { region, cursors }: RegionRecord, ports: MonitorPorts): Promise<void> {
  let cursor = cursors[sink];
  for (;;) {
    const entries = await ports.ledger.entriesAfter(region, cursor, entriesAtOnce);
    const last = entries.at(-1);
    if (last === undefined) return;
    await hand(sink, region, entries, ports);
    await ports.ledger.advanceCursor(region, sink, last.seq);
    cursor = last.seq;
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
