import type { Freshness } from './as-of';
import type { Topic } from './connection';
import type { Facility } from './facility';
import { totalsOf } from './facility';
import { isEpoch, isFacilityId, isRegionId } from './ids';
import { inMaintenance, windowsAhead } from './maintenance';
import { matchesAny, type Pattern } from './pattern';
import { noPresence, type PresenceEvent, type PresenceStanding, type Present, userOf } from './presence';
import type { Change, Entry, RegionHead } from './region';
import { exactly, FieldRefused, isPlainObject, type Reader, text, wholeNumber } from './shape';
import { utf8Length } from './utf8';

/** The one place where instants become text: ISO 8601, UTC, milliseconds. */
export const instant = (atMs: number): string => new Date(atMs).toISOString();

/** What a client may send over the live feed. */
export type ClientMessage =
  | {
      readonly action: 'subscribe';
      readonly region: string;
      /** Present for the presence in one facility. */
      readonly facility?: string;
      /** The last `seq`, or with a facility the last `presenceSeq`, that the client has. */
      readonly since?: number;
      readonly epoch?: string;
    }
  | { readonly action: 'unsubscribe'; readonly region: string; readonly facility?: string }
  | { readonly action: 'ping' };

const region = text(isRegionId, 'a region id');
const facility = text(isFacilityId, 'a facility id');
const action = <A extends string>(name: A): Reader<A> => text((value) => value === name, name) as Reader<A>;

const subscribe = exactly({
  required: { action: action('subscribe'), region },
  optional: {
    facility,
    since: wholeNumber((value) => value >= 0, 'a seq, 0 or more'),
    epoch: text(isEpoch, '1 to 64 characters'),
  },
});
const unsubscribe = exactly({
  required: { action: action('unsubscribe'), region },
  optional: { facility },
});
const ping = exactly({ required: { action: action('ping') }, optional: {} });

const readers = new Map<string, Reader<ClientMessage>>([
  ['subscribe', subscribe],
  ['unsubscribe', unsubscribe],
  ['ping', ping],
]);

/** @throws FieldRefused naming the first field outside the contract. */
export function parseClientMessage(value: unknown): ClientMessage {
  if (!isPlainObject(value)) throw new FieldRefused('', 'an object');
  const reader = typeof value.action === 'string' ? readers.get(value.action) : undefined;
  if (reader === undefined) throw new FieldRefused('action', [...readers.keys()].join(', '));
  return reader(value, '');
}

/**
 * A change as clients and consumers see it; `flapping` and `despiteGaps` only where they are true, `registry` only where
 * the registry made the change.
 */
export const changeMessage = ({ facility: changed, despiteGaps, registry }: Change) => ({
  facility: changed.id,
  status: changed.status,
  at: instant(changed.sinceMs),
  decidedAt: instant(changed.decidedAtMs),
  reason: changed.reason,
  sessions: changed.sessions,
  users: changed.users,
  version: changed.version,
  ...(changed.flapping && { flapping: true }),
  ...(despiteGaps && { despiteGaps }),
  ...(registry && { registry }),
});

/** Length of a change in a message, with what parts it from the next one. */
export const changeMessageBytes = (change: Change): number =>
  utf8Length(JSON.stringify(changeMessage(change))) + 1;

/** What an answer is true of, and since when it is delayed if that was too long ago. */
export const asOfFields = ({ asOfMs, delayed }: Freshness): { asOf: string; delayedSince?: string } => ({
  asOf: instant(asOfMs),
  ...(delayed && { delayedSince: instant(asOfMs) }),
});

/** One entry for a watcher who sees the whole region. */
export const changesMessage = (entry: Entry) => ({
  ...entryFields(entry),
  changes: entry.changes.map(changeMessage),
  totals: entry.totals,
  ...(entry.regionChange && { regionChange: entry.regionChange }),
});

const entryFields = (entry: Entry) => ({
  type: 'changes' as const,
  region: entry.region,
  epoch: entry.epoch,
  fromSeq: entry.seq,
  toSeq: entry.seq,
  ...asOfFields(entry),
  ...(entry.registry && { registry: entry.registry }),
});

/**
 * One entry for a watcher limited to patterns: every `seq`, if need be without changes, and totals over what may be
 * seen (CD4).
 * @param facilities the region's facilities, of which the totals are taken
 */
export const limitedChangesMessage = (
  entry: Entry,
  patterns: readonly Pattern[],
  facilities: readonly Facility[],
) => ({
  ...entryFields(entry),
  changes: entry.changes.filter(({ facility }) => matchesAny(patterns, facility.id)).map(changeMessage),
  totals: totalsOf(
    facilities.filter(({ id }) => matchesAny(patterns, id)),
    entry.thresholds,
  ),
});

/** A region's standing in a tick; without digest for a watcher who sees only a part of it (CD4). */
export const tickRegion = (
  regionId: string,
  head: RegionHead | undefined,
  fresh: Freshness,
  whole: boolean,
) => ({
  region: regionId,
  epoch: head?.epoch ?? null,
  seq: head?.seq ?? 0,
  ...asOfFields(fresh),
  ...(whole && { digest: head?.digest ?? { count: 0, sum: 0 } }),
});

/** Where the presence in a facility stands, so that a lost event is noticed. */
export const tickFacility = (
  { region: regionId, facility: facilityId }: Required<Topic>,
  presence: PresenceStanding = noPresence,
) => ({
  region: regionId,
  facility: facilityId,
  presenceSeq: presence.seq,
});

/** The answer to a ping, and the end of a subscribe's catching up; `facilities` only where there are any. */
export const tickMessage = (
  regions: readonly ReturnType<typeof tickRegion>[],
  facilities: readonly ReturnType<typeof tickFacility>[],
  nowMs: number,
) => ({
  type: 'tick' as const,
  at: instant(nowMs),
  regions,
  ...(facilities.length > 0 && { facilities }),
});

/** Tells a client to take a snapshot, of a region or of the presence in a facility. */
export const resyncMessage = (
  { region: regionId, facility }: Topic,
  reason: 'epoch' | 'too-old' | 'too-long',
) => ({
  type: 'resync' as const,
  region: regionId,
  ...(facility !== undefined && { facility }),
  reason,
});

/** One event of the presence in a facility. */
export const presenceMessage = ({ region: regionId, facility }: Required<Topic>, event: PresenceEvent) => ({
  type: 'presence' as const,
  region: regionId,
  facility,
  presenceSeq: event.seq,
  event: event.event,
  user: userOf(event.user).subject,
  at: instant(event.atMs),
  decidedAt: instant(event.decidedAtMs),
  ...(event.attributes && { attributes: event.attributes.values }),
});

/** A user in a snapshot of a facility. */
export const presentMessage = ({ user, sinceMs, attributes }: Present) => ({
  user: userOf(user).subject,
  since: instant(sinceMs),
  attributes: attributes?.values ?? {},
});

export type FeedErrorCode = 'bad-request' | 'forbidden' | 'token-expired' | 'too-many';

export const errorMessage = (code: FeedErrorCode, message: string) => ({
  type: 'error' as const,
  code,
  message,
});

/** So that a page of a snapshot stays below the 6 MB that a function may answer. */
const windowsTold = 3;

/**
 * A facility in a snapshot; `flapping` and `maintenance` only where they are true. Whoever watches it knows from its windows when
 * the next one begins: no change is told then.
 */
export const facilityMessage = (facility: Facility, nowMs: number) => ({
  id: facility.id,
  name: facility.registry?.name ?? facility.id,
  status: facility.status,
  since: instant(facility.sinceMs),
  decidedAt: instant(facility.decidedAtMs),
  reason: facility.reason,
  sessions: facility.sessions,
  users: facility.users,
  version: facility.version,
  ...(facility.flapping && { flapping: true }),
  ...(inMaintenance(facility.registry?.maintenance, nowMs) && { maintenance: true }),
  ...windowsField(windowsAhead(facility.registry?.maintenance, nowMs, windowsTold)),
});

const windowsField = (maintenanceWindows: ReturnType<typeof windowsAhead>) =>
  maintenanceWindows.length > 0 ? { maintenanceWindows } : {};
