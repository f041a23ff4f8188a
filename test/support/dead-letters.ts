import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A dead letter as it is stored; a part of it. */
export interface StoredLetter {
  /** Base64. */
  readonly payload: string;
  readonly why: string;
  readonly sequenceNumber: string;
}

/** Everything in the folder of poison that a Rollcall with this data directory has stored. */
export function deadLettersIn(data: string): readonly StoredLetter[] {
  const buckets = join(data, 's3');
  if (!existsSync(buckets)) return [];
  return readdirSync(buckets, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.includes('/poison/') && path.endsWith('.json'))
    .map((path) => JSON.parse(readFileSync(join(buckets, path), 'utf8')));
}

export const textOf = ({ payload }: StoredLetter): string => Buffer.from(payload, 'base64').toString('utf8');
