import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** A program of somebody else's that the local runtime needs beside it. */
export interface ChildProgram {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly workingDirectory?: string;
  /** Added to the environment of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Made before the program starts; removed once it was ended, by closing it or by the end of this process. */
  readonly ownDirectory?: string;
}

/** A program that ends with this process, and with it all that it started, also when this process is killed. */
export class RunningProgram {
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;
  private written = '';

  constructor(started: ChildProgram) {
    this.child = spawn(
      process.execPath,
      [join(__dirname, 'guard.cjs'), started.program, ...started.arguments],
      {
        cwd: started.workingDirectory,
        env: {
          ...process.env,
          ...started.environment,
          ROLLCALL_OWN_DIRECTORY: started.ownDirectory ?? '',
        },
        stdio: ['pipe', 'pipe', 'pipe'],
        // A group of its own: Ctrl-C reaches only the runtime, which then ends its parts in order.
        detached: true,
      },
    );
    for (const output of [this.child.stdout, this.child.stderr]) {
      output?.setEncoding('utf8').on('data', (text: string) => {
        this.written = (this.written + text).slice(-4_000);
      });
    }
    this.ended = once(this.child, 'close').then(([code]) => code);
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** What it wrote last, for the message about its end. */
  get lastWords(): string {
    return this.written.trim() || 'no output';
  }

  async close(): Promise<void> {
    this.child.stdin?.destroy();
    await this.ended;
  }
}

/**
 * Systems take the ports of connections, and of listeners that name none, from 32768 (Linux) or 49152 (IANA) on: one of those could be
 * somebody else's by the time that a program gets to listen on it.
 */
const [lowestPort, highestPort] = [10_240, 32_767];

/** A port that nobody listens on at this moment, and that nobody is given who does not ask for it. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(lowestPort, highestPort + 1);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return true;
}
