import { isFacilityId } from './ids';

/** A facility id, or a prefix ending in `*`: `clinic-7`, `lab/*`, `*`. */
export type Pattern = string;

const maxLength = 128;
const prefixShape = /^[A-Za-z0-9._~/-]*\*$/;

export const isPattern = (text: string): boolean =>
  isPrefix(text) ? text.length <= maxLength && prefixShape.test(text) : isFacilityId(text);

/** Whether the pattern covers ids that it does not name, also those registered later. */
export const isPrefix = (pattern: Pattern): boolean => pattern.endsWith('*');

/** The literal beginning of a prefix pattern: `lab/` of `lab/*`. */
export const prefixOf = (pattern: Pattern): string => pattern.slice(0, -1);

export const matches = (pattern: Pattern, facility: string): boolean =>
  isPrefix(pattern) ? facility.startsWith(prefixOf(pattern)) : pattern === facility;

export const matchesAny = (patterns: readonly Pattern[], facility: string): boolean =>
  patterns.some((pattern) => matches(pattern, facility));

/** Whether these patterns cover a whole region, so that nothing needs to be left out of what their holder sees. */
export const coversAll = (patterns: readonly Pattern[]): boolean => patterns.includes('*');

/** The same patterns in one order and without repeats, so that two lists that mean the same are equal. */
export const canonical = (patterns: readonly Pattern[]): readonly Pattern[] =>
  patterns.length < 2 ? patterns : [...new Set(patterns)].sort();

export const samePatterns = (a: readonly Pattern[], b: readonly Pattern[]): boolean =>
  a.length === b.length && a.every((pattern, index) => pattern === b[index]);
