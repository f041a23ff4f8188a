import { fork } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { RollcallError } from '../core/errors';
import { optionsFrom } from './options';
import { intoPage, markdownOf, pageOf, textOf } from './report';
import { type Figure, isBroken, type Scenario } from './scenario';
import { type ScenarioName, scenarios } from './scenarios';

/** What came of a scenario. */
export interface Result {
  readonly scenario: ScenarioName;
  readonly title: string;
  readonly about: string;
  readonly figures: readonly Figure[];
}

/** @returns the exit code: 1 where something takes more than it may */
async function main(words: readonly string[]): Promise<number> {
  const options = optionsFrom(words);
  const bundle = bundled();
  const results: Result[] = [];
  for (const scenario of options.scenarios) {
    const figures = await inProcess(scenario, bundle);
    const { title, about } = scenarios[scenario];
    results.push({ scenario, title, about, figures });
    console.log(`${textOf(results.slice(-1))}\n`);
  }
  if (options.json !== undefined)
    writeFileSync(options.json, `${JSON.stringify(pageOf(results), null, 2)}\n`);
  if (options.page !== undefined)
    intoPage(
      options.page,
      results.map((result) => [result.scenario, markdownOf(result)]),
    );
  return results.some(({ figures }) => figures.some(isBroken)) ? 1 : 0;
}

/** This program as one file of JavaScript, as the functions are deployed: it runs faster than through the loader. */
function bundled(): string {
  const outfile = join(__dirname, '..', 'node_modules', '.cache', 'rollcall', `bench-${process.pid}.cjs`);
  buildSync({ entryPoints: [__filename], outfile, bundle: true, platform: 'node', packages: 'external' });
  process.once('exit', () => rmSync(outfile, { force: true }));
  return outfile;
}

/** Each scenario in a process of its own, so that none inherits another's heap or compiled code. */
function inProcess(scenario: ScenarioName, bundle: string): Promise<readonly Figure[]> {
  const { fromSources, heapMb }: Scenario = scenarios[scenario];
  const flags = heapMb === undefined ? [] : [`--max-old-space-size=${heapMb}`];
  return new Promise((resolve, reject) => {
    const child = fromSources
      ? fork(__filename, { execArgv: ['--import', 'tsx'] })
      : fork(bundle, { execArgv: flags });
    child.once('message', (figures) => resolve(figures as readonly Figure[]));
    child.once('exit', (code) =>
      reject(new RollcallError('a scenario ended without figures', { actual: code })),
    );
    child.send(scenario);
  });
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
  process.once('message', async (scenario: unknown) => {
    const figures = await scenarios[scenario as ScenarioName].run();
    process.send?.(figures, () => process.exit(0));
  });
}
