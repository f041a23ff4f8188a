import { readFileSync, writeFileSync } from 'node:fs';
import { unreachable } from '../../core/errors';
import { importRecords } from '../../registry/import';
import { moveFacility } from '../../registry/move';
import { readFile } from '../../registry/read-file';
import type { FacilityRecord, Fault } from '../../registry/records';
import { type Reach, RegistryApi, reachable } from './api';
import { exportRecords } from './export';
import type { Command } from './options';

/** Where results and complaints go. */
export interface Output {
  readonly say: (line: string) => void;
  readonly complain: (line: string) => void;
  /** As it is, without a line's end. */
  readonly write: (text: string) => void;
}

type CommandNamed<N extends Command['name']> = Extract<Command, { name: N }>;

/** @returns the exit code */
export async function run(command: Command, output: Output, reach: Reach = reachable): Promise<number> {
  switch (command.name) {
    case 'import':
      return await runImport(command, output, reach);
    case 'export':
      return await runExport(command, output, reach);
    case 'move': {
      const { from, id, to, target } = command;
      await moveFacility(from, id, to, await RegistryApi.at(target, reach));
      output.say(`${from}/${id} is ${to}/${id} now.`);
      return 0;
    }
    default:
      return unreachable(command);
  }
}

async function runImport(command: CommandNamed<'import'>, output: Output, reach: Reach): Promise<number> {
  const { file, format, region, dryRun, target } = command;
  const { records, faults } = readFile(readFileSync(file), format, region);
  if (faults.length > 0) {
    list(file, faults, output);
    output.complain(`${counted(faults.length, 'fault')}; nothing was sent.`);
    return 1;
  }
  if (dryRun) {
    output.say(`${summed(records)} can be imported; nothing was sent.`);
    return 0;
  }
  const api = await RegistryApi.at(target, reach);
  const { created, changed, unchanged, failures } = await importRecords(records, format, api);
  list(file, failures, output);
  output.say(`${created} created, ${changed} changed, ${unchanged} unchanged, ${failures.length} failed.`);
  return failures.length === 0 ? 0 : 1;
}

async function runExport(command: CommandNamed<'export'>, output: Output, reach: Reach): Promise<number> {
  const { file, format, region, target } = command;
  const exported = await exportRecords(region, format, await RegistryApi.at(target, reach));
  if (file === undefined) output.write(exported.text);
  else writeFileSync(file, exported.text);
  if (exported.withoutWindows > 0) {
    output.complain(`CSV leaves out the maintenance windows of ${exported.withoutWindows}; JSON keeps them.`);
  }
  if (file !== undefined) output.say(`${counted(exported.facilities, 'facility')} written to ${file}.`);
  return 0;
}

function list(file: string, faults: readonly Fault[], { complain }: Output): void {
  for (const { line, text } of faults) complain(`${file}:${line}: ${text}`);
}

function summed(records: readonly FacilityRecord[]): string {
  const regions = new Set(records.map(({ region }) => region));
  return `${counted(records.length, 'facility')} of ${counted(regions.size, 'region')}`;
}

/** `1 facility`, `2 facilities`, `2 regions`. */
const counted = (count: number, noun: string): string =>
  count === 1 ? `1 ${noun}` : `${count} ${noun.replace(/y$/, 'ie')}s`;
