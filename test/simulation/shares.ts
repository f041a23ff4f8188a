import { type ChildProcess, fork } from 'node:child_process';
import { RollcallError } from '../../core/errors';
import type { SimulateOptions } from './options';
import { type Outcome, simulate } from './simulation';

/** So many seeds at once: few enough that all processes end at about the same time. */
const largestShare = 250;
const seedsBetweenNotes = 5_000;
/** A world is garbage a moment later: with room for it, and nobody else collecting it meanwhile, a run takes a fifth less. */
const flags = ['--min-semi-space-size=64', '--max-semi-space-size=64', '--single-threaded-gc'];

/** What a process is told to run. */
export interface Share extends Pick<SimulateOptions, 'from' | 'seeds' | 'faults' | 'stop'> {}

/** What came of a share. */
interface Done {
  readonly seeds: number;
  readonly failed: readonly Outcome[];
}

/** Runs all seeds of a share, with `stop` until one fails. */
export async function run({ from, seeds, faults, stop }: Share): Promise<Done> {
  const failed: Outcome[] = [];
  for (let seed = from; seed < from + seeds; seed += 1) {
    const outcome = await simulate(seed, faults && { faults });
    if (outcome.violations.length > 0) failed.push(outcome);
    if (stop && failed.length > 0) break;
  }
  return { seeds, failed };
}

/** Shared out among processes, since one uses a single processor. Resolves with what failed, by seed. */
export async function sharedOut(program: string, options: SimulateOptions): Promise<readonly Outcome[]> {
  const shares = sharesOf(options);
  const progress = new Progress(options.seeds);
  const workers = Math.min(options.processes, shares.length);
  await Promise.all(Array.from({ length: workers }, () => work(program, shares, options.stop, progress)));
  return progress.failed.toSorted((one, other) => one.seed - other.seed);
}

function sharesOf({ from, seeds, faults, stop, processes }: SimulateOptions): Share[] {
  const size = Math.min(largestShare, Math.ceil(seeds / (4 * processes)));
  return Array.from({ length: Math.ceil(seeds / size) }, (_, index) => {
    const done = index * size;
    return { from: from + done, seeds: Math.min(size, seeds - done), faults, stop };
  });
}

/** One process, which takes the next share whenever it is done with one. */
async function work(program: string, shares: Share[], stop: boolean, progress: Progress): Promise<void> {
  const child = fork(program, { execArgv: flags });
  try {
    for (let share = shares.shift(); share !== undefined; share = shares.shift()) {
      progress.add(await answered(child, share));
      if (stop && progress.failed.length > 0) shares.length = 0;
    }
  } finally {
    child.kill();
  }
}

function answered(child: ChildProcess, share: Share): Promise<Done> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void =>
      reject(
        new RollcallError('a simulating process ended', {
          actual: `${code}, at the seeds from ${share.from} on`,
        }),
      );
    child.once('exit', ended);
    child.once('message', (done) => {
      child.off('exit', ended);
      resolve(done as Done);
    });
    child.send(share);
  });
}

/** What a long run says on the way. */
class Progress {
  readonly failed: Outcome[] = [];
  private done = 0;

  constructor(private readonly seeds: number) {}

  add({ seeds, failed }: Done): void {
    const notes = Math.floor(this.done / seedsBetweenNotes);
    this.done += seeds;
    this.failed.push(...failed);
    for (const { seed, violations } of failed) console.error(`Seed ${seed}: ${violations[0]?.invariant}`);
    if (this.done < this.seeds && Math.floor(this.done / seedsBetweenNotes) > notes) {
      console.error(`${this.done} of ${this.seeds} seeds, ${this.failed.length} failed`);
    }
  }
}
