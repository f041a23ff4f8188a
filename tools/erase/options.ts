import { parseArgs } from 'node:util';
import { ConfigurationRefused } from '../../core/errors';
import { StackResources } from '../stack-resources';
import type { Person, Places } from './erasure';

/** What `npm run erase` is to do. */
export interface EraseCommand {
  readonly person: Person;
  readonly places: Places;
  /** Only says what there is. */
  readonly dryRun: boolean;
}

/** How it is called. */
export const usage = `Usage:
  aws cloudformation list-stack-resources --stack-name Rollcall > resources.json
  npm run erase -- --resources resources.json --issuer URL --subject ID [--dry-run]
ISSUER and ID as they are in the person's tokens (iss, sub).`;

/** @throws ConfigurationRefused with one sentence and the usage */
export function eraseCommandFrom(words: readonly string[]): EraseCommand {
  const { resources, issuer, subject, 'dry-run': dryRun = false } = parsed(words);
  if (!resources || !issuer || !subject) throw refused('Say --resources, --issuer and --subject.');
  return { person: { issuer, subject }, places: placesIn(resources), dryRun };
}

function parsed(words: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    const options = { resources: text, issuer: text, subject: text, 'dry-run': { type: 'boolean' } } as const;
    return parseArgs({ args: [...words], options }).values;
  } catch (error) {
    throw refused(`${error instanceof Error ? error.message : error}.`);
  }
}

function placesIn(file: string): Places {
  const stack = StackResources.in(file);
  return {
    sessions: stack.table('Sessions'),
    presence: stack.table('Presence'),
    connections: stack.table('Connections'),
    deadLetters: stack.bucket('DeadLetters'),
  };
}

const refused = (sentence: string): ConfigurationRefused => new ConfigurationRefused(`${sentence}\n${usage}`);
