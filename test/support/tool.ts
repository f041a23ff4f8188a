import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Rollcall } from './rollcall';

const root = join(__dirname, '..', '..');

/** What a call of the command line left behind. */
export interface Called {
  readonly code: number | null;
  readonly said: string;
  readonly complaints: string;
}

/** A program of `tools/`, as what npm would run. */
export async function runTool(
  program: string,
  words: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Called> {
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...words], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [said, complaints, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code, said, complaints };
}

/** The same as somebody with credentials of AWS would, against what stands for AWS here. */
export async function runAwsTool(
  rollcall: Rollcall,
  program: string,
  words: readonly string[],
): Promise<Called> {
  const { dynamodb, s3 } = await rollcall.services();
  return await runTool(program, words, {
    PATH: process.env.PATH,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ENDPOINT_URL_S3: s3,
  });
}
