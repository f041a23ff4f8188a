import { parseArgs } from 'node:util';
import { ConfigurationRefused } from '../../core/errors';
import { optionsFrom as costOptionsFrom } from '../cost/options';
import type { Setup } from '../cost/setup';
import type { Plan } from './scale';

/** What `npm run scale` is to do. */
export interface Options {
  readonly plan: Plan;
  readonly setup: Setup;
  /** Where the figures are written for programs. */
  readonly json?: string;
}

/** How it is called. */
export const usage = `Usage: npm run scale -- [--sessions N] [--minutes N] [--seed N] [--json FILE] [the options of npm run cost]
By default 50,000 sessions; --sessions 1e6 takes a quarter of an hour and up to 5 GB of memory.`;

const text = { type: 'string' } as const;
const defaultSessions = '50000';

/** @throws ConfigurationRefused with a sentence and the usage */
export function optionsFrom(words: readonly string[], configFile?: string): Options {
  const { own, others } = split(words);
  const sessions = others.some((word) => word.startsWith('--sessions'))
    ? []
    : ['--sessions', defaultSessions];
  const { load, setup } = costOptionsFrom([...sessions, ...others], configFile);
  if (load.hoursADay !== 24) throw new ConfigurationRefused(`Leave out --hours-a-day.\n${usage}`);
  return {
    setup,
    plan: {
      load,
      timings: setup.timings,
      shards: setup.shards,
      frontDoor: setup.frontDoor,
      sessionMonitorMemoryMb: setup.sessionMonitorMemoryMb,
      seed: numberOf('--seed', own.seed ?? '1', 0),
      minutes: numberOf('--minutes', own.minutes ?? '10', 1),
    },
    ...(own.json !== undefined && { json: own.json }),
  };
}

/** The options that only this command has, and the words that are left. */
function split(words: readonly string[]) {
  const options = { minutes: text, seed: text, json: text };
  const { values, tokens } = parseArgs({ args: [...words], options, strict: false, tokens: true });
  const taken = new Set<number>();
  for (const token of tokens) {
    if (token.kind !== 'option' || !Object.hasOwn(options, token.name)) continue;
    taken.add(token.index);
    if (token.inlineValue === false) taken.add(token.index + 1);
  }
  const own = Object.fromEntries(
    Object.keys(options).map((name) => [name, values[name as keyof typeof options]]),
  ) as Partial<Record<keyof typeof options, string>>;
  return { own, others: words.filter((_, index) => !taken.has(index)) };
}

function numberOf(name: string, value: string, least: number): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < least)
    throw new ConfigurationRefused(`${name} takes a whole number from ${least} on.\n${usage}`);
  return number;
}
