import { type Facility, totals } from './facility';
import { changeMessageBytes } from './messages';
import type { Change, Entry, RegionChange, RegionHead } from './region';
import type { RegionRegistry } from './registry';
import { exists } from './removal';

/** A transaction holds 100 items: the head, the entry, and two for each change that is a transition (CD1). */
export const maxChangesPerEntry = 49;
/** Keeps an entry's message below the 32 KB frame of API Gateway, its totals and names included (CD1). */
export const maxEntryBytes = 24 * 1_024;

/** What all entries of one settle share. */
export type Decided = Pick<Entry, 'asOfMs' | 'decidedAtMs' | 'delayed'>;

/**
 * Makes change-log entries of a settle's changes, as many as transactions and messages need, each with totals and digest
 * of its own; the last one tells what happened to the region as a whole.
 * @param rows the facilities that change, as they were before; tombstones count for nothing
 */
export function entriesOf(
  head: RegionHead,
  changes: readonly Change[],
  rows: readonly Facility[],
  decided: Decided,
): readonly Entry[] {
  const before = new Map(rows.filter(exists).map((facility) => [facility.id, facility]));
  let standing: Pick<Entry, 'seq' | 'totals' | 'digest'> = head;
  const entries = packed(changes).map((pack): Entry => {
    standing = standingAfter(standing, pack, before, head);
    const { region, epoch, thresholds } = head;
    const versioned = pack.map((change) => withVersion(change, standing.seq));
    return { region, epoch, ...decided, ...standing, changes: versioned, ...(thresholds && { thresholds }) };
  });
  const last = entries.at(-1);
  const regionChange = last && regionChangeOf(head, changes, last);
  return last && regionChange ? [...entries.slice(0, -1), { ...last, regionChange }] : entries;
}

/** An entry of the region itself, whose state may be another by what the registry says of it now. */
export function regionEntry(head: RegionHead, registry: RegionRegistry, decided: Decided): Entry {
  const { region, epoch, totals: before, digest } = head;
  const { thresholds } = registry;
  const after = totals(before.facilities, before.online, thresholds);
  const entry = {
    region,
    epoch,
    ...decided,
    seq: head.seq + 1,
    changes: [],
    totals: after,
    digest,
    registry,
  };
  const regionChange = regionChangeOf(head, [], entry);
  return { ...entry, ...(thresholds && { thresholds }), ...(regionChange && { regionChange }) };
}

/** The head once an entry is written. */
export const headAfter = (head: RegionHead, { seq, totals: after, digest }: Entry): RegionHead => ({
  ...head,
  seq,
  totals: after,
  digest,
});

/** What the registry says of a facility is told by its own changes; in each of them it would only make entries long. */
function withVersion(change: Change, version: number): Change {
  const { registry: _, ...facility } = change.facility;
  return { ...change, facility: { ...facility, version } };
}

/** Cuts the changes into entries that fit one transaction and one message. */
function packed(changes: readonly Change[]): readonly (readonly Change[])[] {
  const packs: Change[][] = [];
  let bytes = 0;
  for (const change of changes) {
    const size = changeMessageBytes(change);
    const open = packs.at(-1);
    if (open === undefined || open.length === maxChangesPerEntry || bytes + size > maxEntryBytes) {
      packs.push([change]);
      bytes = size;
    } else {
      open.push(change);
      bytes += size;
    }
  }
  return packs;
}

function standingAfter(
  standing: Pick<Entry, 'seq' | 'totals' | 'digest'>,
  pack: readonly Change[],
  before: ReadonlyMap<string, Facility>,
  { thresholds }: RegionHead,
): Pick<Entry, 'seq' | 'totals' | 'digest'> {
  const seq = standing.seq + 1;
  let { facilities, online } = standing.totals;
  let { sum } = standing.digest;
  for (const { facility } of pack) {
    const previous = before.get(facility.id);
    const counted = exists(facility);
    facilities += Number(counted) - Number(previous !== undefined);
    online += Number(facility.status === 'online') - Number(previous?.status === 'online');
    sum += (counted ? seq : 0) - (previous?.version ?? 0);
  }
  return { seq, totals: totals(facilities, online, thresholds), digest: { count: facilities, sum } };
}

/** So many facilities, and so large a share of the region, make a change of many. */
const manyChanges = { facilities: 10, share: 0.25 } as const;

/** Compared with what was told last, not with the head: a settle that died half way has moved that already. */
function regionChangeOf(
  { toldState }: RegionHead,
  changes: readonly Change[],
  last: Entry,
): RegionChange | undefined {
  // What is removed is not offline, it is gone.
  const transitions = changes.filter(({ transition, facility }) => transition && exists(facility));
  const cameOnline = transitions.filter(({ facility }) => facility.status === 'online').length;
  const wentOffline = transitions.length - cameOnline;
  const { state, facilities } = last.totals;
  const isMany =
    transitions.length >= manyChanges.facilities && transitions.length >= manyChanges.share * facilities;
  if (state === toldState && !isMany) return undefined;
  return { state, previousState: toldState, cameOnline, wentOffline };
}
