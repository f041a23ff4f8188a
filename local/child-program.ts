import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** A program of somebody else's that the local runtime needs beside it. */
export interface ChildProgram {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly workingDirectory?: string;
  /** A directory to remove once the program has ended. */
  readonly removedAfterwards?: string;
}

/** A program that ends with this process, also when that is killed. */
export class RunningProgram {
  private readonly child: ChildProcess;
  private lastWords = '';

  constructor(private readonly started: ChildProgram) {
    this.child = spawn(
      process.execPath,
      [join(__dirname, 'guard.cjs'), started.program, ...started.arguments],
      {
        cwd: started.workingDirectory,
        env: { ...process.env, ROLLCALL_REMOVED_AFTERWARDS: started.removedAfterwards ?? '' },
        stdio: ['pipe', 'pipe', 'pipe'],
        // A group of its own: Ctrl-C reaches only the runtime, which then ends its parts in order.
        detached: true,
      },
    );
    for (const output of [this.child.stdout, this.child.stderr]) {
      output?.setEncoding('utf8').on('data', (text: string) => {
        this.lastWords = (this.lastWords + text).slice(-2_000);
      });
    }
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** What it wrote last, for the message about its end. */
  get output(): string {
    return `${this.started.program}: ${this.lastWords.trim() || 'no output'}`;
  }

  async close(): Promise<void> {
    if (!this.running) return;
    const ended = once(this.child, 'exit');
    this.child.stdin?.destroy();
    await ended;
  }
}

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
