import type { Reason, RegionState, Status, Totals } from './wire';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How long ago, in the largest unit that fits: `just now`, `3 min`, `5 h`, `2 d`. */
export function ago(atMs: number, nowMs: number): string {
  const ms = nowMs - atMs;
  if (ms < minuteMs) return 'just now';
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)} min`;
  if (ms < dayMs) return `${Math.floor(ms / hourMs)} h`;
  return `${Math.floor(ms / dayMs)} d`;
}

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });
const calendar = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

/** Time of the day, to the second, where the operator is. */
export const clockTime = (atMs: number): string => clock.format(atMs);

/** Time of the day, with the date before it once that is not obvious. */
export const shortTime = (atMs: number, nowMs: number): string =>
  nowMs - atMs < dayMs / 2 ? clockTime(atMs) : `${calendar.format(atMs)}, ${clockTime(atMs)}`;

export const fullTime = (atMs: number): string => full.format(atMs);

/** Why a facility is offline, in an operator's words; nothing where it goes without saying. */
export const reasonWords = (status: Status, reason: Reason): string =>
  status === 'online' ? '' : offlineReasons[reason];

const offlineReasons: Readonly<Record<Reason, string>> = {
  heartbeat: '',
  leave: 'left',
  timeout: 'went silent',
  registered: 'not heard of yet',
  removed: 'removed',
};

export const statusWords: Readonly<Record<Status, string>> = { online: 'Online', offline: 'Offline' };

export const stateWords: Readonly<Record<RegionState, string>> = {
  up: 'All online',
  partial: 'Partly online',
  down: 'All offline',
  empty: 'Empty',
};

export const totalsWords = ({ online, facilities }: Totals): string =>
  facilities === 0 ? 'No facilities yet' : `${online} of ${facilities} online`;

/** `1 session`, `2 sessions`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
