import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingsFrom } from '../../lib/settings';
import { localSettings } from '../../local/local-settings';
import { optionsFrom } from '../../local/options';

const directory = mkdtempSync(join(tmpdir(), 'rollcall-options-'));
const file = join(directory, 'settings.json');

afterAll(() => rmSync(directory, { recursive: true }));

/** The settings that a stack on this machine gets when a deployment would have these. */
function localWith(deployed: object, ...words: readonly string[]) {
  writeFileSync(file, JSON.stringify(deployed));
  return settingsFrom(localSettings(optionsFrom(['--settings', file, ...words])));
}

test('without settings, those of cdk.json hold', () => {
  const { settings, tickSeconds } = optionsFrom([]);
  expect(settings).toEqual(settingsFrom(undefined));
  expect(tickSeconds).toBe(5);
});

test('timings, limits, origins of apps and shards are those of the deployment', () => {
  const given = {
    timings: { beatSeconds: 20, allowance: 4, tickSeconds: 2 },
    limits: { connectionsPerSubject: 3 },
    allowedOrigins: ['https://app.example.com'],
    shards: 3,
  };
  const { timings, limits, allowedOrigins, shards } = localWith(given);
  expect({ timings, limits, allowedOrigins, shards }).toEqual({
    timings: settingsFrom(given).timings,
    limits: settingsFrom(given).limits,
    allowedOrigins: given.allowedOrigins,
    shards: 3,
  });
});

test('another tick than that of the deployment leaves the feed the time that it needs', () => {
  const { timings } = localWith({ timings: { tickSeconds: 2 } }, '--tick', '20');
  expect(timings).toMatchObject({ tickSeconds: 20, freshnessSeconds: 51 });
});

test('AC3 the page of this start is welcome besides those of the list; without a list every page is', () => {
  expect(localWith({}).pageOrigins).toBeUndefined();
  const { pageOrigins = [] } = localWith({ pageOrigins: ['https://status.example.com'] });
  expect(pageOrigins).toHaveLength(2);
  expect(pageOrigins[1]).toBe('https://status.example.com');
});

test('what only a deployment has is left out: issuers, a front door of its own, concurrency', () => {
  const local = localWith({
    tokenIssuers: [{ issuer: 'https://login.example.com', audience: 'rollcall' }],
    rightsClaim: 'rights',
    frontDoor: 'http-api',
    reservedConcurrency: { 'heartbeat-endpoint': 5 },
    removeDataOnDelete: true,
  });
  expect(local).toMatchObject({ frontDoor: 'function-url', removeDataOnDelete: false });
  expect(local.rightsClaim).toBeUndefined();
  expect(local.tokenIssuers?.map(({ issuer }) => issuer)).not.toContain('https://login.example.com');
});

test.each([
  ['a setting that there is none of', '{"ticks":1}', /rollcall.*ticks|ticks.*expected|settings are/],
  ['no JSON', '{', /must be a file with JSON/],
])('given %s, then one sentence says what to change', (_, text, sentence) => {
  writeFileSync(file, text);
  expect(() => optionsFrom(['--settings', file])).toThrow(sentence);
});

test('given no such file, then one sentence says so', () => {
  expect(() => optionsFrom(['--settings', join(directory, 'none.json')])).toThrow(
    /none\.json must be a file/,
  );
});
