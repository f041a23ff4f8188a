import { ConfigurationRefused } from '../core/errors';
import type { Clock, Log } from '../core/ports';
import type { Invocation, Invoke } from './invoke';
import { Pauses } from './pauses';

const unitsMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/**
 * Period of a schedule expression of EventBridge Scheduler, in milliseconds.
 * @throws ConfigurationRefused for anything but `rate(…)`, which is all that a local run needs.
 */
export function periodMs(expression: string): number {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const period = Number(count) * unitsMs[unit as keyof typeof unitsMs];
  if (period > 0) return period;
  throw new ConfigurationRefused(`The schedule ${expression} cannot run locally; use rate(<n> minutes).`, {
    actual: expression,
    expected: 'rate(<n> minutes|hours|days)',
  });
}

export interface ScheduleOptions {
  /** Such as `rate(1 minute)`. */
  readonly expression: string;
  readonly invoke: Invoke;
  readonly clock: Clock;
  readonly log: Log;
}

/** A running schedule. */
export interface Schedule {
  /** Starts no more runs; one that is under way goes on, and nobody is told how it ended. */
  stop(): Promise<void>;
}

/**
 * Invokes at once and then each period, whether or not the run before has ended; failed runs are not repeated. EventBridge
 * Scheduler would fire anywhere within the minute.
 * @throws ConfigurationRefused for an expression that is not a rate.
 */
export function startSchedule({ expression, invoke, clock, log }: ScheduleOptions): Schedule {
  const everyMs = periodMs(expression);
  const pauses = new Pauses(clock);
  const report = (invocation: Invocation): void => {
    // Stopping takes the function away from a run that is under way; nothing has failed then.
    if (!pauses.over) reportFailure(invocation, log);
  };
  const running = repeat(() => void invoke({}).then(report), everyMs, clock, pauses);
  return {
    stop: () => {
      pauses.end();
      return running;
    },
  };
}

/** Counts from the start, so that runs do not drift; those that a sleeping machine missed are not made up for. */
async function repeat(work: () => void, everyMs: number, clock: Clock, pauses: Pauses): Promise<void> {
  for (let dueMs = clock.now(); !pauses.over; dueMs += everyMs * periodsOver(clock.now() - dueMs, everyMs)) {
    await pauses.pause(dueMs - clock.now());
    if (!pauses.over) work();
  }
}

const periodsOver = (lateMs: number, everyMs: number): number => Math.floor(lateMs / everyMs) + 1;

function reportFailure(invocation: Invocation, log: Log): void {
  switch (invocation.kind) {
    case 'returned':
      return;
    case 'failed':
      log.error('A scheduled run failed', `${invocation.errorType}: ${invocation.errorMessage}`);
      return;
    case 'throttled':
      log.error('A scheduled run was throttled', invocation.kind);
  }
}
