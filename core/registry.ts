import type { Thresholds } from './facility';
import { instantIn } from './instant-text';
import { exactly, FieldRefused, finiteNumber, listOf, type Reader, text, within } from './shape';
import { utf8Length } from './utf8';

/** Where a facility is, in degrees of WGS 84. */
export interface Coordinates {
  readonly latitude: number;
  readonly longitude: number;
}

/** A stretch of time in which nobody expects the facility to be online; instants as they were given. */
export interface MaintenanceWindow {
  readonly from: string;
  readonly to: string;
  readonly note?: string;
}

/** What people say of a facility, whole: whatever is absent, nobody said. It comes back as it was given. */
export interface FacilityRegistry {
  readonly name?: string;
  readonly coordinates?: Coordinates;
  readonly address?: string;
  readonly timeZone?: string;
  readonly tags?: readonly string[];
  readonly maintenance?: readonly MaintenanceWindow[];
}

/** What people say of a region, whole. */
export interface RegionRegistry {
  readonly name?: string;
  readonly thresholds?: Thresholds;
}

export const registryLimits = {
  nameCharacters: 200,
  addressCharacters: 500,
  tags: 20,
  tagCharacters: 50,
  maintenanceWindows: 50,
  noteCharacters: 200,
  /** So that a change that carries the fields fits one message of the feed. */
  bytes: 16_384,
} as const;

/** Characters are those of Unicode: one that takes four bytes counts once. */
const words = (max: number): Reader<string> =>
  text(
    (value) => value.length > 0 && [...value].length <= max && value.isWellFormed() && !/\p{Cc}/u.test(value),
    `1 to ${max} characters, none of them a control character`,
  );

const degrees = (max: number): Reader<number> =>
  finiteNumber((value) => Math.abs(value) <= max, `degrees from -${max} to ${max}`);

/** `Europe/Madrid`, `America/Argentina/Ushuaia`, `UTC`, `Etc/GMT+5`: a shape, since every machine knows other zones. */
const timeZoneShape = /^[A-Za-z][A-Za-z0-9_+-]{0,31}(\/[A-Za-z0-9_+-]{1,32}){0,2}$/;

const instantText = text(
  (value) => instantIn(value) !== undefined,
  'an instant such as 2026-01-05T10:00:00Z',
);

const readWindow = exactly({
  required: { from: instantText, to: instantText },
  optional: { note: words(registryLimits.noteCharacters) },
});

const maintenanceWindow: Reader<MaintenanceWindow> = (value, field) => {
  const { from, to, note } = readWindow(value, field);
  if (Date.parse(from) >= Date.parse(to))
    throw new FieldRefused(within(field, 'to'), 'an instant after `from`');
  return { from, to, ...(note !== undefined && { note }) };
};

const coordinates: Reader<Coordinates> = (value, field) => {
  const required = { latitude: degrees(90), longitude: degrees(180) };
  const { latitude, longitude } = exactly({ required, optional: {} })(value, field);
  return { latitude, longitude };
};

const facilityFields = exactly<object, FacilityRegistry>({
  required: {},
  optional: {
    name: words(registryLimits.nameCharacters),
    coordinates,
    address: words(registryLimits.addressCharacters),
    timeZone: text((value) => timeZoneShape.test(value), 'the name of a time zone, such as Europe/Madrid'),
    tags: listOf(words(registryLimits.tagCharacters), registryLimits.tags),
    maintenance: listOf(maintenanceWindow, registryLimits.maintenanceWindows),
  },
});

/**
 * Reads what the registry may hold of a facility.
 * @throws FieldRefused naming the first field outside the contract
 */
export const readFacilityRegistry: Reader<FacilityRegistry> = (value, field) => {
  const registry = inOrder(facilityFields(value, field));
  if (utf8Length(JSON.stringify(registry)) > registryLimits.bytes) {
    throw new FieldRefused(field, `at most ${registryLimits.bytes} bytes of JSON`);
  }
  return registry;
};

/** The same fields always in the same order, so that equal ones are equal texts. */
function inOrder({ name, coordinates: place, address, timeZone, tags, maintenance }: FacilityRegistry) {
  return {
    ...(name !== undefined && { name }),
    ...(place !== undefined && { coordinates: place }),
    ...(address !== undefined && { address }),
    ...(timeZone !== undefined && { timeZone }),
    ...(tags !== undefined && { tags }),
    ...(maintenance !== undefined && { maintenance }),
  };
}

const share = finiteNumber((value) => value >= 0 && value <= 1, 'a share from 0 to 1');

const thresholds: Reader<Thresholds> = (value, field) => {
  const { upFrom, downBelow } = exactly({
    required: { upFrom: share, downBelow: share },
    optional: {},
  })(value, field);
  if (downBelow > upFrom) throw new FieldRefused(within(field, 'downBelow'), 'at most `upFrom`');
  return { upFrom, downBelow };
};

/**
 * Reads what the registry may hold of a region.
 * @throws FieldRefused naming the first field outside the contract
 */
export const readRegionRegistry: Reader<RegionRegistry> = (value, field) => {
  const { name, thresholds: shares } = exactly<object, RegionRegistry>({
    required: {},
    optional: { name: words(registryLimits.nameCharacters), thresholds },
  })(value, field);
  return { ...(name !== undefined && { name }), ...(shares !== undefined && { thresholds: shares }) };
};

/** Whether two that were read here say the same. */
export const sameRegistry = <T extends FacilityRegistry | RegionRegistry>(one: T, other: T): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
