import { RollcallError } from '../core/errors';
import type { Invocation, Invoke } from './invoke';
import { LambdaCopy } from './lambda-copy';
import {
  type FunctionIdentity,
  functionArn,
  functionContext,
  functionEnvironment,
} from './lambda-environment';

/** A deployed function: its bundle and its settings. */
export interface FunctionOptions {
  readonly name: string;
  /** Holds the bundle, a CommonJS module with everything in it. */
  readonly directory: string;
  /** `<file>.<export>`, such as `index.handler`; an async function of event and context. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Most copies at once. */
  readonly concurrency: number;
  /** Takes each line that the function writes to stdout or stderr. */
  readonly log: (line: string) => void;
  /** What becomes of an invocation while every copy is busy; `queue` by default. */
  readonly whenBusy?: 'queue' | 'throttle';
  /** Told to the function, not enforced; 128 by default, as with Lambda. */
  readonly memoryMb?: number;
  /** Called when a copy starts. */
  readonly onStart?: () => void;
  /** Called at the start of each invocation. */
  readonly onInvoke?: () => void;
}

/** A function whose code cannot be loaded. */
export class FunctionDidNotStart extends RollcallError {}

/** A copy, or none since all are busy and nobody waits, or none ever again. */
type Claim = LambdaCopy | 'busy' | 'closed';

/**
 * Runs a function's unmodified bundle in worker threads, one invocation at a time in each. Unlike with Lambda, a copy is
 * not frozen between invocations, and all share one process and its memory.
 */
export class LambdaFunction {
  readonly arn: string;
  private readonly identity: FunctionIdentity;
  private readonly all = new Set<LambdaCopy>();
  private readonly idle: LambdaCopy[] = [];
  private readonly waiting: ((claim: Claim) => void)[] = [];
  private closed = false;
  private retired = false;

  constructor(private readonly options: FunctionOptions) {
    this.identity = { memoryMb: 128, ...options };
    this.arn = functionArn(this.identity);
  }

  /** How many copies run, busy or not. */
  get copies(): number {
    return this.all.size;
  }

  /** Runs the handler with a copy of the event, in a copy of the function that is free. */
  readonly invoke: Invoke = async (event) => {
    const copy = await this.claim();
    if (copy === 'busy') return { kind: 'throttled' };
    if (copy === 'closed') return gone(this.options.name);
    this.options.onInvoke?.();
    const outcome = await this.runIn(copy, event);
    this.release(copy);
    return outcome;
  };

  /**
   * Starts one copy, unless there is one, and waits until its code is loaded.
   * @throws FunctionDidNotStart when it cannot be.
   */
  async warm(): Promise<void> {
    if (this.all.size > 0 || this.closed) return;
    const copy = this.startCopy();
    const failure = await copy.started;
    this.release(copy);
    if (failure === undefined) return;
    const { errorType, errorMessage } = failure;
    throw new FunctionDidNotStart(`${this.options.name} did not start: ${errorType}: ${errorMessage}`);
  }

  /** Ends all copies at once; what they had in hand fails as after a crash. The next invocation starts a new copy. */
  kill(): void {
    for (const copy of [...this.all]) void copy.terminate('killed');
  }

  /** Ends each copy as soon as it has nothing in hand; whoever calls this sends no more invocations. */
  retire(): void {
    this.retired = true;
    for (const copy of this.idle.splice(0)) void copy.terminate('replaced');
  }

  /** Ends all copies and takes no more invocations. */
  async close(): Promise<void> {
    this.closed = true;
    for (const resolve of this.waiting.splice(0)) resolve('closed');
    await Promise.all([...this.all].map((copy) => copy.terminate('closed')));
  }

  private async runIn(copy: LambdaCopy, event: unknown): Promise<Invocation> {
    const failure = await copy.started;
    return failure ?? copy.run(JSON.stringify(event ?? null), this.options.timeoutMs);
  }

  private claim(): Claim | Promise<Claim> {
    if (this.closed) return 'closed';
    const idle = this.idle.pop();
    if (idle !== undefined) return idle;
    if (this.all.size < this.options.concurrency) return this.startCopy();
    if (this.options.whenBusy === 'throttle') return 'busy';
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private startCopy(): LambdaCopy {
    const { directory, handler, log, onStart } = this.options;
    onStart?.();
    const copy = new LambdaCopy({
      directory,
      handler,
      environment: functionEnvironment(this.identity),
      context: functionContext(this.identity),
      log,
      onEnd: (ended) => this.forget(ended),
    });
    this.all.add(copy);
    return copy;
  }

  private release(copy: LambdaCopy): void {
    if (!copy.alive) return;
    const next = this.waiting.shift();
    if (next !== undefined) next(copy);
    else if (this.retired) void copy.terminate('replaced');
    else this.idle.push(copy);
  }

  /** The place of a copy that has ended goes to whoever waits longest. */
  private forget(copy: LambdaCopy): void {
    this.all.delete(copy);
    const position = this.idle.indexOf(copy);
    if (position !== -1) this.idle.splice(position, 1);
    if (!this.closed) this.waiting.shift()?.(this.startCopy());
  }
}

const gone = (name: string): Invocation => ({
  kind: 'failed',
  errorType: 'ResourceNotFoundException',
  errorMessage: `Function not found: ${name}`,
});
