import { parseArgs } from 'node:util';
import { ConfigurationRefused } from '../../core/errors';
import { isFacilityId, isRegionId } from '../../core/ids';
import type { FileFormat } from '../../registry/read-file';

/** Where requests go, and what they are allowed by. */
export interface Target {
  readonly api: string;
  /** Without one, a local runtime is asked for it. */
  readonly token?: string;
}

/** What `npm run registry` is to do. */
export type Command =
  | {
      readonly name: 'import';
      readonly file: string;
      readonly format: FileFormat;
      /** Of records that name none. */
      readonly region?: string;
      readonly dryRun: boolean;
      readonly target: Target;
    }
  | {
      readonly name: 'export';
      /** Standard output without one. */
      readonly file?: string;
      readonly format: FileFormat;
      /** All that the token may watch without one. */
      readonly region?: string;
      readonly target: Target;
    }
  | {
      readonly name: 'move';
      readonly from: string;
      readonly id: string;
      readonly to: string;
      readonly target: Target;
    };

/** How it is called. */
export const usage = `Usage:
  npm run registry -- import FILE [--region R] [--dry-run]
  npm run registry -- export [FILE] [--region R] [--format csv|json]
  npm run registry -- move REGION/ID REGION
each with [--api URL] [--token TOKEN]; TOKEN may be in ROLLCALL_TOKEN instead. FILE ends in .csv or .json.`;

const localApi = 'http://localhost:8787';

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws ConfigurationRefused with one sentence and the usage */
export function commandFrom(words: readonly string[], environment: Environment): Command {
  const { values, positionals } = parsed(words);
  const [name, ...operands] = positionals;
  const target = targetOf(values, environment);
  switch (name) {
    case 'import':
      return importFrom(operands, values, target);
    case 'export':
      return exportFrom(operands, values, target);
    case 'move':
      return moveFrom(operands, target);
    default:
      throw refused('Say what to do: import, export or move.');
  }
}

type Values = ReturnType<typeof parsed>['values'];

function parsed(words: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { api: text, token: text, region: text, format: text, 'dry-run': { type: 'boolean' } },
    });
  } catch (error) {
    throw refused(`${error instanceof Error ? error.message : error}.`);
  }
}

function importFrom([file, ...more]: readonly string[], values: Values, target: Target): Command {
  if (file === undefined || more.length > 0) throw refused('import takes one file.');
  const format = formatOf(values.format, file);
  return { name: 'import', file, format, ...regionIn(values), dryRun: values['dry-run'] === true, target };
}

function exportFrom([file, ...more]: readonly string[], values: Values, target: Target): Command {
  if (more.length > 0) throw refused('export takes one file at most.');
  const format = formatOf(values.format, file ?? '.csv');
  return { name: 'export', ...(file !== undefined && { file }), format, ...regionIn(values), target };
}

function moveFrom([what = '', to = '', ...more]: readonly string[], target: Target): Command {
  const slash = what.indexOf('/');
  const from = what.slice(0, Math.max(slash, 0));
  const id = what.slice(slash + 1);
  if (!isRegionId(from) || !isFacilityId(id) || !isRegionId(to) || more.length > 0) {
    throw refused('move takes a facility, such as north/clinic-7, and a region.');
  }
  if (from === to) throw refused('The facility is in that region already.');
  return { name: 'move', from, id, to, target };
}

function formatOf(given: string | undefined, file: string): FileFormat {
  const format = given ?? file.slice(file.lastIndexOf('.') + 1).toLowerCase();
  if (format !== 'csv' && format !== 'json')
    throw refused('A file is CSV or JSON: name it so, or say --format.');
  return format;
}

function regionIn({ region }: Values): { region?: string } {
  if (region === undefined) return {};
  if (!isRegionId(region)) throw refused('--region takes the id of a region.');
  return { region };
}

function targetOf({ api = localApi, token }: Values, { ROLLCALL_TOKEN }: Environment): Target {
  const { protocol } = URL.canParse(api) ? new URL(api) : { protocol: '' };
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw refused('--api takes a URL, such as https://abc.execute-api.eu-central-1.amazonaws.com.');
  }
  const given = token ?? ROLLCALL_TOKEN;
  if (protocol === 'http:' && given !== undefined && !isLocal(api)) {
    throw refused('A token travels over https only, or to this machine.');
  }
  return { api: api.replace(/\/+$/, ''), ...(given !== undefined && { token: given }) };
}

/** Whether a URL leads to this machine. */
export const isLocal = (url: string): boolean =>
  ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);

const refused = (sentence: string): ConfigurationRefused => new ConfigurationRefused(`${sentence}\n${usage}`);
