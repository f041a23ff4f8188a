import { isRegionId } from './ids';
import { coversAll, isPattern, matchesAny, type Pattern } from './pattern';
import { FieldRefused, fromJson, isPlainObject, listOf, mapOf, type Reader, text } from './shape';

/** Region id, or `*` for every region, to the patterns that hold there. */
export type Grants = ReadonlyMap<string, readonly Pattern[]>;

/** What the claim `rollcall` of a token allows. */
export interface Rights {
  /** Facilities that its sessions report for. */
  readonly provide: Grants;
  /** Facilities that it may see. */
  readonly watch: Grants;
  /** Facilities whose registry entries it may change. */
  readonly manage: Grants;
}

/** Who a verified token speaks for, and until when. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  readonly rights: Rights;
  readonly expiresAtMs: number;
}

const none: Grants = new Map();
const maxPatterns = 1_000;

const grants: Reader<Grants> = mapOf(
  (key) => key === '*' || isRegionId(key),
  'region ids or *',
  listOf(text(isPattern, 'a facility id or a prefix ending in *'), maxPatterns),
);

/**
 * Reads the claim: an object, or that object as a JSON string, since some issuers allow only strings.
 * A token without the claim has no rights.
 * @throws FieldRefused when the claim is there but is not of that shape.
 */
export function parseRights(claim: unknown): Rights {
  if (claim === undefined || claim === null) return { provide: none, watch: none, manage: none };
  const value =
    typeof claim === 'string' ? fromJson(claim, 'rollcall', 'an object, or JSON text of one') : claim;
  if (!isPlainObject(value)) throw new FieldRefused('rollcall', 'an object');
  const read = (name: string): Grants =>
    Object.hasOwn(value, name) ? grants(value[name], `rollcall.${name}`) : none;
  return { provide: read('provide'), watch: read('watch'), manage: read('manage') };
}

/** The patterns that hold in a region: its own and those of `*`. */
export const patternsIn = (granted: Grants, region: string): readonly Pattern[] => [
  ...(granted.get(region) ?? []),
  ...(granted.get('*') ?? []),
];

/** Whether the region has anything in it for the holder. */
export const reaches = (granted: Grants, region: string): boolean => patternsIn(granted, region).length > 0;

export const allows = (granted: Grants, region: string, facility: string): boolean =>
  matchesAny(patternsIn(granted, region), facility);

/** Whether the holder sees the region whole, so that its totals and digest are the region's own. */
export const allowsAll = (granted: Grants, region: string): boolean => coversAll(patternsIn(granted, region));
