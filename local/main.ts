import { inspect } from 'node:util';
import './quiet-sdk';
import { RollcallError } from '../core/errors';
import type { Log } from '../core/ports';
import { answerHelp } from '../tools/help';
import { type Options, optionsFrom, usage } from './options';
import { startRuntime } from './runtime';

/** A close that takes longer is cut off: whoever presses Ctrl-C wants the prompt back. */
const closeTimeoutMs = 1_800;

const stop = new AbortController();

/** A line each, save for what an error says of where it was. */
const log: Log = {
  info: (message, fields) => {
    if (process.env.ROLLCALL_VERBOSE) console.error(message, inOneLine(fields));
  },
  error: (message, error, fields) => console.error(message, inOneLine(fields), error),
};

const inOneLine = (fields: object | undefined): string =>
  fields === undefined ? '' : inspect(fields, { breakLength: Number.POSITIVE_INFINITY });

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());

/** @returns the exit code */
async function main(words: readonly string[]): Promise<number> {
  answerHelp(words, usage);
  try {
    await runUntilStopped(optionsFrom(words));
    return 0;
  } catch (error) {
    if (stop.signal.aborted) return 0;
    console.error(error instanceof RollcallError ? error.message : error);
    return 1;
  }
}

async function runUntilStopped(options: Options): Promise<void> {
  const runtime = await startRuntime(options, log, stop.signal);
  console.log(`Rollcall is live at ${runtime.url}`);
  if (!stop.signal.aborted) {
    await new Promise((resolve) => stop.signal.addEventListener('abort', resolve, { once: true }));
  }
  setTimeout(() => process.exit(0), closeTimeoutMs).unref();
  await runtime.close();
}

void main(process.argv.slice(2)).then((code) => process.exit(code));
