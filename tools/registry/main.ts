import { RollcallError } from '../../core/errors';
import { answerHelp } from '../help';
import { commandFrom, usage } from './options';
import { type Output, run } from './run';

const output: Output = {
  say: (line) => console.log(line),
  complain: (line) => console.error(line),
  write: (text) => process.stdout.write(text),
};

/** Whoever calls it made a mistake, or the surroundings did; what is none of these is ours. */
const isExpected = (error: unknown): error is Error =>
  error instanceof RollcallError || (error instanceof Error && 'code' in error && 'path' in error);

async function main(): Promise<number> {
  answerHelp(process.argv, usage);
  try {
    return await run(commandFrom(process.argv.slice(2), process.env), output);
  } catch (error) {
    console.error(isExpected(error) ? error.message : error);
    return 1;
  }
}

void main().then((code) => {
  process.exitCode = code;
});
