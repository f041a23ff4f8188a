import { Annotations } from 'aws-cdk-lib';
import { costNote } from '../bench/cost/note';
import { ConfigurationRefused } from '../core/errors';
import { type Environment, environmentStack } from '../lib/environment';
import { RollcallStack } from '../lib/rollcall-stack';
import { settingsFrom } from '../lib/settings';
import { checkedApp } from './checked-app';
import { environments } from './environments';
import { settingsContext } from './settings-context';

const app = checkedApp();

/** @throws ConfigurationRefused with a sentence for each thing to change, which says how. */
function makeStack(): void {
  const name: unknown = app.node.tryGetContext('environment');
  const given: unknown = app.node.tryGetContext('rollcall');
  if (name === undefined) {
    const settings = settingsFrom(settingsContext(given));
    const stack = new RollcallStack(app, 'Rollcall', settings);
    Annotations.of(stack).addInfoV2('rollcall:cost', costNote(settings));
  } else {
    refuseBoth(String(name), given);
    const stack = environmentStack(app, String(name), environmentNamed(String(name)));
    noteUnread(stack, given);
    const { settings } = stack.rollcall;
    Annotations.of(stack).addInfoV2('rollcall:cost', costNote(settings));
  }
}

/** Settings on the command line are meant for this deployment, and would be lost without a word. */
function refuseBoth(name: string, given: unknown): void {
  if (typeof given !== 'string') return;
  throw new ConfigurationRefused(
    `Leave out -c rollcall=…: the environment ${name} takes its settings from bin/environments.ts; change them there.`,
  );
}

/** Some of what is in cdk.json may be meant for other stacks, so it is said and not refused. */
function noteUnread(stack: RollcallStack, given: unknown): void {
  if (typeof given !== 'object' || given === null || Object.keys(given).length === 0) return;
  Annotations.of(stack).addInfoV2(
    'rollcall:context',
    'An environment takes its settings from bin/environments.ts; the context rollcall of cdk.json is not read for it.',
  );
}

function environmentNamed(wanted: string): Environment {
  const found = new Map<string, Environment>(Object.entries(environments)).get(wanted);
  if (found !== undefined) return found;
  throw new ConfigurationRefused(
    `There is no environment ${wanted} in bin/environments.ts; choose among ${Object.keys(environments).join(', ')}.`,
    { actual: wanted, expected: Object.keys(environments) },
  );
}

try {
  makeStack();
} catch (error) {
  if (!(error instanceof ConfigurationRefused)) throw error;
  // The sentence says what to change; a stack trace would only hide it.
  console.error(error.message);
  process.exit(1);
}
