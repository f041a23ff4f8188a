import { utf8Length } from './utf8';

/** Ids come from outside and become keys, URLs and topics; these shapes are part of the wire contract. */

const regionId = /^[A-Za-z0-9._-]{1,64}$/;
const sessionId = /^[A-Za-z0-9._~-]{1,64}$/;
const facilityId = /^[A-Za-z0-9._~/-]{1,128}$/;
/** An empty segment, `.` or `..`. */
const climbs = /(^|\/)\.{0,2}(\/|$)/;
const maxEpochLength = 64;
const maxSubjectLength = 255;
const maxIssuerLength = 255;
/** With the longest issuer and session id before and after it, a sort key still holds it: 1,024 bytes in DynamoDB. */
const maxSubjectBytes = 640;
/** No UTF-16 code unit takes more in UTF-8. */
const mostBytesPerUnit = 3;

/**
 * `north`, `eu.west-1`; `__proto__` is legal, so ids are keys of a `Map`, never of an object. `.` and `..` are not: in the
 * path of a URL they mean another one, however they are escaped.
 */
export const isRegionId = (text: string): boolean => regionId.test(text) && text !== '.' && text !== '..';

/** Names the life of a change log; made by the server, and sent back by clients. */
export const isEpoch = (text: string): boolean => text.length > 0 && text.length <= maxEpochLength;

/** One open instance of an app, chosen by the front end. */
export const isSessionId = (text: string): boolean => sessionId.test(text);

/** `clinic-7`, `lab/3`: as a path, but never one that climbs or has holes. */
export const isFacilityId = (text: string): boolean => facilityId.test(text) && !climbs.test(text);

/**
 * The subject of a token. OpenID Connect Core 1.0 section 2 limits it to 255 ASCII characters; others are taken too,
 * but no control characters, which would make keys and logs ambiguous, and no more bytes than a key holds.
 */
export const isSubject = (text: string): boolean =>
  text.length > 0 &&
  text.length <= maxSubjectLength &&
  (text.length * mostBytesPerUnit <= maxSubjectBytes || utf8Length(text) <= maxSubjectBytes) &&
  text.isWellFormed() &&
  !hasControlCharacter(text);

/** The `iss` of a token: a URL, so without spaces. */
export const isIssuer = (text: string): boolean =>
  text.length > 0 && text.length <= maxIssuerLength && !/\s/.test(text) && !hasControlCharacter(text);

function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}
