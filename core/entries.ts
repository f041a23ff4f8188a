import { type Facility, totals } from './facility';
import { changeMessageBytes } from './messages';
import type { Change, Entry, RegionChange, RegionHead } from './region';

/** A transaction holds 100 items: the head, the entry, and two for each change that is a transition (CD1). */
export const maxChangesPerEntry = 49;
/** Keeps an entry's message below the 32 KB frame of API Gateway, its totals and names included (CD1). */
export const maxEntryBytes = 24 * 1_024;

/** What all entries of one settle share. */
export type Decided = Pick<Entry, 'asOfMs' | 'decidedAtMs' | 'delayed'>;

/**
 * Makes change-log entries of a settle's changes, as many as transactions and messages need, each with totals and digest
 * of its own; the last one tells what happened to the region as a whole.
 */
export function entriesOf(
  head: RegionHead,
  changes: readonly Change[],
  facilities: readonly Facility[],
  decided: Decided,
): readonly Entry[] {
  const before = new Map(facilities.map((facility) => [facility.id, facility]));
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

/** The head once an entry is written. */
export const headAfter = (head: RegionHead, { seq, totals: after, digest }: Entry): RegionHead => ({
  ...head,
  seq,
  totals: after,
  digest,
});

const withVersion = (change: Change, version: number): Change => ({
  ...change,
  facility: { ...change.facility, version },
});

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
    if (previous === undefined) facilities += 1;
    if (previous?.status === 'online') online -= 1;
    if (facility.status === 'online') online += 1;
    sum += seq - (previous?.version ?? 0);
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
  const transitions = changes.filter(({ transition }) => transition);
  const cameOnline = transitions.filter(({ facility }) => facility.status === 'online').length;
  const wentOffline = transitions.length - cameOnline;
  const { state, facilities } = last.totals;
  const isMany =
    transitions.length >= manyChanges.facilities && transitions.length >= manyChanges.share * facilities;
  if (state === toldState && !isMany) return undefined;
  return { state, previousState: toldState, cameOnline, wentOffline };
}
