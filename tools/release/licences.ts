import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Package, packages } from './shipped';

export const licencesFile = join(__dirname, '..', '..', 'docs', 'LICENCES.md');

/** Licences that ask for no more than that they are named. */
const permissive = [
  'MIT',
  'MIT-0',
  'Apache-2.0',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
];

/** Others, which are fine for what only develops, tests or runs Rollcall on one's own machine, each with its reason. */
const tolerated: Readonly<Record<string, string>> = {
  'axe-core': 'MPL-2.0: unchanged, in tests of the page',
  'caniuse-lite': 'CC-BY-4.0: data, in a tool of the tests',
  '@cloud-copilot/iam-simulate':
    'AGPL-3.0: judges what `npm start` and tests do by the policies of the functions; unchanged, not deployed, not published',
  '@cloud-copilot/iam-policy': 'AGPL-3.0: part of iam-simulate',
  '@cloud-copilot/iam-utils': 'AGPL-3.0: part of iam-simulate',
};

/** Of `A OR B` one may choose, of `A AND B` both hold. */
const isPermissive = ({ licence }: Package): boolean =>
  licence.split(' OR ').some((choice) => choice.split(' AND ').every((each) => permissive.includes(each)));

/** Packages whose licence nobody has looked at: nothing but permissive ones may be shipped. */
export const unexpected = (all: readonly Package[]): readonly Package[] =>
  all.filter((each) => !isPermissive(each) && (each.shipped || tolerated[each.name] === undefined));

/** The list as it is kept. */
export function licencesText(all: readonly Package[]): string {
  const shipped = all.filter((each) => each.shipped);
  const others = all.filter((each) => !each.shipped);
  const licences = [...new Set(others.map(({ licence }) => licence))].sort();
  const countOf = (licence: string): string =>
    String(others.filter((each) => each.licence === licence).length);
  return `${[
    '# Licences',
    '',
    'Rollcall is under the Apache License 2.0. What it is made with, by `npm run licences`, from package-lock.json and from what the bundlers take in.',
    '',
    '## In what is deployed and published',
    '',
    'Functions, the operators’ page, the browser library.',
    '',
    ...table(
      ['package', 'version', 'licence'],
      shipped.map(({ name, version, licence }) => [name, version, licence]),
    ),
    '',
    '## For building, testing and running on one machine',
    '',
    ...table(
      ['licence', 'packages'],
      licences.map((licence) => [licence, countOf(licence)]),
    ),
    '',
    'Those that ask for more than to be named:',
    '',
    ...table(
      ['package', 'why it is fine'],
      others
        .filter((each) => !isPermissive(each))
        .map(({ name }) => [name, tolerated[name] ?? 'nobody has looked at it']),
    ),
  ].join('\n')}\n`;
}

/** Columns of one width, as the formatter of this project wants them. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}

if (require.main === module) writeFileSync(licencesFile, licencesText(packages()));
