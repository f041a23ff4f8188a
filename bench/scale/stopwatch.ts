import type { Stage } from '../../lib/stage';

/** What a stage has used of this machine. */
export interface Used {
  readonly cpuMs: number;
  readonly invocations: number;
  readonly longestMs: number;
}

const nothing: Used = { cpuMs: 0, invocations: 0, longestMs: 0 };

/** Processor time by stage; everything runs one after the other, so that what was used meanwhile is the stage's. */
export class Stopwatch {
  private readonly used = new Map<Stage, Used>();

  /** @returns what `work` returns, and the processor time that it took */
  async time<T>(
    stage: Stage,
    work: () => Promise<T>,
  ): Promise<{ readonly result: T; readonly cpuMs: number }> {
    const before = process.cpuUsage();
    const result = await work();
    const { user, system } = process.cpuUsage(before);
    const cpuMs = (user + system) / 1_000;
    const { cpuMs: sum, invocations, longestMs } = this.of(stage);
    this.used.set(stage, {
      cpuMs: sum + cpuMs,
      invocations: invocations + 1,
      longestMs: Math.max(longestMs, cpuMs),
    });
    return { result, cpuMs };
  }

  of(stage: Stage): Used {
    return this.used.get(stage) ?? nothing;
  }
}
