import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingsContext } from '../../bin/settings-context';

describe('settings on the command line', () => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-context-'));
  const inFile = {
    shards: 2,
    tokenIssuers: [{ issuer: 'https://id.example.com', audience: 'us' }],
    timings: { tickSeconds: 10 },
  };

  beforeAll(() =>
    writeFileSync(join(directory, 'cdk.json'), JSON.stringify({ context: { rollcall: inFile } })),
  );
  afterAll(() => rmSync(directory, { recursive: true }));

  test('given some, then those of cdk.json hold for the rest, so that nothing is taken back by deploying', () => {
    expect(settingsContext('{"removeDataOnDelete":true}', directory)).toEqual({
      ...inFile,
      removeDataOnDelete: true,
    });
  });

  test('given one that is in cdk.json too, then the command line decides', () => {
    expect(settingsContext('{"shards":3}', directory)).toMatchObject({
      shards: 3,
      tokenIssuers: inFile.tokenIssuers,
    });
  });

  test('given one of a group, then the others of the group stay; a list is taken whole', () => {
    const said = settingsContext('{"timings":{"renewBeats":2},"tokenIssuers":[]}', directory);
    expect(said).toEqual({ shards: 2, tokenIssuers: [], timings: { tickSeconds: 10, renewBeats: 2 } });
  });

  test('given none, then what CDK found in cdk.json is all', () => {
    expect(settingsContext(inFile, '/nowhere')).toBe(inFile);
    expect(settingsContext(undefined, '/nowhere')).toBeUndefined();
  });

  test.each(['{', '7', '[]', 'null'])(
    'given %s, then it is left to whoever reads settings to refuse it',
    (text) => {
      expect(settingsContext(text, directory)).toBe(text);
    },
  );
});
