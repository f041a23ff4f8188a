import type { Charge } from '../metering/bill';

/** Parts of the bill as somebody who runs Rollcall thinks of them. */
export const parts = [
  'taking heartbeats',
  'stream',
  'renewing sessions',
  'sessions that come and go',
  'settling regions',
  'telling changes',
  'operators',
] as const;
export type Part = (typeof parts)[number];

const byPurpose: Readonly<Record<string, Part>> = {
  'heartbeat-endpoint': 'taking heartbeats',
  'Answers to beats': 'taking heartbeats',
  Beats: 'stream',
  Canaries: 'stream',
  Shards: 'stream',
  'Sessions renewed': 'renewing sessions',
  'heartbeat-monitor': 'renewing sessions',
  'Sessions loaded': 'renewing sessions',
  'Sessions joined': 'sessions that come and go',
  'Sessions left': 'sessions that come and go',
  'Sessions changed': 'sessions that come and go',
  'Sessions removed': 'sessions that come and go',
  'Attributes set': 'sessions that come and go',
  Attributes: 'sessions that come and go',
  'Index by user': 'sessions that come and go',
  'Sessions of a user': 'operators',
  Marks: 'sessions that come and go',
  'Sessions listed': 'settling regions',
  'Facilities read': 'settling regions',
  'Region read': 'settling regions',
  'Regions looked at': 'settling regions',
  'Regions settled': 'settling regions',
  'session-monitor': 'settling regions',
  Watermarks: 'settling regions',
  Fence: 'settling regions',
  Claims: 'settling regions',
  Heads: 'telling changes',
  'Change log': 'telling changes',
  Facilities: 'telling changes',
  Transitions: 'telling changes',
  Presence: 'telling changes',
  'Presence read': 'telling changes',
  Cursors: 'telling changes',
  'Change log read': 'telling changes',
  'Status events': 'telling changes',
  Logs: 'telling changes',
};

/** Whatever else is billed is asked for by operators: sockets, subscriptions, snapshots. */
export const partOf = ({ what }: Pick<Charge, 'what'>): Part => byPurpose[what] ?? 'operators';

/** Dollars of each part, in the order of a heartbeat's way. */
export const dollarsByPart = (bill: readonly Charge[]): ReadonlyMap<Part, number> =>
  new Map(
    parts.map((part) => [
      part,
      bill.filter((charge) => partOf(charge) === part).reduce((sum, { dollars }) => sum + dollars, 0),
    ]),
  );
