import { ConfigurationRefused } from '../../core/errors';
import type { Invocation } from '../../local/invoke';
import { periodMs, startSchedule } from '../../local/schedule';
import { SteppedClock } from '../support/stepped-clock';
import { MemoryLog } from './memory-log';

const minute = 60_000;

describe('schedule expressions', () => {
  test.each([
    ['rate(1 minute)', minute],
    ['rate(5 minutes)', 5 * minute],
    ['rate(2 hours)', 120 * minute],
    ['rate(1 day)', 1_440 * minute],
  ])('given %s, then the period is %d ms', (expression, expected) => {
    expect(periodMs(expression)).toBe(expected);
  });

  test.each(['rate(0 minutes)', 'rate(1 second)', 'cron(0 * * * ? *)', 'rate(-1 minutes)', ''])(
    'given %p, then it is refused',
    (expression) => {
      expect(() => periodMs(expression)).toThrow(ConfigurationRefused);
    },
  );
});

/** A schedule of one minute, and when it ran. */
class ScheduleScene {
  readonly clock = new SteppedClock();
  readonly log = new MemoryLog();
  readonly runsMs: number[] = [];
  readonly schedule;

  constructor(run: () => Promise<Invocation>) {
    const startMs = this.clock.now();
    this.schedule = startSchedule({
      expression: 'rate(1 minute)',
      invoke: () => {
        this.runsMs.push(this.clock.now() - startMs);
        return run();
      },
      clock: this.clock,
      log: this.log,
    });
  }
}

const done: Invocation = { kind: 'returned', value: null };

describe('a schedule', () => {
  test('given a rate of a minute, when it starts, then it runs at once and then every minute', async () => {
    const scene = new ScheduleScene(async () => done);

    await scene.clock.advance(2.5 * minute);

    expect(scene.runsMs).toEqual([0, minute, 2 * minute]);
    await scene.schedule.stop();
  });

  test('given a run that does not end, when the next is due, then it runs beside it', async () => {
    const scene = new ScheduleScene(() => new Promise(() => {}));

    await scene.clock.advance(minute);

    expect(scene.runsMs).toEqual([0, minute]);
    await scene.schedule.stop();
  });

  test('given a run that fails, then the log says so and the next one is made', async () => {
    const scene = new ScheduleScene(async () => ({
      kind: 'failed',
      errorType: 'Error',
      errorMessage: 'boom',
    }));

    await scene.clock.advance(minute);

    expect(scene.log.errors).toEqual([
      'A scheduled run failed: Error: boom',
      'A scheduled run failed: Error: boom',
    ]);
    await scene.schedule.stop();
  });

  test('given a machine that slept for an hour, when it wakes, then missed runs are not made up for', async () => {
    const scene = new ScheduleScene(async () => done);
    await scene.clock.advance(0);

    scene.clock.skip(60.5 * minute);
    await scene.clock.advance(minute);

    expect(scene.runsMs).toEqual([0, 60.5 * minute, 61 * minute]);
    await scene.schedule.stop();
  });

  test('given a schedule that is stopped, when time goes on, then nothing runs any more', async () => {
    const scene = new ScheduleScene(async () => done);
    await scene.clock.advance(0);

    await scene.schedule.stop();
    await scene.clock.advance(10 * minute);

    expect(scene.runsMs).toEqual([0]);
  });

  test('given a run is under way when it is stopped, when its function is taken away, then nothing is said', async () => {
    let takeAway: (invocation: Invocation) => void = () => {};
    const underWay = new Promise<Invocation>((resolve) => {
      takeAway = resolve;
    });
    const scene = new ScheduleScene(() => underWay);
    await scene.clock.advance(0);

    await scene.schedule.stop();
    takeAway({ kind: 'failed', errorType: 'Runtime.ExitError', errorMessage: 'closed' });
    await scene.clock.advance(minute);

    expect(scene.log.errors).toEqual([]);
  });
});
