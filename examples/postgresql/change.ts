/** What became of a facility, as an event tells it. */
export interface Change {
  readonly region: string;
  readonly facility: string;
  readonly status: 'online' | 'offline';
  readonly reason: string;
  /** When it became true; ISO 8601. */
  readonly since: string;
  readonly decidedAt: string;
  readonly place: Place;
}

/** Where a change is in the order of a region's changes. */
export interface Place {
  /** The life of the change log, as a number: the greater one is the later one. */
  readonly epoch: number;
  readonly version: number;
}

/** An event that is none of those that this consumer knows: sending it again would not help. */
export class Unreadable extends Error {}

const base36 = /^[0-9a-z]{1,10}$/;

/** Epochs are numbers in base 36 (docs/SPEC.md, CD3). */
export function epochNumber(text: unknown): number {
  if (typeof text !== 'string' || !base36.test(text)) throw new Unreadable('epoch is no number in base 36');
  return Number.parseInt(text, 36);
}

/**
 * Reads an event of EventBridge.
 * @returns `undefined` for an event about something else than a facility
 * @throws Unreadable
 */
export function changeIn(event: unknown): Change | undefined {
  const { source, 'detail-type': type, detail } = fieldsOf(event, 'the event');
  if (source !== 'rollcall' || type !== 'FacilityStatusChanged') return undefined;
  const told = fieldsOf(detail, 'detail');
  const { status, version } = told;
  if (status !== 'online' && status !== 'offline')
    throw new Unreadable('status is neither online nor offline');
  if (!Number.isSafeInteger(version)) throw new Unreadable('version is no whole number');
  return {
    region: textIn(told, 'region'),
    facility: textIn(told, 'facility'),
    status,
    reason: textIn(told, 'reason'),
    since: instantIn(told, 'at'),
    decidedAt: instantIn(told, 'decidedAt'),
    place: { epoch: epochNumber(told.epoch), version: Number(version) },
  };
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null) throw new Unreadable(`${name} is no object`);
  return value as Fields;
}

function textIn(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || value === '') throw new Unreadable(`${name} is no text`);
  return value;
}

function instantIn(fields: Fields, name: string): string {
  const value = textIn(fields, name);
  if (Number.isNaN(Date.parse(value))) throw new Unreadable(`${name} is no instant`);
  return value;
}
