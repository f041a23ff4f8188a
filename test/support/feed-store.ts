import type { Snapshot as Whole } from '../../client/live/log';
import { pushOfChanges, snapshotOfRegion, standingOfRegion } from '../../client/live/translate';
import { newWatch, receivePush, receiveStanding, type Watch } from '../../client/live/watch';
import type { ChangesMessage, FacilityState, SnapshotPage, TickRegion } from '../../client/live/wire';

export { cutOff, load, notLoaded, receiveTime, reload, resumed } from '../../client/live/watch';
export type { ChangesMessage, FacilityState, SnapshotPage as Snapshot, TickRegion, Watch };

/** The store of a region that the library shows from, in the words of the wire; tests import it from here alone. */
export const newRegion = (region: string, nowMs: number): Watch => newWatch({ region }, nowMs);

export const receiveChanges = (watch: Watch, message: ChangesMessage, nowMs: number): Watch =>
  receivePush(watch, pushOfChanges(message), nowMs).watch;

export const receiveTick = (watch: Watch, tick: TickRegion, nowMs: number): Watch =>
  receiveStanding(watch, { ...standingOfRegion(tick), saidAtMs: nowMs }, nowMs);

export const wholeOf = (page: SnapshotPage): Whole => snapshotOfRegion([page]);

export const facilitiesOf = ({ rows }: Watch): ReadonlyMap<string, FacilityState> =>
  rows as ReadonlyMap<string, FacilityState>;
