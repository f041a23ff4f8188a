import { parseArgs } from 'node:util';
import { ConfigurationRefused } from '../../core/errors';
import { StackResources } from '../stack-resources';
import { type CommittedTable, type Copy, committedTables } from './restoration';

/** What `npm run restore` is to do. */
export interface RestoreCommand {
  readonly copies: readonly Copy[];
  /** Only says what would be written. */
  readonly dryRun: boolean;
}

/** How it is called. */
export const usage = `Usage:
  aws cloudformation list-stack-resources --stack-name Rollcall > resources.json
  npm run restore -- --resources resources.json --suffix TEXT [--dry-run]
TEXT is what the names of the restored tables have behind the names of the stack's own. docs/RUNBOOK.md has all steps.`;

/** @throws ConfigurationRefused with one sentence and the usage */
export function restoreCommandFrom(words: readonly string[]): RestoreCommand {
  const { resources, suffix, 'dry-run': dryRun = false } = parsed(words);
  if (!resources || !suffix) throw new ConfigurationRefused(`Say --resources and --suffix.\n${usage}`);
  const stack = StackResources.in(resources);
  const copies = (Object.keys(committedTables) as CommittedTable[]).map((table): Copy => {
    const to = stack.table(table);
    return { table, to, from: `${to}${suffix}` };
  });
  return { copies, dryRun };
}

function parsed(words: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    const options = { resources: text, suffix: text, 'dry-run': { type: 'boolean' } } as const;
    return parseArgs({ args: [...words], options }).values;
  } catch (error) {
    throw new ConfigurationRefused(`${error instanceof Error ? error.message : error}.\n${usage}`);
  }
}
