import { parseArgs } from 'node:util';
import { ConfigurationRefused } from '../../core/errors';

/** What `npm run accuracy` is to do. */
export interface Options {
  /** Session-hours of the scenarios together, those with other timings not counted; all of them without it. */
  readonly hours?: number;
  readonly seed: number;
  /** Where the page is written; standard output without one. */
  readonly file?: string;
}

/** How it is called. */
export const usage = `Usage: npm run accuracy -- [--hours N] [--seed N] [--out FILE]
Without --hours it takes some minutes and writes docs/ACCURACY.md; with it, it prints unless --out names a file.`;

/** The page that is part of the documentation. */
const page = 'docs/ACCURACY.md';

/** @throws ConfigurationRefused with one sentence and the usage */
export function optionsFrom(words: readonly string[]): Options {
  const { hours, seed = '1', out } = parsed(words);
  const file = out ?? (hours === undefined ? page : undefined);
  return {
    ...(hours !== undefined && { hours: numberOf('--hours', hours, 1) }),
    seed: numberOf('--seed', seed, 0),
    ...(file !== undefined && { file }),
  };
}

function parsed(words: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ args: [...words], options: { hours: text, seed: text, out: text } }).values;
  } catch (error) {
    throw refused(`${error instanceof Error ? error.message : error}.`);
  }
}

function numberOf(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least)
    throw refused(`${name} takes a whole number from ${least} on.`);
  return value;
}

const refused = (sentence: string): ConfigurationRefused => new ConfigurationRefused(`${sentence}\n${usage}`);
