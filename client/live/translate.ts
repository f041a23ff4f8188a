import type { Push, Row, Snapshot, Standing } from './log';
import type {
  ChangesMessage,
  FacilityChange,
  FacilityState,
  PresenceMessage,
  PresencePage,
  Present,
  SnapshotPage,
  TickFacility,
  TickRegion,
  Totals,
} from './wire';

/** What is known of a region as a whole. */
export interface AboutRegion {
  readonly name: string;
  readonly totals: Totals;
}

/** An entry of a region's log. */
export const pushOfChanges = (message: ChangesMessage): Push => {
  const { region, totals, registry, changes } = message;
  return {
    ...message,
    message,
    edits: changes.map((change) => ({
      id: change.facility,
      version: change.version,
      to: facilityAfter(change),
    })),
    about: (before) => {
      const { name = region } = registry ?? (before as Partial<AboutRegion>);
      return { name, totals } satisfies AboutRegion;
    },
  };
};

const facilityAfter =
  ({ facility: id, at: since, registry, ...rest }: FacilityChange) =>
  (before: Row | undefined): FacilityState | undefined => {
    if (rest.reason === 'removed') return undefined;
    // Only the registry's own changes say what it holds, and then all of it.
    const { name = id, maintenanceWindows } = registry
      ? { ...registry, maintenanceWindows: registry.maintenance }
      : ((before ?? {}) as Partial<FacilityState>);
    return { id, name, since, ...rest, ...(maintenanceWindows && { maintenanceWindows }) };
  };

/** One event of the presence in a facility. */
export const pushOfPresence = (message: PresenceMessage): Push => {
  const { presenceSeq, event, user, at, attributes = {} } = message;
  const isGone = event === 'leave' || event === 'timeout';
  return {
    epoch: null,
    fromSeq: presenceSeq,
    toSeq: presenceSeq,
    message,
    edits: [
      {
        id: user,
        to: (before) => {
          if (isGone) return undefined;
          const since = event === 'join' ? at : ((before as Present | undefined)?.since ?? at);
          return { user, since, attributes } satisfies Present;
        },
      },
    ],
  };
};

export const standingOfRegion = ({ delayedSince, ...tick }: TickRegion): Standing => ({
  ...tick,
  delayed: delayedSince !== undefined,
});

/** The server says of regions alone whether it lags. */
export const standingOfFacility = (
  { presenceSeq: seq }: TickFacility,
  region: TickRegion | undefined,
): Standing => ({
  epoch: null,
  seq,
  asOf: region?.asOf,
  delayed: region?.delayedSince !== undefined,
});

/** Pages may be of different instants: the lowest `seq` counts, the log brings the rest (CD3). */
export const snapshotOfRegion = (pages: readonly [SnapshotPage, ...SnapshotPage[]]): Snapshot => {
  const [{ name, totals, epoch, asOf }] = pages;
  const facilities = pages.flatMap((page) => page.facilities);
  return {
    epoch,
    seq: Math.min(...pages.map(({ seq }) => seq)),
    asOf,
    rows: new Map(facilities.map((facility) => [facility.id, facility])),
    about: { name, totals } satisfies AboutRegion,
  };
};

export const snapshotOfPresence = (pages: readonly [PresencePage, ...PresencePage[]]): Snapshot => ({
  epoch: null,
  seq: Math.min(...pages.map(({ presenceSeq }) => presenceSeq)),
  asOf: pages[0].asOf,
  rows: new Map(pages.flatMap((page) => page.present).map((present) => [present.user, present])),
  about: {},
});
