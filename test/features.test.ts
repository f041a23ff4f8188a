import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** A row of a table whose last cell names a test. */
interface Row {
  readonly system: string;
  readonly feature: string;
  readonly file: string;
  readonly name: string;
}

const row = /^\| (?<feature>[^|]+) \|[^|]+\| `(?<file>test\/[^`]+)`: (?<name>[^|]+?) *\|$/;

/** The rows under each heading; what a table says in another form is no row, and counts as missing. */
const rowsOf = (section: string): readonly Row[] => {
  const [heading = '', ...lines] = section.split('\n');
  return lines.flatMap((line) => {
    const { feature = '', file = '', name = '' } = row.exec(line)?.groups ?? {};
    return file === '' ? [] : [{ system: heading.trim(), feature: feature.trim(), file, name }];
  });
};

const sections = read('docs/FEATURES.md').split('\n## ').slice(1);
const rows = sections.flatMap(rowsOf);

/** A call whose first argument is that text and whose second one is a function: `test('…', () => …`, also after `each`. */
function isTestIn(source: string, name: string): boolean {
  const text = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll("'", "\\\\?'");
  return new RegExp(`(?<!describe)\\(\\s*(['"\`])${text}\\1,\\s*(async )?\\(`).test(source);
}

test('the table has each of the three systems, and no row that names no test', () => {
  expect(new Set(rows.map(({ system }) => system))).toEqual(new Set(['Hivekit', 'LiveLike', 'Realm']));
  const lines = sections.flatMap((section) => section.split('\n').filter((line) => line.startsWith('| ')));
  const headings = sections.length * 2;
  expect(rows).toHaveLength(lines.length - headings);
});

test('a name is looked for as the name of a test, not as any text', () => {
  const source = "test('here', async () => {});\ndescribe('group', () => {});\nconst text = 'nowhere';";
  expect(['here', 'her', 'group', 'nowhere'].filter((name) => isTestIn(source, name))).toEqual(['here']);
});

test.each(rows)('$system: $feature', ({ file, name }) => {
  expect([file, existsSync(join(root, file))]).toEqual([file, true]);
  expect([name, isTestIn(read(file), name)]).toEqual([name, true]);
});
