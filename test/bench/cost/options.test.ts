import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { costNote } from '../../../bench/cost/note';
import { optionsFrom } from '../../../bench/cost/options';
import { ConfigurationRefused } from '../../../core/errors';
import { settingsFrom } from '../../../lib/settings';

/** A cdk.json with these settings. */
function configuration(rollcall: object): string {
  const file = join(mkdtempSync(join(tmpdir(), 'cost-')), 'cdk.json');
  writeFileSync(file, JSON.stringify({ context: { rollcall } }));
  return file;
}

describe('npm run cost takes', () => {
  test('the settings of the project, unless it is told otherwise', () => {
    const file = configuration({ frontDoor: 'http-api', timings: { renewBeats: 2 }, shards: 3 });
    const { setup } = optionsFrom(['--sessions', '1000', '--renew-beats', '0'], file);
    expect(setup).toMatchObject({ frontDoor: 'http-api', shards: 3, timings: { renewBeats: 0 } });
  });

  test('another file, or a context as cdk does', () => {
    const file = configuration({ shards: 7 });
    expect(optionsFrom(['--sessions', '1000', '--config', file]).setup.shards).toBe(7);
    expect(optionsFrom(['--sessions', '1000', '--context', '{"shards":5}']).setup.shards).toBe(5);
  });

  test('numbers in any notation, and regions and operators to match', () => {
    const { load, setup, shardsAdded } = optionsFrom(['--sessions', '1e6'], configuration({}));
    expect(load).toMatchObject({ sessions: 1_000_000, regions: 1_000, operators: 500 });
    expect(setup.shards).toBe(48);
    expect(shardsAdded).toBe(true);
  });

  test('a slow tick with a freshness limit that suits it', () => {
    const { setup } = optionsFrom(['--tick', '60'], configuration({}));
    expect(setup.timings).toMatchObject({ tickSeconds: 60, freshnessSeconds: 131 });
  });

  test.each([
    [['--sessions', 'many'], '--sessions takes a number.'],
    [['--session', '5'], 'Unknown option'],
    [['--front-door', 'smtp'], 'frontDoor'],
    [['--config', '/nowhere.json'], '/nowhere.json cannot be read'],
  ])('no %j, and says what it takes', (words, sentence) => {
    const refused = () => optionsFrom(words, configuration({}));
    expect(refused).toThrow(ConfigurationRefused);
    expect(refused).toThrow(sentence);
    expect(refused).toThrow('Usage: npm run cost');
  });
});

describe('cdk synth says in two lines what the settings cost', () => {
  test('for the sessions that are expected', () => {
    const note = costNote(settingsFrom({ expectedSessions: 20_000 }));
    expect(note.split('\n')).toHaveLength(2);
    expect(note).toContain('at 20,000 sessions, as expected');
    expect(note).toContain('npm run cost -- --sessions 20000');
  });

  test('else for those that the shards are good for', () => {
    expect(costNote(settingsFrom({ shards: 2 }))).toContain('at 42,000 sessions');
  });

  test.each([1, 5, 999])('also for %d', (expectedSessions) => {
    expect(costNote(settingsFrom({ expectedSessions }))).toContain('a month');
  });
});
