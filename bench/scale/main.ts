import { writeFileSync } from 'node:fs';
import { ConfigurationRefused } from '../../core/errors';
import { answerHelp } from '../../tools/help';
import { optionsFrom, usage } from './options';
import { figuresOf, reportOf } from './report';
import { ScaleRun } from './scale';

async function main(words: readonly string[]): Promise<void> {
  answerHelp(words, usage);
  const { plan, setup, json } = optionsFrom(words);
  const outcome = await new ScaleRun(plan, (line) => console.error(line)).run();
  const figures = figuresOf(outcome, setup);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ plan, figures }, null, 2)}\n`);
  console.log(reportOf(figures));
  // Handlers that failed were not the ones that were to be measured.
  if (figures.errors.length > 0) process.exitCode = 1;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof ConfigurationRefused)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});
