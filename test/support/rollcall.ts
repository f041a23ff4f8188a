import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killAll, type Process, processesWith, processorMs, signal } from './processes';
import { Reached } from './reached';
import { until, within } from './waiting';

export type { Answer, Claim } from './reached';

/** How tests speak of a start. */
export interface StartWords {
  /** Facilities of the demo fleet; none by default. */
  readonly fleet?: number;
  readonly tick?: number;
  readonly data?: string;
  /** A file with settings of the stack; those of cdk.json by default. */
  readonly settings?: string;
  /** A free one by default. */
  readonly port?: number;
  /** By npm, as whoever reads the README does; by default what npm would run. */
  readonly by?: 'npm' | 'node';
  /** Prints what the functions log. */
  readonly verbose?: boolean;
  /** Synthesizes the stack although an earlier start may have done so. */
  readonly synthesizes?: boolean;
}

const root = join(__dirname, '..', '..');
/** Generous: how long a start takes is for a test to judge, not for whoever waits for it. */
const startTimeoutMs = 60_000;
const endTimeoutMs = 10_000;
const cacheName = 'cache';

/** The local runtime, started as a process of its own, with a directory of its own for temporary files. */
export class Rollcall extends Reached {
  /** How long the start took; on a machine that is busy with other things, how long it had a processor for that. */
  readyMs = 0;
  port = 0;
  private output = '';
  private readonly exited: Promise<number | null>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly mark: string,
    /** Where it may leave temporary files. */
    private readonly temporary: string,
  ) {
    super();
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    }
    this.exited = once(child, 'exit').then(([code]) => code);
  }

  /** Starts it and waits until it says that it is live. */
  static async start(words: StartWords = {}): Promise<Rollcall> {
    const startedMs = Date.now();
    const rollcall = Rollcall.launch(words);
    try {
      rollcall.port = await rollcall.untilLive();
    } catch (error) {
      await rollcall.close();
      throw error;
    }
    rollcall.readyMs = Math.min(Date.now() - startedMs, processorMs(rollcall.processes));
    return rollcall;
  }

  /** Starts it only. */
  static launch(words: StartWords = {}): Rollcall {
    const { fleet = 0, tick = 1, data, settings, port = 0, by = 'node', verbose, synthesizes } = words;
    const options = ['--port', port, '--fleet', fleet, '--tick', tick];
    if (data) options.push('--data', data);
    if (settings) options.push('--settings', settings);
    const temporary = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
    const run = randomUUID();
    const { NODE_ENV: _, JEST_WORKER_ID: __, ...environment } = process.env;
    const [program, ...command] =
      by === 'npm' ? ['npm', 'start', '--'] : [process.execPath, '--import', 'tsx', 'local/main.ts'];
    const wishes = {
      ...(verbose && { ROLLCALL_VERBOSE: '1' }),
      ...(synthesizes && { ROLLCALL_CACHE: join(temporary, cacheName) }),
    };
    const child = spawn(program ?? '', [...command, ...options.map(String)], {
      cwd: root,
      env: { ...environment, ...wishes, TMPDIR: temporary, ROLLCALL_TEST_RUN: run },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new Rollcall(child, `ROLLCALL_TEST_RUN=${run}`, temporary);
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  /** Of the one process that was started. */
  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Everything that it printed, both streams together. */
  get printed(): string {
    return this.output;
  }

  /** What of it runs, including what has lost its parent. */
  get processes(): readonly Process[] {
    return processesWith(this.mark);
  }

  /** Temporary files that it has on the disk; those of the loader that runs TypeScript are not its own. */
  get temporaryFiles(): readonly string[] {
    return [
      ...readdirSync(this.temporary).filter((name) => !/^(tsx-|node-compile-cache)/.test(name)),
      ...this.assemblies,
    ].filter((name) => name !== cacheName);
  }

  /** What it has synthesized or is about to. */
  get assemblies(): readonly string[] {
    const shelf = join(this.temporary, cacheName, 'assemblies');
    return existsSync(shelf) ? readdirSync(shelf) : [];
  }

  /** Sends a signal to the one process that was started, not to its group. */
  signal(name: NodeJS.Signals): void {
    signal(this.child.pid ?? 0, name);
  }

  /** Kills everything that was started, whatever it is, in one go. */
  async killEverything(): Promise<void> {
    killAll(this.processes);
    await this.untilGone();
  }

  /** @returns the exit code; null when a signal ended it */
  async end(): Promise<number | null> {
    return await within(endTimeoutMs, 'the end of the process', this.exited);
  }

  async untilGone(): Promise<void> {
    await until(endTimeoutMs, 'the end of all processes', () => this.processes.length === 0 || undefined);
  }

  /** Cleans up after a test, however it ended. @throws when a function did what its permissions do not allow */
  async close(): Promise<void> {
    await this.killEverything();
    rmSync(this.temporary, { recursive: true, force: true });
    const [refused] = /^AWS would refuse this.*$/m.exec(this.output) ?? [];
    if (refused !== undefined) throw new Error(refused);
  }

  private async untilLive(): Promise<number> {
    const live = new Promise<number>((resolve, reject) => {
      this.child.stdout?.on('data', () => {
        const [, port] = /^Rollcall is live at http:\/\/localhost:(\d+)$/m.exec(this.output) ?? [];
        if (port !== undefined) resolve(Number(port));
      });
      void this.exited.then((code) => reject(new Error(`it ended with ${code}: ${this.output}`)));
    });
    return await within(startTimeoutMs, 'the line that it is live', live);
  }
}
