import { watermarkItems } from '../../../adapters/aws/watermark-items';
import type { Subscriber, Ticket } from '../../../core/connection';
import type { Facility, Transition } from '../../../core/facility';
import { expiresAtMs } from '../../../core/lease';
import type { PresenceEvent, Present } from '../../../core/presence';
import type { Entry, RegionHead, RegionRecord } from '../../../core/region';
import type { Session } from '../../../core/session';
import type { Timings } from '../../../core/timings';
import { versions } from '../../../core/versions';
import { itemBytes } from '../item-size';

/**
 * Bytes of the items that the adapters in adapters/aws make of what the ports are given. That they agree is a test:
 * test/bench/metering/ports-and-clients.test.ts.
 */

const ttl = 1_800_000_001;
/** A hash in the index by user. */
const userKey = '0'.repeat(22);

export function sessionBytes(session: Session, timings: Timings): number {
  const { issuer, subject, region, sessionId, ceased, ...rest } = session;
  const endMs = Math.max(session.leaseUntilMs, session.leftAtMs ?? 0);
  return itemBytes({
    v: versions.row,
    bucket: `${region}#0`,
    session: `${issuer} ${subject} ${sessionId}`,
    user: userKey,
    ...rest,
    ...(ceased.length > 0 && { ceased }),
    ttl: Math.ceil(expiresAtMs(endMs, timings) / 1_000),
  });
}

/** What the index by user holds of a session: keys only. */
export const sessionIndexBytes = (session: Session): number =>
  itemBytes({
    user: userKey,
    bucket: `${session.region}#0`,
    session: `${session.issuer} ${session.subject} ${session.sessionId}`,
  });

export const attributesBytes = (session: Session, json: string): number =>
  itemBytes({
    bucket: `${session.region}#attributes`,
    session: `${session.issuer} ${session.subject} ${session.sessionId}`,
    attributes: json,
    ttl,
  });

export function facilityBytes(region: string, facility: Facility): number {
  const { id, registry, ...rest } = facility;
  return itemBytes({
    v: versions.row,
    region,
    facility: id,
    ...rest,
    ...(registry && { registry: JSON.stringify(registry) }),
  });
}

export function headBytes(head: RegionHead): number {
  const { name, thresholds, ...decided } = head;
  const registry = name === undefined && thresholds === undefined ? {} : { name, thresholds };
  return itemBytes({ v: versions.row, item: 'head', ...decided, registry: JSON.stringify(registry) });
}

/** Head, mark and cursors of a region: what a tick reads of it. */
export const recordBytes = ({ region, head, mark, cursors }: RegionRecord): number =>
  (head === undefined ? 0 : headBytes(head)) +
  itemBytes({ region, item: 'mark', value: mark }) +
  itemBytes({ region, item: 'cursor websocket', seq: cursors.websocket }) +
  itemBytes({ region, item: 'cursor eventbridge', seq: cursors.eventbridge });

export const entryBytes = (entry: Entry): number =>
  itemBytes({ v: versions.row, region: entry.region, seq: entry.seq, entry: JSON.stringify(entry), ttl });

/** The sort key holds the instant and the version: `2026-01-05T08:00:00.000Z#000000000001`. */
const sortKeyOfTransition = '0'.repeat(37);

export const transitionBytes = (region: string, { facility, ...rest }: Transition): number =>
  itemBytes({ facility: `${region}/${facility}`, at: sortKeyOfTransition, v: versions.row, ...rest, ttl });

/** The sort key of an event is numbered: `event 000000000000001`. */
const sortKeyOfEvent = '0'.repeat(21);

export const presenceEventBytes = (
  region: string,
  facility: string,
  { attributes, ...rest }: PresenceEvent,
): number =>
  itemBytes({
    facility: `${region}/${facility}`,
    item: sortKeyOfEvent,
    ...rest,
    ...(attributes && { attributes: JSON.stringify(attributes) }),
    ttl,
  });

export const presentBytes = (
  region: string,
  facility: string,
  { user, sinceMs, attributes }: Present,
): number =>
  itemBytes({
    facility: `${region}/${facility}`,
    item: `user ${user}`,
    user,
    sinceMs,
    ...(attributes && { attributes: JSON.stringify(attributes) }),
  });

export const holderBytes = ({ issuer, subject, watch, expiresAtMs }: Ticket): number =>
  itemBytes({
    issuer,
    subject,
    watch: JSON.stringify(Object.fromEntries(watch)),
    expiresAtMs,
    ttl,
  });

export const subscriptionBytes = (topic: string, subscriber: Subscriber): number =>
  itemBytes({ topic, connectionId: subscriber.connectionId }) + holderBytes(subscriber);

export const watermarkBytes = (shardId: string, atMs: number): number =>
  itemBytes({ source: watermarkItems.shard(shardId), atMs, ttl });

/** The items beside those of the shards: endpoint, refusals, standing and told. */
export const standingBytes = 600;

/** How many items of a list are weighed: all of a short one, of a long one, whose items are much alike, some. */
const weighedAtMost = 200;

/** Bytes of a list of items. */
export function bytesOfAll<T>(items: readonly T[], bytesOf: (item: T) => number): number {
  if (items.length <= weighedAtMost) return items.reduce((sum, item) => sum + bytesOf(item), 0);
  const stride = Math.ceil(items.length / weighedAtMost);
  let sum = 0;
  let weighed = 0;
  for (let index = 0; index < items.length; index += stride) {
    const item = items[index];
    if (item === undefined) continue;
    sum += bytesOf(item);
    weighed += 1;
  }
  return (sum / weighed) * items.length;
}
