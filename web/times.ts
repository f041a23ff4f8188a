const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How long something lasted, in the two largest units that matter: `40 s`, `3 min`, `5 h 20 min`, `2 d 4 h`. */
export function lengthText(ms: number): string {
  if (ms < minuteMs) return `${Math.max(0, Math.floor(ms / 1_000))} s`;
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)} min`;
  if (ms < dayMs) return two(ms, hourMs, 'h', minuteMs, 'min');
  return two(ms, dayMs, 'd', hourMs, 'h');
}

function two(ms: number, bigMs: number, big: string, smallMs: number, small: string): string {
  const rest = Math.floor((ms % bigMs) / smallMs);
  return `${Math.floor(ms / bigMs)} ${big}${rest > 0 ? ` ${rest} ${small}` : ''}`;
}

/** How long ago, in steps of a minute, since nothing is drawn again for less. */
export const agoText = (atMs: number, nowMs: number): string =>
  nowMs - atMs < minuteMs ? 'just now' : lengthText(nowMs - atMs);

/** The same in one unit, where there is room for one only: `40 s`, `3 min`, `5 h`, `2 d`. */
export const shortLengthText = (ms: number): string => lengthText(ms).split(' ').slice(0, 2).join(' ');

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });
const briefClock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short', hourCycle: 'h23' });
const calendar = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

/** Where the viewer's clock is UTC, saying so twice helps nobody. */
export const isUtcZone = ['UTC', 'Etc/UTC', 'GMT'].includes(clock.resolvedOptions().timeZone);

/** Time of the day where the viewer is, with the date before it once that is not obvious. */
export const clockText = (atMs: number, nowMs: number): string =>
  Math.abs(nowMs - atMs) < dayMs / 2 ? clock.format(atMs) : `${calendar.format(atMs)}, ${clock.format(atMs)}`;

/** The same without seconds, for lists. */
export const briefText = (atMs: number, nowMs: number): string =>
  Math.abs(nowMs - atMs) < dayMs / 2
    ? briefClock.format(atMs)
    : `${calendar.format(atMs)}, ${briefClock.format(atMs)}`;

/** The date alone, where the viewer is. */
export const dateText = (atMs: number): string => calendar.format(atMs);

const utcCalendar = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', timeZone: 'UTC' });

/** The same instant in UTC: `12:03:25 UTC`, or without seconds; with the date where it is another one there. */
export function utcText(atMs: number, isBrief = false): string {
  const time = `${new Date(atMs).toISOString().slice(11, isBrief ? 16 : 19)} UTC`;
  const date = utcCalendar.format(atMs);
  return date === calendar.format(atMs) ? time : `${date}, ${time}`;
}

/** All of it: date, time and zone where the viewer is, and the instant in UTC. */
export const fullText = (atMs: number): string =>
  isUtcZone ? full.format(atMs) : `${full.format(atMs)} · ${new Date(atMs).toISOString()}`;
