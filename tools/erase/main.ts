import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { RollcallError } from '../../core/errors';
import { instant } from '../../core/messages';
import { answerHelp } from '../help';
import { Erasure, type Found } from './erasure';
import { type EraseCommand, eraseCommandFrom, usage } from './options';

/** @returns the exit code: 0 when nothing is left here, 1 when it could not be done, 2 when the person is present now */
export async function erase({ person, places, dryRun }: EraseCommand, nowMs: number): Promise<number> {
  const erasure = new Erasure(new DynamoDBClient({}), new S3Client({ forcePathStyle: true }), places);
  const found = await erasure.find(person, nowMs);
  console.log(summaryOf(found));
  if (dryRun) return 0;
  if (found.liveUntilMs !== undefined) {
    console.error(
      `They are present now, until ${instant(found.liveUntilMs)} at least. Disable the user at the issuer, so that they get no new token, and run this again after that. Nothing was deleted.`,
    );
    return 2;
  }
  await erasure.delete(found);
  console.log('Deleted. What is kept elsewhere, and for how long, is in docs/SECURITY.md.');
  return 0;
}

const summaryOf = ({ sessions, presence, connections, deadLetters }: Found): string =>
  [
    `${sessions.length} rows of sessions`,
    `${presence.length} of presence`,
    `${connections.length} of sockets`,
    `${deadLetters.length} dead letters`,
  ].join(', ');

async function main(): Promise<number> {
  answerHelp(process.argv, usage);
  try {
    return await erase(eraseCommandFrom(process.argv.slice(2)), Date.now());
  } catch (error) {
    console.error(error instanceof RollcallError ? error.message : error);
    return 1;
  }
}

void main().then((code) => {
  process.exitCode = code;
});
