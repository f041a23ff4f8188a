import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { RollcallError } from '../../core/errors';
import { answerHelp } from '../help';
import { type RestoreCommand, restoreCommandFrom, usage } from './options';
import { Restoration } from './restoration';

async function restore({ copies, dryRun }: RestoreCommand, nowMs: number): Promise<void> {
  const restoration = new Restoration(new DynamoDBClient({}));
  // All are read before the first is written: one that is missing must not leave five tables of different instants.
  const differences = await Promise.all(copies.map((copy) => restoration.difference(copy, nowMs)));
  for (const [index, difference] of differences.entries()) {
    const { surplus, wanted } = difference;
    if (!dryRun) await restoration.apply(difference);
    const did = dryRun ? 'would be' : 'were';
    console.log(`${copies[index]?.table}: ${surplus.length} rows ${did} deleted, ${wanted.length} written.`);
  }
}

async function main(): Promise<number> {
  answerHelp(process.argv, usage);
  try {
    await restore(restoreCommandFrom(process.argv.slice(2)), Date.now());
    return 0;
  } catch (error) {
    console.error(error instanceof RollcallError ? error.message : error);
    return 1;
  }
}

void main().then((code) => {
  process.exitCode = code;
});
