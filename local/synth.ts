import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RollcallError } from '../core/errors';

/** The stack cannot be synthesized; carries what CDK said. */
export class SynthFailed extends RollcallError {}

const root = join(__dirname, '..');

/**
 * Synthesizes the stack as `cdk synth` does, in a process of its own: aws-cdk-lib takes more memory than all the rest of
 * the local runtime, and is not needed afterwards.
 * @param settings the context `rollcall`
 */
export async function synthesize(directory: string, settings: object, signal: AbortSignal): Promise<void> {
  const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'bin', 'rollcall.ts')], {
    cwd: root,
    env: {
      ...process.env,
      CDK_OUTDIR: directory,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, rollcall: settings }),
      // Halves the time; the template is validated where it is going to be deployed from.
      CDK_VALIDATION: 'false',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
    killSignal: 'SIGKILL',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4_000);
    });
  }
  const [code] = await once(child, 'close');
  if (code !== 0)
    throw new SynthFailed(`The stack could not be synthesized: ${output.trim()}`, { actual: code });
}
