import '../../local/quiet-sdk';
import { parseArgs } from 'node:util';
import { campaign } from './campaign';

const usage = 'Usage: npm run fuzz -- [--requests 10000] [--seed 1]';

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`--${name} takes a whole number. ${usage}`);
}

/** @returns the exit code: 1 where anything went wrong */
async function main(words: readonly string[]): Promise<number> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ args: [...words], options: { requests: text, seed: text } });
  const requests = wholeNumber('requests', values.requests ?? '10000');
  const seed = wholeNumber('seed', values.seed ?? String(Date.now() % 1e9));
  console.log(`seed ${seed}`);
  const { faults, statuses } = await campaign({ requests, seed, say: (line) => console.log(line) });
  console.log(`answers by status: ${JSON.stringify(statuses)}`);
  for (const fault of faults) console.error(fault);
  console.log(faults.length === 0 ? 'nothing was wrong' : `${faults.length} faults; seed ${seed}`);
  return faults.length === 0 ? 0 : 1;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
