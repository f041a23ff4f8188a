import { steadyClock } from '../../client/steady-clock';
import { hours, minutes, seconds } from '../support/builders';

/** Both clocks of a machine. */
class Machine {
  monotonicMs = 5;
  wallMs = 1_767_607_200_000;
  readonly now = steadyClock(
    () => this.monotonicMs,
    () => this.wallMs,
  );

  runs(ms: number): void {
    this.monotonicMs += ms;
    this.wallMs += ms;
  }
}

test('it begins with the wall clock, and goes on as the monotonic one does', () => {
  const machine = new Machine();
  const startMs = machine.now();
  expect(startMs).toBe(machine.wallMs);
  machine.runs(minutes(1));
  expect(machine.now() - startMs).toBe(minutes(1));
});

test('given the machine sleeps and its monotonic clock with it, then the sleep is counted', () => {
  const machine = new Machine();
  const startMs = machine.now();
  machine.wallMs += hours(1);
  expect(machine.now() - startMs).toBe(hours(1));
});

test('given somebody sets the wall clock back, then it goes on all the same', () => {
  const machine = new Machine();
  const startMs = machine.now();
  machine.wallMs -= hours(3);
  machine.runs(seconds(30));
  expect(machine.now() - startMs).toBe(seconds(30));
});

test('given the two clocks tick in different steps, then asking often makes it neither faster nor slower', () => {
  const machine = new Machine();
  const startMs = machine.now();
  for (let count = 0; count < 10_000; count += 1) {
    machine.monotonicMs += 0.1;
    machine.wallMs = Math.floor(1_767_607_200_000 + machine.monotonicMs);
    machine.now();
  }
  expect(Math.abs(machine.now() - startMs - seconds(1))).toBeLessThan(2);
});
