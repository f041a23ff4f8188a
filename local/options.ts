import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigurationRefused } from '../core/errors';
import type { Settings } from '../lib/settings';
import { deploymentSettings } from './local-settings';

/** How `npm start` was called. */
export interface Options {
  readonly port: number;
  /** Facilities of the demo fleet; 0 starts without it. */
  readonly fleet: number;
  /** Repeats the demo fleet's behaviour. */
  readonly seed: number;
  readonly tickSeconds: number;
  /** Those of cdk.json, or of the file that takes its place. */
  readonly settings: Settings;
  /** Where everything is kept between two starts; without it nothing stays on the disk. */
  readonly dataDirectory?: string;
}

/** How it is called. */
export const usage =
  'Usage: npm start -- [--port 8787] [--fleet 300] [--tick 5] [--data DIR] [--seed 1] [--settings FILE]';

/** @throws ConfigurationRefused with one sentence and the usage */
export function optionsFrom(words: readonly string[]): Options {
  const given = parsed(words);
  const settings = deploymentSettings(given.settings);
  return {
    port: number('--port', given.port ?? '8787', 0, 65_535),
    fleet: number('--fleet', given.fleet ?? '300', 0, 10_000),
    seed: number('--seed', given.seed ?? '1', 0, 2 ** 31),
    tickSeconds: number('--tick', given.tick ?? String(settings.timings.tickSeconds), 1, 60),
    settings,
    ...(given.data !== undefined && { dataDirectory: resolve(given.data) }),
  };
}

function parsed(words: readonly string[]) {
  try {
    const text = { type: 'string' } as const;
    return parseArgs({
      args: [...words],
      options: { port: text, fleet: text, tick: text, data: text, seed: text, settings: text },
    }).values;
  } catch (error) {
    throw new ConfigurationRefused(`${error instanceof Error ? error.message : error}. ${usage}`);
  }
}

function number(name: string, value: string, least: number, most: number): number {
  const parsedNumber = Number(value);
  if (/^\d+$/.test(value) && parsedNumber >= least && parsedNumber <= most) return parsedNumber;
  throw new ConfigurationRefused(`${name} takes a whole number from ${least} to ${most}. ${usage}`, {
    actual: value,
  });
}
