import { TryAgainLater } from './errors';

/**
 * The form of what functions write for each other. During a deployment the reader may be of an older release than the
 * writer: a form that it does not know is then no rubbish, but waits for the release that knows it (docs/UPGRADING.md).
 */
export const versions = {
  /** Of a beat on the stream. Any field more or less is another version, since readers take exactly what they know. */
  record: 1,
  /** Of a row in a table, raised when older readers would misunderstand it; a field that they may pass over does not count. */
  row: 1,
} as const;

/** Something of a later version than this release knows; another release will read it. */
export class LaterVersion extends TryAgainLater {}

/** Whether a version is one that only a later release can have written. */
export const isLater = (version: unknown, known: number): boolean =>
  typeof version === 'number' && Number.isSafeInteger(version) && version > known;

/**
 * @param version of a row; rows of the first releases have none
 * @throws LaterVersion
 */
export function requireKnownRow(version: unknown): void {
  if (version === undefined || !isLater(Number(version), versions.row)) return;
  throw new LaterVersion('a row is of a later release; it is read again when that release is deployed', {
    actual: version,
    expected: versions.row,
  });
}
