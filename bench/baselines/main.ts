import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ConfigurationRefused, RollcallError } from '../../core/errors';
import { intoPage } from '../report';
import { compare } from './compare';
import { tableIn } from './table';

const usage =
  'Usage: npm run compare -- [--json FILE] [--write]\n--write puts the table into docs/PERFORMANCE.md.';

function optionsFrom(args: readonly string[]): { readonly json?: string; readonly write?: boolean } {
  try {
    const options = { json: { type: 'string' }, write: { type: 'boolean' } } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new ConfigurationRefused(`${error instanceof Error ? error.message : error}.\n${usage}`);
  }
}

async function main(args: readonly string[]): Promise<void> {
  const { json, write } = optionsFrom(args);
  const comparison = await compare((line) => console.error(line));
  const table = tableIn(comparison);
  console.log(table);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(comparison, null, 2)}\n`);
  if (write === true) intoPage('docs/PERFORMANCE.md', [['compare', table]]);
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof RollcallError ? error.message : error);
    process.exit(1);
  },
);
