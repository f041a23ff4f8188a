import { writeFileSync } from 'node:fs';
import { ConfigurationRefused } from '../../core/errors';
import { answerHelp } from '../help';
import { measure, wholeHours, wholePlan } from './accuracy';
import { optionsFrom, usage } from './options';
import { pageOf } from './report';

function main(): void {
  answerHelp(process.argv, usage);
  const { hours = wholeHours, seed, file } = optionsFrom(process.argv.slice(2));
  const page = pageOf(measure(wholePlan, hours / wholeHours, seed, (line) => console.error(line)));
  if (file === undefined) process.stdout.write(page);
  else writeFileSync(file, page);
}

try {
  main();
} catch (error) {
  if (!(error instanceof ConfigurationRefused)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
