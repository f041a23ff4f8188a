import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inspect } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { Invocation } from './invoke';

/** One copy of a function, with an environment and a context of its own. */
export interface CopyOptions {
  readonly directory: string;
  readonly handler: string;
  /** All that the copy sees in `process.env`. */
  readonly environment: Readonly<Record<string, string>>;
  /** What is the same in the context of every invocation. */
  readonly context: object;
  readonly log: (line: string) => void;
  /** Called once, when the copy has ended for whatever reason. */
  readonly onEnd: (copy: LambdaCopy) => void;
}

type Failure = Extract<Invocation, { kind: 'failed' }>;

/** What the worker says: that it is ready, or how an invocation ended. */
type Answer = Failure | { readonly kind: 'ready' } | { readonly kind: 'returned'; readonly json: string };

/** Lambda gives a function ten seconds to start (Lambda guide, "Understanding the execution environment lifecycle"). */
const initTimeoutMs = 10_000;

/** A function in a worker thread. Runs one invocation at a time; ends with the first that takes too long. */
export class LambdaCopy {
  /** `undefined` once the handler is loaded, or why it could not be. */
  readonly started: Promise<Failure | undefined>;
  private readonly worker: Worker;
  private readonly terminated: Promise<void>;
  private ended = false;
  private answered: ((answer: Answer) => void) | undefined;

  constructor(private readonly options: CopyOptions) {
    const { directory, handler, environment, context } = options;
    this.worker = new Worker(join(__dirname, 'lambda-worker.cjs'), {
      workerData: { directory, handler, context },
      env: { ...environment },
      // The loader and the flags of this process are not the function's.
      execArgv: [],
      stdout: true,
      stderr: true,
    });
    this.logLines();
    this.terminated = this.observe();
    this.started = this.start();
  }

  get alive(): boolean {
    return !this.ended;
  }

  /**
   * Runs the handler; never rejects.
   * @param event JSON.
   */
  async run(event: string, timeoutMs: number): Promise<Invocation> {
    const requestId = randomUUID();
    const answer = this.answer(timeoutMs, () => timedOut(requestId, timeoutMs));
    this.worker.postMessage({ event, requestId, deadlineMs: Date.now() + timeoutMs });
    const ended = await answer;
    switch (ended.kind) {
      case 'returned':
        return { kind: 'returned', value: JSON.parse(ended.json) };
      case 'failed':
        return ended;
      case 'ready':
        return exited('it was ready twice');
    }
  }

  /** Ends the thread, wherever it is, as a crash does. Resolves when it is gone. */
  async terminate(why = 'terminated'): Promise<void> {
    this.end(exited(why));
    await this.worker.terminate();
    await this.terminated;
  }

  private async start(): Promise<Failure | undefined> {
    const answer = await this.answer(initTimeoutMs, () => timedOut('init', initTimeoutMs));
    if (answer.kind !== 'failed') return undefined;
    this.end(answer);
    await this.worker.terminate();
    return answer;
  }

  /** The one answer that the copy owes: from the thread, from the clock, or from its death. */
  private answer(timeoutMs: number, late: () => Failure): Promise<Answer> {
    if (this.ended) return Promise.resolve(exited('it has ended'));
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.end(late());
        void this.worker.terminate();
      }, timeoutMs);
      this.answered = (answer) => {
        clearTimeout(timer);
        this.answered = undefined;
        resolve(answer);
      };
    });
  }

  private observe(): Promise<void> {
    this.worker.on('message', (answer: Answer) => this.answered?.(answer));
    this.worker.on('error', (thrown: unknown) => {
      this.options.log(inspect(thrown));
      this.end(exited(String(thrown)));
    });
    return new Promise((resolve) => {
      this.worker.once('exit', (code) => {
        this.end(exited(`exit status ${code}`));
        resolve();
      });
    });
  }

  private end(answer: Failure): void {
    if (this.ended) return;
    this.ended = true;
    this.answered?.(answer);
    this.options.onEnd(this);
  }

  private logLines(): void {
    for (const input of [this.worker.stdout, this.worker.stderr]) {
      createInterface({ input }).on('line', this.options.log);
    }
  }
}

const exited = (why: string): Failure => ({
  kind: 'failed',
  errorType: 'Runtime.ExitError',
  errorMessage: `Runtime exited with error: ${why}`,
});

const timedOut = (requestId: string, timeoutMs: number): Failure => ({
  kind: 'failed',
  errorType: 'Sandbox.Timedout',
  errorMessage: `RequestId: ${requestId} Error: Task timed out after ${(timeoutMs / 1_000).toFixed(2)} seconds`,
});
