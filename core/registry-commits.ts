import type { Freshness } from './as-of';
import { type Decided, entriesOf, headAfter, regionEntry } from './entries';
import type { Facility } from './facility';
import type { Change, Commit, Entry, RegionHead } from './region';
import { type FacilityRegistry, type RegionRegistry, sameRegistry } from './registry';
import { exists } from './removal';

/** What a registry change is made from. */
export interface RegistryState {
  readonly head: RegionHead;
  /** The facility's row as it is, also what is left of a removed one. */
  readonly row?: Facility;
  readonly fresh: Freshness;
  readonly nowMs: number;
}

/**
 * Gives a facility these registry fields and no others. One that is not there begins as offline, which is no transition:
 * nobody has been told that it was anything else. `undefined` when it has them already.
 */
export function registration(
  id: string,
  registry: FacilityRegistry,
  state: RegistryState,
): Commit | undefined {
  const { row } = state;
  if (row === undefined || !exists(row)) return facilityCommit(begun(id, registry, state), state);
  if (row.registry !== undefined && sameRegistry(row.registry, registry)) return undefined;
  return facilityCommit({ facility: row, transition: false, registry }, state);
}

function begun(id: string, registry: FacilityRegistry, { row, fresh, nowMs }: RegistryState): Change {
  const { removedAtMs: _, ...before } = row ?? { id, version: 0 };
  const facility: Facility = {
    ...before,
    status: 'offline',
    reason: 'registered',
    sinceMs: Math.max(nowMs, row?.sinceMs ?? 0),
    decidedAtMs: nowMs,
    decidedAsOfMs: fresh.asOfMs,
    sessions: 0,
    users: 0,
    flapping: false,
    recentChangesMs: [],
  };
  return { facility, transition: false, registry };
}

/** Takes a facility out of its region; what is left keeps beats from bringing it back for an hour (CD1). */
export function removal(row: Facility, state: RegistryState): Commit {
  const sinceMs = Math.max(state.nowMs, row.sinceMs);
  const facility: Facility = {
    ...row,
    status: 'offline',
    reason: 'removed',
    sinceMs,
    decidedAtMs: state.nowMs,
    decidedAsOfMs: state.fresh.asOfMs,
    sessions: 0,
    users: 0,
    flapping: false,
    recentChangesMs: [],
    removedAtMs: sinceMs,
  };
  const change = { facility, transition: true, lastedMs: sinceMs - row.sinceMs };
  return facilityCommit(change, { ...state, row });
}

/** Gives a region these registry fields and no others. `undefined` when it has them already. */
export function regionRegistration(registry: RegionRegistry, state: RegistryState): Commit | undefined {
  const { name: _, thresholds: __, ...head } = state.head;
  if (head.revision > 0 && sameRegistry(registryOf(state.head), registry)) return undefined;
  const entry = regionEntry(state.head, registry, decidedAt(state));
  return commitOf({ ...head, ...registry }, entry, state);
}

/** What the registry says of a region. */
export const registryOf = ({ name, thresholds }: RegionHead): RegionRegistry => ({
  ...(name !== undefined && { name }),
  ...(thresholds !== undefined && { thresholds }),
});

function facilityCommit(change: Change, state: RegistryState): Commit {
  const [entry] = entriesOf(state.head, [change], state.row ? [state.row] : [], decidedAt(state));
  return commitOf(state.head, entry, state);
}

/** When the region is due, and what its settles have covered, stays the session monitor's business. */
function commitOf(head: RegionHead, entry: Entry | undefined, { nowMs }: RegistryState): Commit {
  const after = entry === undefined ? head : { ...headAfter(head, entry), toldState: entry.totals.state };
  return {
    head: { ...after, revision: head.revision + 1 },
    ...(entry && { entry }),
    yieldsAtMs: nowMs,
  };
}

const decidedAt = ({ fresh, nowMs }: RegistryState): Decided => ({ ...fresh, decidedAtMs: nowMs });
