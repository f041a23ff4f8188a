import { writeFileSync } from 'node:fs';
import { ConfigurationRefused } from '../../core/errors';
import { answerHelp } from '../../tools/help';
import { estimate } from './estimate';
import { optionsFrom, usage } from './options';
import { pageOf } from './page';
import { sheetJson, sheetOf } from './sheet';

function main(words: readonly string[]): void {
  answerHelp(words, usage);
  const { load, setup, shardsAdded, json, page } = optionsFrom(words);
  if (page !== undefined) {
    writeFileSync(page, pageOf());
    return;
  }
  const made = estimate(load, setup);
  console.log(json ? JSON.stringify(sheetJson(made), null, 2) : sheetOf(made, shardsAdded));
}

try {
  main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ConfigurationRefused)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
