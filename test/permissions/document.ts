import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assemblyFor } from '../../local/assemblies';
import { readDeployment } from '../../local/deployment';
import { localSettings } from '../../local/local-settings';
import { optionsFrom } from '../../local/options';
import type { Grant } from '../../local/permissions/grants';
import { LocalTemplate } from '../../local/template';
import { functionWords, resourceWords } from './words';

export const documentPath = join(__dirname, '..', '..', 'docs', 'PERMISSIONS.md');

/** What functions may do in the stack as `npm start` synthesizes it, by function. */
export async function deployedGrants(): Promise<ReadonlyMap<string, readonly Grant[]>> {
  const assembly = await assemblyFor(localSettings(optionsFrom([])), new AbortController().signal);
  const { functions } = readDeployment(new LocalTemplate(assembly, 'Rollcall'));
  return new Map(functions.map(({ name, grants }) => [functionWords(name), grants]));
}

/** The document with its table made anew. */
export function withTable(document: string, grants: ReadonlyMap<string, readonly Grant[]>): string {
  const [before, , after] = document.split(/<!-- table (?:begins|ends) -->\n/);
  return `${before}<!-- table begins -->\n${tableOf(grants)}<!-- table ends -->\n${after}`;
}

export const currentDocument = (): string => readFileSync(documentPath, 'utf8');

function tableOf(grants: ReadonlyMap<string, readonly Grant[]>): string {
  const rows = [...grants].flatMap(([name, ofFunction]) => rowsOf(ofFunction).map((row) => [name, ...row]));
  return padded([['function', 'may', 'on'], ...rows]);
}

/** A row for each resource, with all that may be done to it. */
function rowsOf(grants: readonly Grant[]): readonly (readonly string[])[] {
  const actions = new Map<string, string[]>();
  for (const grant of grants) {
    const on = `${resourceWords(grant.resource)}${limitsOf(grant)}`;
    actions.set(on, [...(actions.get(on) ?? []), grant.action]);
  }
  return [...actions].map(([on, may]) => [may.toSorted().join(', '), on]);
}

const limitsOf = ({ condition = {} }: Grant): string =>
  Object.values(condition)
    .flatMap((keys) => Object.values(keys))
    .map((values) => `, only the items ${values.join(' and ')}`)
    .join('');

/** A Markdown table whose columns are as wide as they must be. */
function padded(rows: readonly (readonly string[])[]): string {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const [head = '', ...rest] = rows.map(
    (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  );
  const line = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return `${[head, line, ...rest].join('\n')}\n`;
}
