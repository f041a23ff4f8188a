import { parseArgs } from 'node:util';
import { ConfigurationRefused } from '../../core/errors';
import { type FaultName, faultNames, isFaultName } from './faults';

/** How `npm run simulate` was called. */
export interface SimulateOptions {
  readonly from: number;
  readonly seeds: number;
  /** Undefined: drawn from each seed. */
  readonly faults: readonly FaultName[] | undefined;
  readonly trace: boolean;
  /** Ends with the first seed that fails, and says no more than after how many that was. */
  readonly stop: boolean;
  /** So many processes at once. */
  readonly processes: number;
}

/** How it is called. */
export const usage =
  'Usage: npm run simulate -- [--seed N | --seeds N --from N] [--faults a,b|none] [--trace] [--stop] [--processes N]';

/** @throws ConfigurationRefused with one sentence and the usage */
export function optionsFrom(words: readonly string[], processors: number): SimulateOptions {
  const text = { type: 'string' } as const;
  const options = { seed: text, seeds: text, from: text, faults: text, processes: text };
  const { values } = parseArgs({
    args: [...words],
    options: { ...options, trace: { type: 'boolean' }, stop: { type: 'boolean' } },
  });
  const { seed, seeds, from, faults, processes, trace = false, stop = false } = values;
  return {
    from: number('--from', seed ?? from ?? '1'),
    seeds: seed === undefined ? number('--seeds', seeds ?? '100') : 1,
    faults: faults === undefined ? undefined : namesIn(faults),
    trace,
    stop,
    processes: seed === undefined ? number('--processes', processes ?? String(processors)) : 1,
  };
}

function namesIn(text: string): readonly FaultName[] {
  const names = text === 'none' ? [] : text.split(',');
  return names.map((name) => {
    if (isFaultName(name)) return name;
    throw new ConfigurationRefused(`There is no fault ${name}. There are ${faultNames.join(', ')}. ${usage}`);
  });
}

function number(name: string, value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new ConfigurationRefused(`${name} takes a whole number. ${usage}`, { actual: value });
}
