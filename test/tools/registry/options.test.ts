import { ConfigurationRefused } from '../../../core/errors';
import { commandFrom } from '../../../tools/registry/options';

const local = { api: 'http://localhost:8787' };
const command = (words: string, environment = {}) => commandFrom(words.split(' '), environment);

test.each([
  ['import a.csv', { name: 'import', file: 'a.csv', format: 'csv', dryRun: false, target: local }],
  ['import a.JSON --dry-run --region north', { format: 'json', dryRun: true, region: 'north' }],
  ['import data --format json', { file: 'data', format: 'json' }],
  ['export', { name: 'export', format: 'csv', target: local }],
  ['export a.json --region __proto__', { file: 'a.json', format: 'json', region: '__proto__' }],
  ['move north/lab/1 south', { name: 'move', from: 'north', id: 'lab/1', to: 'south' }],
  ['export --api https://api.example/ --token t', { target: { api: 'https://api.example', token: 't' } }],
  ['export --api http://127.0.0.1:9 --token t', { target: { api: 'http://127.0.0.1:9', token: 't' } }],
])('%s', (words, expected) => {
  expect(command(words)).toMatchObject(expected);
});

test('the token may be in the environment, where no list of processes shows it', () => {
  expect(command('export', { ROLLCALL_TOKEN: 't' })).toMatchObject({ target: { ...local, token: 't' } });
  expect(command('export --token u', { ROLLCALL_TOKEN: 't' })).toMatchObject({ target: { token: 'u' } });
});

test.each([
  'exterminate',
  'import',
  'import a.csv b.csv',
  'import a.xlsx',
  'import a.csv --region a/b',
  'export a b',
  'move clinic-7 south',
  'move north/clinic-7',
  'move north/a//b south',
  'move north/clinic-7 north',
  'export --api ftp://here',
  'export --api here',
  'export --api http://api.example --token t',
  'export --colour red',
])('%s is refused with the usage', (words) => {
  expect(() => command(words)).toThrow(ConfigurationRefused);
  expect(() => command(words)).toThrow(/Usage:/);
});
