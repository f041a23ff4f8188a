import {
  type FacilityRegistry,
  type MaintenanceWindow,
  type RegionRegistry,
  readFacilityRegistry,
  readRegionRegistry,
} from '../../core/registry';
import { FieldRefused, type Reader } from '../../core/shape';
import { tagsIn, tagsText } from '../../registry/tags';

/** What stands in the fields of a form; all of it is text until it is read. */
export interface FacilityDraft {
  readonly name: string;
  readonly address: string;
  readonly latitude: string;
  readonly longitude: string;
  readonly timeZone: string;
  /** Separated by `;`, as in files. */
  readonly tags: string;
}

export interface RegionDraft {
  readonly name: string;
  /** In per cent. */
  readonly upFrom: string;
  readonly downBelow: string;
}

/** What a form says, or what is wrong with which of its fields. */
export type Read<T, Draft> =
  | { readonly value: T; readonly faults?: undefined }
  | { readonly value?: undefined; readonly faults: Faults<Draft> };

export type Faults<Draft> = Partial<Readonly<Record<keyof Draft | 'all', string>>>;

export const facilityDraftOf = (registry: FacilityRegistry): FacilityDraft => ({
  name: registry.name ?? '',
  address: registry.address ?? '',
  latitude: String(registry.coordinates?.latitude ?? ''),
  longitude: String(registry.coordinates?.longitude ?? ''),
  timeZone: registry.timeZone ?? '',
  tags: tagsText(registry.tags ?? []),
});

/** Reads each field by the rules that the server goes by; an empty one says nothing. */
export function facilityIn(draft: FacilityDraft): Read<FacilityRegistry, FacilityDraft> {
  const { name, address, latitude, longitude, timeZone, tags } = trimmed(draft);
  const isSomewhere = latitude !== '' || longitude !== '';
  return read(readFacilityRegistry, {
    ...(name && { name }),
    ...(isSomewhere && { coordinates: { latitude: numberIn(latitude), longitude: numberIn(longitude) } }),
    ...(address && { address }),
    ...(timeZone && { timeZone }),
    ...(tags && {
      tags: tagsIn(tags)
        .map((tag) => tag.trim())
        .filter((tag) => tag !== ''),
    }),
  });
}

export const regionDraftOf = ({ name, thresholds }: RegionRegistry): RegionDraft => ({
  name: name ?? '',
  upFrom: percentText(thresholds?.upFrom),
  downBelow: percentText(thresholds?.downBelow),
});

export function regionIn(draft: RegionDraft): Read<RegionRegistry, RegionDraft> {
  const { name, upFrom, downBelow } = trimmed(draft);
  const isLimited = upFrom !== '' || downBelow !== '';
  return read(readRegionRegistry, {
    ...(name && { name }),
    ...(isLimited && { thresholds: { upFrom: shareIn(upFrom), downBelow: shareIn(downBelow) } }),
  });
}

/**
 * What the registry says now, with what somebody changed meanwhile left as it is: only the fields that differ between what
 * the form began with and what it says at the end are its own. What no field shows stays, too.
 */
export function withChanges<T extends FacilityRegistry | RegionRegistry>(now: T, begun: T, ended: T): T {
  const wanted = { ...now };
  for (const key of Object.keys({ ...begun, ...ended }) as (keyof T)[]) {
    if (isSame(begun[key], ended[key])) continue;
    if (ended[key] === undefined) delete wanted[key];
    else wanted[key] = ended[key];
  }
  return wanted;
}

/** With one window more. */
export const withWindow = (now: FacilityRegistry, window: MaintenanceWindow): FacilityRegistry => ({
  ...now,
  maintenance: [...(now.maintenance ?? []), window],
});

/** Without this window; with a shorter one in its place, if given. */
export function withoutWindow(
  now: FacilityRegistry,
  window: MaintenanceWindow,
  instead?: MaintenanceWindow,
): FacilityRegistry {
  const { maintenance = [], ...rest } = now;
  const left = maintenance.flatMap((one) => (isSame(one, window) ? (instead ? [instead] : []) : [one]));
  return left.length === 0 ? rest : { ...rest, maintenance: left };
}

/** A window as a form has it: times of the viewer's zone, as `datetime-local` writes them. */
export interface WindowDraft {
  readonly from: string;
  readonly to: string;
  readonly note: string;
}

export function windowIn({ from, to, note }: WindowDraft): Read<MaintenanceWindow, WindowDraft> {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  if (Number.isNaN(fromMs)) return { faults: { from: 'Say when it begins.' } };
  if (Number.isNaN(toMs)) return { faults: { to: 'Say when it ends.' } };
  if (fromMs >= toMs) return { faults: { to: 'It must end after it begins.' } };
  const window = {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    ...(note.trim() && { note: note.trim() }),
  };
  const { faults } = read<FacilityRegistry, WindowDraft>(readFacilityRegistry, { maintenance: [window] });
  return faults === undefined ? { value: window } : { faults };
}

/** As `datetime-local` has it, to the minute, where the viewer is. */
export function localMinuteText(atMs: number): string {
  const offsetMs = new Date(atMs).getTimezoneOffset() * 60_000;
  return new Date(atMs - offsetMs).toISOString().slice(0, 16);
}

/** Each field alone, so that one fault hides no other; then all of them together. */
function read<T extends object, Draft>(reader: Reader<T>, value: Record<string, unknown>): Read<T, Draft> {
  const faults: Record<string, string> = {};
  for (const [name, field] of Object.entries(value)) note(faults, () => reader({ [name]: field }, ''));
  if (Object.keys(faults).length === 0) note(faults, () => reader(value, ''));
  return Object.keys(faults).length === 0
    ? { value: reader(value, '') }
    : { faults: faults as Faults<Draft> };
}

function note(faults: Record<string, string>, attempt: () => unknown): void {
  try {
    attempt();
  } catch (error) {
    if (!(error instanceof FieldRefused)) throw error;
    const last = error.field.split(/[.[]/).findLast((part) => /^[a-zA-Z]/.test(part)) ?? 'all';
    faults[last] = `Expected ${error.expected}.`;
  }
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

const trimmed = <Draft extends object>(draft: Draft): Draft =>
  Object.fromEntries(Object.entries(draft).map(([name, text]) => [name, (text as string).trim()])) as Draft;

/** What is no number goes on as it is, and is refused by its name. */
const numberIn = (text: string): number | string =>
  /^[+-]?\d+([.,]\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text.replace(',', '.')) : text;

const shareIn = (text: string): number | string => {
  const percent = numberIn(text.replace(/\s*%$/, ''));
  return typeof percent === 'number' ? percent / 100 : percent;
};

const percentText = (share: number | undefined): string =>
  share === undefined ? '' : String(Number((share * 100).toFixed(4)));
