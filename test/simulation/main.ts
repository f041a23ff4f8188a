import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { RollcallError } from '../../core/errors';
import { answerHelp } from '../../tools/help';
import { shrunk, story } from './failure';
import { optionsFrom, type SimulateOptions, usage } from './options';
import { run, type Share, sharedOut } from './shares';
import { type Outcome, simulate } from './simulation';

async function main(words: readonly string[]): Promise<number> {
  answerHelp(words, usage);
  const options = optionsFrom(words, availableParallelism());
  const startedMs = Date.now();
  const failed = options.trace ? await traced(options) : await sharedOut(bundled(), options);
  if (options.stop) return stopped(options, failed[0]);
  for (const outcome of failed.slice(0, 3)) console.log(story(await shrunk(outcome)));
  const seconds = ((Date.now() - startedMs) / 1_000).toFixed(1);
  console.log(`${options.seeds} seeds, ${failed.length} failed${failedSeeds(failed)}, in ${seconds} s`);
  return failed.length === 0 ? 0 : 1;
}

function stopped({ from }: SimulateOptions, failed: Outcome | undefined): number {
  if (failed === undefined) return 0;
  console.log(`Failed after ${failed.seed - from + 1} seeds: ${failed.violations[0]?.invariant}`);
  return 1;
}

const failedSeeds = (failed: readonly Outcome[]): string =>
  failed.length === 0 ? '' : ` (${failed.map(({ seed }) => seed).join(', ')})`;

/** One after the other, with all that happened. */
async function traced({ from, seeds, faults }: SimulateOptions): Promise<readonly Outcome[]> {
  const failed: Outcome[] = [];
  for (let seed = from; seed < from + seeds; seed += 1) {
    const outcome = await simulate(seed, { traces: true, ...(faults && { faults }) });
    console.log(outcome.trace.join('\n'));
    if (outcome.violations.length > 0) failed.push(outcome);
  }
  return failed;
}

/** This program as one file of JavaScript, which runs a fifth faster than through the loader. */
function bundled(): string {
  const outfile = join(
    __dirname,
    '..',
    '..',
    'node_modules',
    '.cache',
    'rollcall',
    `simulate-${process.pid}.cjs`,
  );
  buildSync({ entryPoints: [__filename], outfile, bundle: true, platform: 'node', packages: 'external' });
  process.once('exit', () => rmSync(outfile, { force: true }));
  return outfile;
}

if (process.send === undefined) {
  main(process.argv.slice(2)).then(
    (code) => process.exit(code),
    (error: unknown) => {
      console.error(error instanceof RollcallError ? error.message : error);
      process.exit(2);
    },
  );
} else {
  // Whoever asked may be gone by then; that is no error of this process, which ends with them.
  process.on('message', async (share: unknown) =>
    process.send?.(await run(share as Share), undefined, undefined, () => {}),
  );
}
