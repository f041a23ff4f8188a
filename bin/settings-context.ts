import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Settings as JSON has them. */
type Settings = Readonly<Record<string, unknown>>;

/**
 * The context `rollcall`. CDK takes what `-c 'rollcall={…}'` says instead of all that cdk.json says; here it is added to it, since a
 * setting that is left out would be taken back at the next deployment: an issuer, say, or half of the shards.
 * @param given as CDK hands it over: a text from the command line, or the object of cdk.json
 * @param directory of cdk.json: that of the app
 */
export function settingsContext(given: unknown, directory = process.cwd()): unknown {
  if (typeof given !== 'string') return given;
  const said = parsed(given);
  return isSettings(said) ? together(fileSettings(directory), said) : given;
}

function fileSettings(directory: string): Settings {
  const { context } = JSON.parse(readFileSync(join(directory, 'cdk.json'), 'utf8'));
  return isSettings(context?.rollcall) ? context.rollcall : {};
}

/** What is no JSON is refused by whoever reads settings. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isSettings = (value: unknown): value is Settings =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Groups of settings, such as timings, one by one; everything else is taken whole. */
function together(file: Settings, said: Settings): Settings {
  const changed = Object.entries(said).map(([name, value]) => {
    const before = file[name];
    return [name, isSettings(value) && isSettings(before) ? together(before, value) : value] as const;
  });
  return Object.fromEntries([...Object.entries(file), ...changed]);
}
