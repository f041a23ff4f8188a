import { type Attributes, plainAttributes, readAttributes } from './attributes';
import { isFacilityId, isIssuer, isRegionId, isSessionId, isSubject } from './ids';
import { isPattern, type Pattern } from './pattern';
import { exactly, listOf, type Reader, text, wholeNumber } from './shape';
import { versions } from './versions';

/** What a front end sends. Absent fields keep what was there. */
export interface Beat {
  readonly sessionId: string;
  readonly region: string;
  readonly facilities?: readonly string[];
  readonly seq?: number;
  /** Seconds until the next beat; 0 says that this session leaves (HB2, HB4). */
  readonly next?: number;
  readonly attributes?: Attributes;
}

/** What the endpoint puts on the stream: a beat whose sender is known and whose facilities are decided. */
export interface AcceptedBeat {
  readonly issuer: string;
  readonly subject: string;
  readonly region: string;
  readonly sessionId: string;
  readonly covers: readonly Pattern[];
  readonly nextSeconds: number;
  readonly seq?: number;
  readonly attributes?: Attributes;
}

/** A beat as the monitor sees it: with the only clock that counts for beats (HB1). */
export interface ArrivedBeat extends AcceptedBeat {
  /** Arrival time on the stream (Kinesis `approximateArrivalTimestamp`), milliseconds since the epoch. */
  readonly arrivalMs: number;
}

export const beatLimits = {
  beatsPerRequest: 500,
  facilitiesPerBeat: 200,
  /** A session may cover more by patterns and through its token than a beat may list. */
  coversPerSession: 1_000,
  minNextSeconds: 5,
  maxNextSeconds: 300,
} as const;

const isNext = (next: number): boolean =>
  next === 0 || (next >= beatLimits.minNextSeconds && next <= beatLimits.maxNextSeconds);

const sessionId = text(isSessionId, '1 to 64 characters of A-Z a-z 0-9 . _ ~ -');
const regionId = text(isRegionId, '1 to 64 characters of A-Z a-z 0-9 . _ -');
const facilityId = text(
  isFacilityId,
  '1 to 128 characters of A-Z a-z 0-9 . _ ~ / - without empty, . or .. segments',
);
const next = wholeNumber(isNext, 'whole seconds from 5 to 300, or 0 to leave');
const seq = wholeNumber((value) => value >= 0, 'a whole number, 0 or more');

/**
 * Reads one beat as sent by a front end.
 * @throws FieldRefused naming the first field outside the contract.
 */
export const parseBeat: Reader<Beat> = exactly({
  required: { sessionId, region: regionId },
  optional: {
    facilities: listOf(facilityId, beatLimits.facilitiesPerBeat),
    seq,
    next,
    attributes: readAttributes,
  },
});

const record = exactly({
  required: {
    v: wholeNumber((version) => version === versions.record, `version ${versions.record}`),
    issuer: text(isIssuer, 'an issuer'),
    subject: text(isSubject, 'a subject'),
    region: regionId,
    sessionId,
    covers: listOf(text(isPattern, 'a pattern'), beatLimits.coversPerSession),
    next,
  },
  optional: { seq, attributes: readAttributes },
});

/** The form of an accepted beat on the stream. */
export function formatRecord(beat: AcceptedBeat): string {
  const { nextSeconds, attributes: given, ...rest } = beat;
  return JSON.stringify({
    v: versions.record,
    ...rest,
    next: nextSeconds,
    ...(given && { attributes: plainAttributes(given) }),
  });
}

/**
 * Reads a record of the stream, parsed from its JSON.
 * @throws FieldRefused when it is not one that {@link formatRecord} makes.
 */
export function parseRecord(value: unknown, arrivalMs: number): ArrivedBeat {
  const {
    issuer,
    subject,
    region,
    sessionId,
    covers,
    next: nextSeconds,
    seq,
    attributes,
  } = record(value, '');
  // Set rather than spread: this is done for every beat there is, and a copy takes as long as all the rest.
  const beat: Draft = { issuer, subject, region, sessionId, covers, nextSeconds, arrivalMs };
  if (seq !== undefined) beat.seq = seq;
  if (attributes !== undefined) beat.attributes = attributes;
  return beat;
}

/** A beat that is still being read. */
type Draft = { -readonly [Name in keyof ArrivedBeat]: ArrivedBeat[Name] };
