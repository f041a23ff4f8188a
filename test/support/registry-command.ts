import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** What a call of the command line left behind. */
export interface Called {
  readonly code: number | null;
  readonly said: string;
  readonly complaints: string;
}

const root = join(__dirname, '..', '..');

/** `npm run registry -- …`, as what npm would run. */
export async function registryCommand(...words: readonly string[]): Promise<Called> {
  const { NODE_ENV: _, JEST_WORKER_ID: __, ROLLCALL_TOKEN: ___, ...env } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', 'tools/registry/main.ts', ...words], {
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
