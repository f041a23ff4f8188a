import type { Connection, Topic } from '../../core/connection';
import { changesMessage, limitedChangesMessage, presenceMessage, resyncMessage } from '../../core/messages';
import { noPresence } from '../../core/presence';
import type { Entry, RegionRecord } from '../../core/region';
import { allowsAll, patternsIn } from '../../core/rights';
import type { FeedPorts } from './ports';

/** Where a client wants to go on from. */
export interface Resume {
  readonly since: number;
  readonly epoch?: string;
}

/** Beyond this a snapshot is shorter than the log. */
const longestResume = 200;

/** What brings a client up to date: the entries that it misses, or the advice to take a snapshot (CD3). */
export async function missedSince(
  region: string,
  { since, epoch }: Resume,
  connection: Connection,
  ports: FeedPorts,
): Promise<readonly object[]> {
  const record = await ports.regions.read(region);
  const seq = record.head?.seq ?? 0;
  if (isOtherLife(record, since, epoch)) return [resyncMessage({ region }, 'epoch')];
  if (seq - since > longestResume) return [resyncMessage({ region }, 'too-long')];
  if (seq === since) return [];
  const entries = await ports.regions.entriesAfter(region, since, longestResume);
  if (entries[0]?.seq !== since + 1) return [resyncMessage({ region }, 'too-old')];
  return await messagesFor(region, entries, connection, ports);
}

const isOtherLife = ({ head }: RegionRecord, since: number, epoch: string | undefined): boolean =>
  since > (head?.seq ?? 0) || (epoch !== undefined && epoch !== head?.epoch);

async function messagesFor(
  region: string,
  entries: readonly Entry[],
  { watch }: Connection,
  { regions }: FeedPorts,
): Promise<readonly object[]> {
  if (allowsAll(watch, region)) return entries.map(changesMessage);
  const facilities = await regions.facilities(region);
  return entries.map((entry) => limitedChangesMessage(entry, patternsIn(watch, region), facilities));
}

/** The same for the presence in one facility, whose events are kept for an hour. */
export async function missedPresenceSince(
  topic: Required<Topic>,
  { since }: Resume,
  { regions, presence }: FeedPorts,
): Promise<readonly object[]> {
  const { region, facility } = topic;
  const { seq } = (await regions.facility(region, facility))?.presence ?? noPresence;
  if (since > seq) return [resyncMessage(topic, 'epoch')];
  if (seq - since > longestResume) return [resyncMessage(topic, 'too-long')];
  if (seq === since) return [];
  const events = await presence.presenceEvents(region, facility, since, longestResume);
  if (events[0]?.seq !== since + 1) return [resyncMessage(topic, 'too-old')];
  return events.map((event) => presenceMessage(topic, event));
}
