import { parseArgs } from 'node:util';
import { ConfigurationRefused } from '../core/errors';
import { type ScenarioName, scenarios } from './scenarios';

/** What `npm run bench` is to do. */
export interface Options {
  readonly scenarios: readonly ScenarioName[];
  /** File for the figures as JSON. */
  readonly json?: string;
  /** Page of the documentation whose tables are written anew. */
  readonly page?: string;
}

const names = Object.keys(scenarios) as ScenarioName[];
const page = 'docs/PERFORMANCE.md';

const usage = `Usage: npm run bench -- [SCENARIO…] [--json FILE] [--write]
Scenarios: ${names.join(', ')}; all of them without one. --write puts the tables into ${page}.`;

/** @throws ConfigurationRefused with one sentence and the usage */
export function optionsFrom(words: readonly string[]): Options {
  const { values, positionals } = parsed(words);
  const unknown = positionals.find((name) => !Object.hasOwn(scenarios, name));
  if (unknown !== undefined) throw refused(`There is no scenario ${unknown}.`);
  return {
    scenarios: positionals.length === 0 ? names : (positionals as ScenarioName[]),
    ...(values.json !== undefined && { json: values.json }),
    ...(values.write === true && { page }),
  };
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { json: { type: 'string' }, write: { type: 'boolean' } },
    });
  } catch (error) {
    throw refused(`${error instanceof Error ? error.message : error}.`);
  }
}

const refused = (sentence: string): ConfigurationRefused => new ConfigurationRefused(`${sentence}\n${usage}`);
