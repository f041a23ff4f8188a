import type { Mark } from './look';
import type { Reason, RegionState, Status, Totals } from './wire';

/** Why a facility is offline, in an operator's words; nothing where it goes without saying. */
export const reasonText = (status: Status, reason: Reason): string =>
  status === 'online' ? '' : offlineReasons[reason];

export const offlineReasons: Readonly<Record<Reason, string>> = {
  heartbeat: '',
  leave: 'left',
  timeout: 'went silent',
  registered: 'not heard of yet',
  removed: 'removed',
};

export const statusWords: Readonly<Record<Status, string>> = { online: 'Online', offline: 'Offline' };

export const stateWords: Readonly<Record<RegionState, string>> = {
  up: 'Up',
  partial: 'Partly down',
  down: 'Down',
  empty: 'Empty',
};

export const markWords: Readonly<Record<Mark, string>> = { flapping: 'Flapping', maintenance: 'Maintenance' };

export const totalsText = ({ online, facilities }: Totals): string =>
  facilities === 0 ? 'No facilities yet' : `${numberText(online)} of ${numberText(facilities)} online`;

const number = new Intl.NumberFormat();
/** A number with the separators of the viewer's language. */
export const numberText = (count: number): string => number.format(count);

const plurals: Readonly<Record<string, string>> = { facility: 'facilities' };

/** `1 session`, `2 sessions`, `3 facilities`. */
export const counted = (count: number, noun: string): string =>
  `${numberText(count)} ${count === 1 ? noun : (plurals[noun] ?? `${noun}s`)}`;

const order = new Intl.Collator(undefined, { numeric: true });
/** Compares names as people do: `clinic-9` before `clinic-10`. */
export const compareNames = (one: string, other: string): number => order.compare(one, other);
