import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RollcallError } from '../core/errors';
import { RunningProgram } from './child-program';

/** The stack cannot be synthesized; carries what CDK said. */
export class SynthFailed extends RollcallError {}

const root = join(__dirname, '..');

/**
 * Synthesizes the stack as `cdk synth` does, in a process of its own: aws-cdk-lib takes more memory than all the rest of
 * the local runtime, and is not needed afterwards.
 * @param directory is made, takes the assembly as `cdk.out`, and is removed when this process is killed meanwhile
 * @param settings the context `rollcall`
 * @param signal ends it, with the bundlers that CDK starts
 * @throws SynthFailed
 */
export async function synthesize(directory: string, settings: object, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
  const program = new RunningProgram({
    program: process.execPath,
    arguments: ['--import', 'tsx', join(root, 'bin', 'rollcall.ts')],
    workingDirectory: root,
    environment: {
      CDK_OUTDIR: join(directory, 'cdk.out'),
      // What CDK leaves behind when it is killed is removed with the rest.
      TMPDIR: directory,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, rollcall: settings }),
      // Halves the time; the template is validated where it is going to be deployed from.
      CDK_VALIDATION: 'false',
    },
    ownDirectory: directory,
  });
  const stop = (): void => void program.close();
  signal.addEventListener('abort', stop, { once: true });
  const code = await program.ended;
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  if (code === 0) return;
  throw new SynthFailed(`The stack could not be synthesized: ${program.lastWords}`, { actual: code });
}
