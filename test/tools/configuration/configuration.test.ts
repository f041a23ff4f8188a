import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fields } from '../../../lib/setting-readers';
import { configurationFile, configurationReference } from '../../../tools/configuration/document';
import { fieldsOf } from '../../../tools/configuration/interfaces';

const read = (path: string) => readFileSync(join(__dirname, '..', '..', '..', path), 'utf8');

test('docs/CONFIGURATION.md is what npm run configuration makes of the types', () => {
  expect(readFileSync(configurationFile, 'utf8')).toBe(configurationReference());
});

test('every option that is read is described', () => {
  const described = fieldsOf(read('lib/settings.ts'), 'RollcallOptions').map(({ name }) => name);
  expect(described.toSorted()).toEqual(Object.keys(fields).sort());
});

test.each([
  ['lib/settings.ts', 'RollcallOptions'],
  ['lib/rollcall-props.ts', 'RollcallProps'],
])('given %s, then each prop of %s is optional and says its default', (file, name) => {
  const incomplete = fieldsOf(read(file), name).filter((field) => !field.optional || !field.default);
  expect(incomplete).toEqual([]);
});

describe('reading an interface', () => {
  const source = [
    'export interface Speed extends Other {',
    '  /** How fast, in m/s. */',
    '  readonly metres: number;',
    '  /**',
    '   * Which way.',
    '   * @default `north` | south',
    '   */',
    "  readonly way?: 'north' | 'south';",
    '}',
    '',
  ].join('\n');

  test('gives each field with what is said of it', () => {
    expect(fieldsOf(source, 'Speed')).toEqual([
      { name: 'metres', type: 'number', optional: false, text: 'How fast, in m/s.' },
      {
        name: 'way',
        type: "'north' | 'south'",
        optional: true,
        text: 'Which way.',
        default: '`north` | south',
      },
    ]);
  });

  test('refuses one of which a field is not described', () => {
    const without = source.replace('  /** How fast, in m/s. */\n', '');
    expect(() => fieldsOf(without, 'Speed')).toThrow('Give each field of Speed a comment');
  });

  test('refuses one that is not there', () => {
    expect(() => fieldsOf(source, 'Weight')).toThrow('There is no interface Weight');
  });
});
