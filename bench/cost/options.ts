import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ConfigurationRefused } from '../../core/errors';
import { timingsFrom } from '../../core/timings';
import { type Settings, settingsFrom } from '../../lib/settings';
import { type Load, loadFrom } from './load';
import { type Setup, setupOf, shardsFor } from './setup';

/** What `npm run cost` is to do. */
export interface Options {
  readonly load: Load;
  readonly setup: Setup;
  /** Whether the setup has more shards than the settings, since these would not bear the load. */
  readonly shardsAdded: boolean;
  readonly json: boolean;
  /** Where the page of the documentation is written. */
  readonly page?: string;
}

/** How it is called. */
export const usage = `Usage: npm run cost -- [--sessions N] [--per-facility N] [--regions N] [--hours-a-day N] [--session-hours N]
  [--silent-share N]
  [--operators N] [--config FILE] [--context JSON] [--beat S] [--renew-beats N] [--tick S] [--front-door function-url|http-api]
  [--shards N|on-demand] [--session-monitor-memory MB] [--json] [--page FILE]
--sessions are those at any moment of --hours-a-day, 24 by default; each is replaced by another after --session-hours.
Settings are those of the context rollcall in cdk.json, or of --config or --context, unless another option says otherwise.
Without --shards there are as many shards as the load needs, at least those that are set.`;

const text = { type: 'string' } as const;
const options = {
  sessions: text,
  'per-facility': text,
  regions: text,
  'session-hours': text,
  'hours-a-day': text,
  'silent-share': text,
  operators: text,
  config: text,
  context: text,
  beat: text,
  'renew-beats': text,
  tick: text,
  'front-door': text,
  shards: text,
  'session-monitor-memory': text,
  json: { type: 'boolean' },
  page: text,
} as const;

type Given = ReturnType<typeof parsed>;

/** @throws ConfigurationRefused with a sentence and the usage */
export function optionsFrom(words: readonly string[], configFile = 'cdk.json'): Options {
  const given = parsed(words);
  try {
    const load = loadFrom(loadIn(given));
    const settings = settingsIn(given, configFile);
    const needed = shardsFor(load.sessions / settings.timings.beatSeconds);
    const set = settings.shards === 'on-demand' ? needed : settings.shards;
    const shards = given.shards === undefined ? Math.max(needed, set) : set;
    return {
      load,
      setup: setupOf(settings, shards),
      shardsAdded: settings.shards !== 'on-demand' && shards > set,
      json: given.json ?? false,
      ...(given.page !== undefined && { page: given.page }),
    };
  } catch (error) {
    if (error instanceof ConfigurationRefused) throw refused(error.message);
    throw error;
  }
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options }).values;
  } catch (error) {
    throw refused(`${error instanceof Error ? error.message : error}.`);
  }
}

function loadIn(given: Given): Partial<Load> {
  const sessions = numberIn(given, 'sessions');
  const perFacility = numberIn(given, 'per-facility');
  const hoursADay = numberIn(given, 'hours-a-day');
  // A region of a thousand sessions, and an operator for every second region, as the defaults have it.
  const regions = numberIn(given, 'regions') ?? (sessions && Math.max(1, Math.round(sessions / 1_000)));
  const operators = numberIn(given, 'operators') ?? (regions && Math.ceil(regions / 2));
  return defined({
    sessions,
    perFacility,
    regions,
    sessionHours: numberIn(given, 'session-hours') ?? (hoursADay && Math.min(24, hoursADay)),
    hoursADay,
    silentShare: numberIn(given, 'silent-share'),
    operators,
  });
}

/** The settings of the project, with what was said otherwise. */
function settingsIn(given: Given, configFile: string): Settings {
  const settings = settingsFrom(given.context ?? contextIn(given.config ?? configFile));
  const timings = timingsFrom({
    ...settings.timings,
    ...defined({
      beatSeconds: numberIn(given, 'beat'),
      renewBeats: numberIn(given, 'renew-beats'),
      ...tickIn(given, settings),
    }),
  });
  const said = defined({
    frontDoor: given['front-door'],
    shards: given.shards === 'on-demand' ? given.shards : numberIn(given, 'shards'),
    sessionMonitorMemoryMb: numberIn(given, 'session-monitor-memory'),
  });
  // Read by the same rules as the stack's own.
  return { ...settings, ...settingsFrom({ ...said }), ...kept(settings, said), timings };
}

const kept = (settings: Settings, said: object): Partial<Settings> =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => !(name in said)));

/** A slower tick needs a later freshness limit. */
function tickIn(given: Given, { timings }: Settings): Partial<Settings['timings']> {
  const tickSeconds = numberIn(given, 'tick');
  if (tickSeconds === undefined) return {};
  const least = 2 * tickSeconds + timings.batchWindowSeconds + 11;
  return { tickSeconds, freshnessSeconds: Math.max(timings.freshnessSeconds, least) };
}

function contextIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).context?.rollcall;
  } catch (error) {
    throw refused(`${file} cannot be read as JSON: ${error instanceof Error ? error.message : error}.`);
  }
}

type NumberName = Exclude<keyof typeof options, 'json' | 'page' | 'config' | 'context' | 'front-door'>;

function numberIn(given: Given, name: NumberName): number | undefined {
  const value = given[name];
  if (value === undefined) return undefined;
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number)) throw refused(`--${name} takes a number.`);
  return number;
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

const defined = <T extends object>(values: T): Defined<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;

const refused = (sentence: string): ConfigurationRefused =>
  new ConfigurationRefused(sentence.includes('Usage:') ? sentence : `${sentence}\n${usage}`);
